/** Row 28 of the fault table: every Host, Origin and token from either side, at each kind of door. */
import { expect, test } from 'bun:test';
import { answerOk } from './support/fake-engine.ts';
import { LAN_ADDRESS, LAN_NAME, type LanStage, useLanStages } from './support/lan-stage.ts';
import { askRaw, codeOf, UPGRADE } from './support/raw-asker.ts';

const setStage = useLanStages();

/** Whose name it is. */
type World = 'computer' | 'network' | 'foreign';
type Named = readonly [text: string | null, world: World | 'none'];

const hostsOf = (port: number): Named[] => [
  [`127.0.0.1:${port}`, 'computer'],
  [`localhost:${port}`, 'computer'],
  [`${LAN_ADDRESS}:${port}`, 'network'],
  [`${LAN_NAME}:${port}`, 'network'],
  [`ROOM.Local:${port}`, 'network'],
  // A rebinding DNS leads these to us.
  [`evil.example:${port}`, 'foreign'],
  [`${LAN_NAME}.evil.example:${port}`, 'foreign'],
  [`${LAN_NAME}.:${port}`, 'foreign'],
  [LAN_NAME, 'foreign'],
  [`${LAN_NAME}:${port + 1}`, 'foreign'],
  [`127.0.0.3:${port}`, 'foreign'],
  [`0.0.0.0:${port}`, 'foreign'],
  [`[::1]:${port}`, 'foreign'],
  ['', 'foreign'],
];

const originsOf = (port: number): Named[] => [
  [null, 'none'],
  [`http://127.0.0.1:${port}`, 'computer'],
  [`http://localhost:${port}`, 'computer'],
  [`http://${LAN_ADDRESS}:${port}`, 'network'],
  [`http://${LAN_NAME}:${port}`, 'network'],
  [`https://${LAN_NAME}:${port}`, 'foreign'],
  [`http://${LAN_NAME}:${port + 1}`, 'foreign'],
  [`http://${LAN_NAME}`, 'foreign'],
  [`http://evil.example:${port}`, 'foreign'],
  ['null', 'foreign'],
  ['', 'foreign'],
];

interface Token {
  readonly what: string;
  readonly cookie: string | null;
  readonly isGood: boolean;
}

/** One that is good, and all that only look like it. */
const tokensOf = async (stage: LanStage): Promise<Token[]> => {
  const [good, forgotten] = [await stage.phone(), await stage.phone()];
  const spent = await stage.offer();
  await stage.pair({ token: spent.token });
  await stage.forget(forgotten.clientId);
  const [name = '', secret = ''] = good.cookie.split('=');
  const bad = (what: string, cookie: string | null) => ({ what, cookie, isGood: false });
  return [
    { what: 'its own', cookie: good.cookie, isGood: true },
    { what: 'its own among others', cookie: `a=b; ${name}=x; ${good.cookie}; c`, isGood: true },
    bad('none', null),
    bad('forgotten', forgotten.cookie),
    bad('one-time token', `${name}=${spent.token}`),
    bad('cut short', good.cookie.slice(0, -1)),
    bad('too long', `${good.cookie}A`),
    bad('under another port', `flowzone-1=${secret}`),
    bad('its id', `${name}=${good.clientId}`),
    bad('empty', `${name}=`),
  ];
};

const DOORS = {
  socket: [...UPGRADE],
  command: ['POST /api/commands HTTP/1.1'],
  state: ['GET /api/state HTTP/1.1'],
} as const;
type Door = keyof typeof DOORS;

/** What has to come of it, from the table's own words. */
const expectedCode = (peer: string, host: Named, origin: Named, token: Token): number | null => {
  const world = host[1] === 'computer' && peer !== '127.0.0.1' ? 'foreign' : host[1];
  if (world === 'foreign') return 5005;
  if (origin[1] !== 'none' && origin[1] !== world) return 5004;
  return world === 'computer' || token.isGood ? null : 5014;
};

const runTable = async (stage: LanStage) => {
  const { port } = stage.gateway;
  const counts = { goodIn: 0, goodRefused: 0, badIn: 0, badRefused: 0 };
  const faults: string[] = [];
  const tokens = await tokensOf(stage);
  const knock = async (door: Door, peer: string, host: Named, origin: Named, token: Token) => {
    const headers = [
      ...(host[0] === null ? [] : [`Host: ${host[0]}`]),
      ...(origin[0] === null ? [] : [`Origin: ${origin[0]}`]),
      ...(token.cookie === null ? [] : [`Cookie: ${token.cookie}`]),
    ];
    const body = door === 'command' ? '{"cmd":"PLAY","reqId":"r"}' : '';
    const length = body === '' ? [] : [`Content-Length: ${body.length}`];
    const lines = [...DOORS[door], ...headers, ...length];
    const told = await askRaw({ port, peer, lines, body, hello: { cmd: 'HELLO' } });
    // The guard's clock is moved on, so that only names and tokens decide.
    stage.advance(1000);
    const [code, expected] = [codeOf(told), expectedCode(peer, host, origin, token)];
    counts[`${expected === null ? 'good' : 'bad'}${code === null ? 'In' : 'Refused'}`] += 1;
    if (code !== expected) {
      faults.push(`${door} from ${peer} as ${host[0]}, ${origin[0]}, ${token.what}: ${code}`);
    }
  };
  for (const peer of ['127.0.0.1', LAN_ADDRESS])
    for (const host of hostsOf(port))
      for (const origin of originsOf(port))
        for (const token of tokens)
          for (const door of Object.keys(DOORS) as Door[])
            await knock(door, peer, host, origin, token);
  process.stderr.write(`handshakes: ${JSON.stringify(counts)}\n`);
  return { counts, faults };
};

test('of all handshakes the good are let in and no other', async () => {
  const stage = setStage();
  stage.engine({ onMessage: answerOk });
  await (await stage.join()).barrier();
  const { counts, faults } = await runTable(stage);
  expect(faults).toEqual([]);
  expect(counts.badIn + counts.goodRefused).toBe(0);
  expect(counts.goodIn).toBeGreaterThan(100);
  expect(counts.badRefused).toBeGreaterThan(2000);
}, 60_000);

test('a gateway that takes a foreign name for its own is found out', async () => {
  const stage = setStage({
    lan: { addresses: () => [LAN_ADDRESS, 'evil.example'], name: LAN_NAME },
  });
  stage.engine({ onMessage: answerOk });
  await (await stage.join()).barrier();
  const { counts, faults } = await runTable(stage);
  expect(counts.badIn).toBeGreaterThan(0);
  expect(faults.some((fault) => fault.includes('evil.example'))).toBeTrue();
}, 60_000);
