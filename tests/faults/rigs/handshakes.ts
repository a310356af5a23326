/**
 * Handshakes of strangers: names that a rebinding DNS would give FlowZone, pages of other origins,
 * requests that are not whole, and tokens that are used, forgotten or somebody's guess. None may be let
 * in, and all that belong here must be: this computer under its own name, and a paired device.
 */
import { join } from 'node:path';
import type { Json } from '../../judge/client.ts';
import type { Product } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import { STEREO, writeCodedInput } from '../judge/coded.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { killAll, RATE, startLife } from '../stand/lives.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { forgetDevice, lanHosts, pairDevice, type PairedDevice } from '../stand/paired-devices.ts';
import { tryPairing } from '../stand/try-pairing.ts';
import { headOf, sayRaw, upgradeLines } from '../stand/raw-client.ts';

interface Handshake {
  /** Null = the line is left out. */
  readonly host: string | null;
  readonly origin: string | null;
  readonly cookie?: string;
  readonly isGood: boolean;
}

const NAMES = ['127.0.0.1', 'localhost'];

const good = (port: string): Handshake[] => {
  const hosts = NAMES.map((name) => `${name}:${port}`);
  const pages = hosts.map((host) => `http://${host}`);
  return [
    ...hosts.map((host) => ({ host, origin: null, isGood: true })),
    ...hosts.flatMap((host) => pages.map((origin) => ({ host, origin, isGood: true }))),
    { host: `LOCALHOST:${port}`, origin: null, isGood: true },
  ];
};

/** Names that lead to this computer when somebody else's DNS says so, and look-alikes of ours. */
const foreignHosts = (port: string): (string | null)[] => [
  null,
  '',
  `evil.example:${port}`,
  'evil.example',
  `127.0.0.1.evil.example:${port}`,
  `localhost.evil.example:${port}`,
  `localhost.:${port}`,
  `127.0.0.2:${port}`,
  `0.0.0.0:${port}`,
  `[::1]:${port}`,
  `127.1:${port}`,
  `2130706433:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  '127.0.0.1',
  `127.0.0.1:${Number(port) + 1}`,
  `127.0.0.1:${port}, evil.example`,
  `user@127.0.0.1:${port}`,
];

const foreignOrigins = (port: string): string[] => [
  'http://evil.example',
  `http://evil.example:${port}`,
  `http://127.0.0.1:${port}.evil.example`,
  `http://127.0.0.1:${Number(port) + 1}`,
  'http://127.0.0.1',
  `https://127.0.0.1:${port}`,
  `ws://127.0.0.1:${port}`,
  'null',
  '',
  'file://',
];

const bad = (port: string): Handshake[] => [
  ...foreignHosts(port).map((host) => ({ host, origin: null, isGood: false })),
  // The page that rebound its own name sends that name twice.
  { host: `evil.example:${port}`, origin: `http://evil.example:${port}`, isGood: false },
  ...foreignOrigins(port).map((origin) => ({ host: `127.0.0.1:${port}`, origin, isGood: false })),
];

interface Network {
  readonly handshakes: readonly Handshake[];
  /** None without a network. */
  readonly names: readonly string[];
  /** Of pairings that are over. */
  readonly devices: readonly PairedDevice[];
}

/** The network's side of the same port: under each of its names, with each kind of token. */
const ofNetwork = async (product: Product): Promise<Network> => {
  const hosts = await lanHosts(product);
  const [first] = hosts;
  if (first === undefined) return { handshakes: [], names: [], devices: [] };
  const { host: own, port } = new URL(product.url);
  const [device, forgotten] = [await pairDevice(product, first), await pairDevice(product, first)];
  await forgetDevice(product, forgotten);
  const { cookie } = device;
  const name = cookie.split('=')[0] ?? '';
  const badCookies = [
    forgotten.cookie,
    `${name}=${device.token}`,
    `${name}=${device.clientId}`,
    `${name}=`,
    cookie.slice(0, -1),
    `${cookie}A`,
    cookie.replace(name, 'flowzone-1'),
  ];
  const isGood = true;
  const handshakes = hosts.flatMap((host): Handshake[] => [
    { host, origin: null, cookie, isGood },
    ...hosts.map((each) => ({ host, origin: `http://${each}`, cookie, isGood })),
    { host, origin: null, isGood: false },
    { host, origin: `http://${host}`, isGood: false },
    ...badCookies.map((each) => ({ host, origin: `http://${host}`, cookie: each, isGood: false })),
    // Who takes our name on the network may not speak as this computer, nor the other way round.
    { host: own, origin: `http://${host}`, cookie, isGood: false },
    { host, origin: `http://${own}`, cookie, isGood: false },
    ...foreignOrigins(port).map((origin) => ({ host, origin, cookie, isGood: false })),
    { host: `evil.example:${port}`, origin: `http://${host}`, cookie, isGood: false },
    { host: `${host}.`, origin: null, cookie, isGood: false },
  ]);
  return { handshakes, names: hosts, devices: [device, forgotten] };
};

const headLines = (kind: 'ws' | 'post', { cookie, host, origin }: Handshake, body: string) => {
  const lines = kind === 'ws' ? upgradeLines('') : ['POST /api/commands HTTP/1.1', ''];
  return [
    ...lines.filter((line) => line !== '' && !line.startsWith('Host:')),
    ...(host === null ? [] : [`Host: ${host}`]),
    ...(origin === null ? [] : [`Origin: ${origin}`]),
    ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
    ...(kind === 'post' ? [`Content-Length: ${body.length}`] : []),
  ];
};

const enough = (told: string): boolean => told.includes('\r\n\r\n');

/** Whether the door opened: an upgrade, or a command that was heard. */
const isLetIn = async (
  url: string,
  kind: 'ws' | 'post',
  handshake: Handshake,
): Promise<boolean> => {
  const body = kind === 'post' ? '{"cmd":"SET_LOOP_BARS","bars":8}' : '';
  const told = await sayRaw(url, headOf(headLines(kind, handshake, body)) + body, { enough });
  return /^HTTP\/1\.1 (101|200)/.test(told);
};

const shuffled = <T>(values: readonly T[], random: () => number): T[] =>
  values
    .map((value) => ({ value, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);

const openDoors = async (env: Readonly<Record<string, string>>): Promise<RigSession> => {
  const home = makeDiskFolder();
  const input = join(home, 'input.wav');
  writeCodedInput(input, STEREO, RATE);
  const product = await startLife(join(home, 'data'), input, { env, more: ['--lan'] });
  const { url } = product;
  const { port } = new URL(url);
  const network = await ofNetwork(product);
  const barsNow = async () => (await product.json<Json>('/api/state')).data.transport.loopBars;

  const trial = async (seed: number): Promise<TrialResult> => {
    const faults: string[] = [];
    const counts = { goodIn: 0, goodRefused: 0, badIn: 0, badRefused: 0 };
    for (const handshake of shuffled(
      [...good(port), ...bad(port), ...network.handshakes],
      makeRandom(seed),
    )) {
      const { cookie, host, isGood, origin } = handshake;
      const before = await barsNow();
      for (const kind of ['ws', 'post'] as const) {
        const isIn = await isLetIn(url, kind, handshake);
        counts[`${isGood ? 'good' : 'bad'}${isIn ? 'In' : 'Refused'}`] += 1;
        if (isIn !== isGood)
          faults.push(
            `${kind}: Host ${host}, Origin ${origin}, ${cookie}: ${isIn ? 'let in' : 'refused'}`,
          );
      }
      if (!isGood && (await barsNow()) !== before)
        faults.push(`Host ${host}, Origin ${origin} changed the state`);
      const back = await product.get('/api/commands', {
        method: 'POST',
        body: '{"cmd":"SET_LOOP_BARS","bars":4}',
      });
      if (!back.ok) faults.push('the player was refused');
    }
    for (const name of network.names) {
      const pairing = await tryPairing(product, name, network.devices);
      faults.push(...pairing.faults);
      counts.goodIn += pairing.goodIn;
      counts.badRefused += pairing.badRefused;
    }
    return { faults, counts };
  };

  return {
    trial,
    async close() {
      const exit = await product.stop();
      await killAll(product);
      removeDiskFolder(home);
      return exit === 0 ? [] : [`it ended with ${exit}`];
    },
  };
};

/** @param env Of a FlowZone that is broken on purpose. */
export const handshakes = (env: () => Readonly<Record<string, string>> = () => ({})): Rig => ({
  missing: () => null,
  open: () => openDoors(env()),
});
