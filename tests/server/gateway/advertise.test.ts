/** The name on the network, asked for as another computer would: with a question by multicast. */
import { afterEach, describe, expect, test } from 'bun:test';
import { createSocket } from 'node:dgram';
import { Bonjour, type Service } from 'bonjour-service';
import type { LanPlace } from '../../../server/lan.ts';
import { lanAddresses, lanName, lanUrls } from '../../../server/lan.ts';
import { type Advertisement, advertise } from '../../../server/gateway/pairing/advertise.ts';

const open: Advertisement[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.stop();
});

const logged: string[] = [];
const tell = (place: LanPlace, port: number): Advertisement => {
  const told = advertise({ place, port, log: (level, event) => logged.push(`${level}: ${event}`) });
  open.push(told);
  return told;
};

const HAS_NETWORK = lanAddresses().length > 0;

describe('the name on the network', () => {
  test.skipIf(!HAS_NETWORK)('is found, with host, port and path', async () => {
    const port = 20_000 + (process.pid % 20_000);
    await tell({ addresses: () => lanAddresses(), name: 'flowzone-test.local' }, port).begun;
    const asker = new Bonjour();
    const found = await new Promise<Service>((done) => {
      asker.find({ type: 'http' }, (service) => {
        if (service.port === port) done(service);
      });
    });
    asker.destroy();
    expect(found).toMatchObject({
      name: `FlowZone on flowzone-test (${port})`,
      host: 'flowzone-test.local',
      txt: { path: '/' },
    });
    expect(logged).toEqual([]);
  });

  test('a port that another program keeps for itself costs the name alone', async () => {
    const keeper = createSocket({ type: 'udp4' });
    const isKept = await new Promise<boolean>((done) => {
      keeper.once('error', () => done(false));
      keeper.bind({ port: 5353, exclusive: true }, () => done(true));
    });
    await tell({ addresses: () => [], name: null }, 4800).begun;
    if (isKept) expect(logged).toEqual(['warn: not told to the network']);
    if (isKept) keeper.close();
  });
});

const entry = (address: string, more: object = {}) => ({
  address,
  family: 'IPv4' as const,
  internal: false,
  netmask: '255.255.255.0',
  mac: '02:00:00:00:00:01',
  cidr: null,
  ...more,
});

describe('where phones find this computer', () => {
  test('real networks first; not itself, not what no phone can type', () => {
    const found = lanAddresses({
      lo: [entry('127.0.0.1', { internal: true })],
      docker0: [entry('172.17.0.1')],
      en1: [entry('169.254.3.4')],
      en0: [entry('192.168.1.5'), { ...entry('fe80::1'), family: 'IPv6', scopeid: 1 }],
    });
    expect(found).toEqual(['192.168.1.5', '172.17.0.1', '169.254.3.4']);
  });

  test.each([
    ['studio', 'studio.local'],
    ['Anas-Mac.fritz.box', 'anas-mac.local'],
    ['localhost', null],
    ['', null],
    ['-x', null],
    ['a b', null],
    ['x'.repeat(64), null],
  ])('the computer %p is %p', (host, name) => {
    expect(lanName(host)).toBe(name);
  });

  test('addresses come before the name, which not every phone knows', () => {
    const place = { addresses: () => ['192.168.1.5'], name: 'studio.local' };
    expect(lanUrls(place, 4800)).toEqual(['http://192.168.1.5:4800', 'http://studio.local:4800']);
  });
});
