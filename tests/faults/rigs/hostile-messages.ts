/**
 * Messages of somebody who means harm, on the socket and over HTTP: each is refused with a code, the
 * state stays, nobody dies, memory stays bounded, and no file is touched outside FlowZone's folders.
 *
 * Each call of the system that makes or changes a name is noted by strace. At the end of a trial a name
 * that climbs out of its folder is given where names are free, and exported under.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Client, type Json } from '../../judge/client.ts';
import { beginExport, endOfJob } from '../../judge/export.ts';
import { until } from '../../judge/product.ts';
import { isAlive } from '../../judge/stage.ts';
import { makeRandom } from '../../judge/wav.ts';
import { outside, touchedFiles, TOUCHING } from '../judge/touched-files.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { climbingPaths, hostileTexts } from '../stand/hostile-texts.ts';
import { isOfRing } from '../../judge/rings.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { forgetDevice, lanHosts, pairDevice } from '../stand/paired-devices.ts';
import { residentBytes } from '../stand/processes.ts';
import { frameOf, headOf, sayRaw, upgradeLines } from '../stand/raw-client.ts';
import { openStand, type Stand } from '../stand/stand.ts';

const SOCKETS = 4;
const ROUNDS = 25;
/** Of one socket, before it waits for the answers. */
const BATCH = 200;
const BINARY_EVERY = 50;
/** Below the burst that a device may send. */
const OF_DEVICE = 180;
const POSTS = 300;
const PATHS = 200;
const TORN_FRAMES = 20;
const OVERSIZED = 5;
const OVERSIZED_BYTES = 70_000;
const CLIMBING_NAME = '../../../../tmp/fz-climbs';
const SAVED_MS_MAX = 5000;
/** What a flood may leave in the memory of a process; its garbage is collected now and then. */
const GROWN_BYTES_MAX = 128 * 1_048_576;

/** What must not change: all but clocks, load, disk, who is there, and what the machine's load raises. */
const settled = async ({ product }: Stand): Promise<Json> => {
  const { data } = await product.json<Json>('/api/state');
  const { alerts: _, clients: __, jobs: ___, storage: ____, system: _____, ...state } = data;
  state.meta = { ...state.meta, serverTime: 0, revisionId: 0 };
  state.transport = { ...state.transport, barPhase: 0 };
  return state;
};

/** Parts of the state that are not the same. */
const changedParts = (before: Json, after: Json): string[] =>
  Object.keys({ ...before, ...after }).filter(
    (part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]),
  );

const isRefusal = (text: string): boolean => {
  const { code, type } = JSON.parse(text) as Json;
  return type === 'ERROR' && code >= 4000 && code < 6000;
};

/** A socket that sends and counts what comes back. */
class Sender {
  readonly #socket: WebSocket;
  answered = 0;
  notRefused = 0;
  isClosed = false;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(data));
    socket.addEventListener('close', () => {
      this.isClosed = true;
    });
  }

  /** @param cookie Of a paired device; this computer needs none. */
  static async open(url: string, cookie = ''): Promise<Sender> {
    const headers = cookie === '' ? {} : { cookie };
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers } as never);
    socket.binaryType = 'arraybuffer';
    const sender = new Sender(socket);
    await new Promise((done, fail) => {
      socket.addEventListener('open', done);
      socket.addEventListener('error', () => fail(new Error(`no socket at ${url}`)));
    });
    socket.send('{"cmd":"HELLO"}');
    socket.send('{"cmd":"SET_VIS","fps":0}');
    return sender;
  }

  send(message: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(message);
  }

  close(): void {
    this.#socket.close();
  }

  #take(data: unknown): void {
    if (typeof data !== 'string' || /^{"type":"(?:STATE_|WELCOME|NOTICE)/.test(data)) return;
    this.answered += 1;
    if (!isRefusal(data)) this.notRefused += 1;
  }
}

type Random = () => number;

const randomBytes = (random: Random): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: 1 + random() * 200 }, () => random() * 256);

/** Every message is answered, and with a refusal. */
const flood = async (url: string, next: (random: Random) => string, random: Random) => {
  const faults: string[] = [];
  const senders = await Promise.all(Array.from({ length: SOCKETS }, () => Sender.open(url)));
  let sent = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const sender of senders) {
      for (let at = 0; at < BATCH; at += 1) {
        sender.send(at % BINARY_EVERY === 0 ? randomBytes(random) : next(random));
      }
    }
    sent += BATCH;
    const isAnswered = () => senders.every(({ answered }) => answered >= sent);
    await until('all are answered', isAnswered, 20_000).catch((error: unknown) =>
      faults.push(String(error)),
    );
    if (faults.length > 0) break;
  }
  for (const { answered, isClosed, notRefused } of senders) {
    if (answered !== sent) faults.push(`${sent} messages got ${answered} answers`);
    if (notRefused > 0) faults.push(`${notRefused} messages were not refused`);
    if (isClosed) faults.push('a socket was closed');
  }
  for (const sender of senders) sender.close();
  return { faults, sent: sent * SOCKETS };
};

/**
 * The same of a device that was let in: it gets no further. A device may say so much at once, so that
 * each message passes the door of speed and is refused by the next one.
 */
const fromDevice = async (stand: Stand, next: (random: Random) => string, random: Random) => {
  const [host] = await lanHosts(stand.product);
  if (host === undefined) return { faults: [], sent: 0 };
  const device = await pairDevice(stand.product, host);
  const sender = await Sender.open(`http://${host}`, device.cookie);
  for (let at = 0; at < OF_DEVICE; at += 1) sender.send(next(random));
  const faults: string[] = [];
  const isAnswered = () => sender.answered >= OF_DEVICE;
  await until('the device is answered', isAnswered, 20_000).catch((error: unknown) =>
    faults.push(String(error)),
  );
  if (sender.notRefused > 0) faults.push(`${sender.notRefused} of a device were not refused`);
  if (sender.isClosed) faults.push('the socket of a device was closed');
  sender.close();
  await forgetDevice(stand.product, device);
  return { faults, sent: sender.answered };
};

const overHttp = async ({ product }: Stand, next: (random: Random) => string, random: Random) => {
  const faults: string[] = [];
  for (let at = 0; at < POSTS; at += 1) {
    const body = next(random);
    const { status } = await product.get('/api/commands', { method: 'POST', body });
    if (status < 400 || status >= 500) faults.push(`${status} for ${body.slice(0, 100)}`);
  }
  const { host } = new URL(product.url);
  for (let at = 0; at < PATHS; at += 1) {
    const path = climbingPaths(random);
    const enough = (told: string) => /\r\n\r\n./s.test(told);
    const told = await sayRaw(product.url, headOf([`GET ${path} HTTP/1.1`, `Host: ${host}`]), {
      enough,
    });
    const status = Number(told.split(' ')[1]);
    const hasLeaked = /root:|enginePid|SQLite format|PATH=/.test(told);
    if (hasLeaked || !(status >= 200 && status < 500)) faults.push(`${status} for ${path}`);
    // The page itself may be shown wherever a path is none of a file.
    if (status < 400 && !told.includes('text/html')) faults.push(`${path} gave a file`);
  }
  return { faults, sent: POSTS + PATHS };
};

/** What is no frame, and what is too large, costs its own connection only. */
const tornFrames = async ({ product }: Stand, random: Random) => {
  const { host } = new URL(product.url);
  const head = Buffer.from(headOf(upgradeLines(host)));
  const waitMs = 200;
  for (let at = 0; at < TORN_FRAMES; at += 1) {
    await sayRaw(product.url, Buffer.concat([head, randomBytes(random)]), { waitMs });
  }
  for (let at = 0; at < OVERSIZED; at += 1) {
    const frame = frameOf(Buffer.alloc(65_535, 'x'));
    await sayRaw(product.url, Buffer.concat([head, frame, frame]), { waitMs });
    const body = `{"cmd":"${'x'.repeat(OVERSIZED_BYTES)}"}`;
    const { status } = await product.get('/api/commands', { method: 'POST', body });
    if (status !== 413) return { faults: [`${status} for a body of ${body.length}`], sent: 0 };
  }
  return { faults: [], sent: TORN_FRAMES + 3 * OVERSIZED };
};

/** A name is free, so it is taken; what is written under it stays in its folder. */
const climbByName = async (stand: Stand, client: Client): Promise<string[]> => {
  const ask = (fields: Json) => client.ask(fields);
  for (const fields of [
    { cmd: 'RENAME_SESSION', name: CLIMBING_NAME },
    { cmd: 'RENAME_SLOT', slot: 1, name: CLIMBING_NAME },
  ]) {
    if ((await ask(fields)).type !== 'OK') return ['a name was refused'];
  }
  await stand.press();
  const riffId = client.state().history.head;
  const jobId = await beginExport(client, { what: { riffId }, format: 'wav24', stems: true });
  const { state } = await endOfJob(client, jobId);
  await ask({ cmd: 'RENAME_SESSION', name: 'Session' });
  await ask({ cmd: 'RENAME_SLOT', slot: 1, name: '' });
  return state === 'done' ? [] : [`an export under that name is ${state}`];
};

const openMessages = async (env: Readonly<Record<string, string>>): Promise<RigSession> => {
  const home = makeDiskFolder();
  const data = join(home, 'data');
  const trace = join(home, 'strace');
  const inside = ['strace', '-D', '-f', '-y', '-qq', '--seccomp-bpf', '-e', `trace=${TOUCHING}`];
  const traced = [...inside, '-o', trace];
  const stand = await openStand({ home, data, env, inside: traced, more: ['--lan'] });
  const { enginePid, gatewayPid } = stand.product.ready;
  const client = await connect(stand.product.url);
  const { next } = hostileTexts((await stand.product.json<Json>('/api/protocol')).commands);
  await stand.press();
  const memory = () => ({ engine: residentBytes(enginePid), gateway: residentBytes(gatewayPid) });
  const first = memory();

  const isSaved = () =>
    (stand.player.client.state().slots as Json[]).every(
      ({ saved, state }) => saved || state === 'EMPTY',
    );

  const trial = async (seed: number): Promise<TrialResult> => {
    const random = makeRandom(seed);
    await until('all is saved', isSaved, SAVED_MS_MAX);
    const before = await settled(stand);
    const flooded = await flood(stand.product.url, next, random);
    if (flooded.faults.length > 0) {
      return { faults: flooded.faults, counts: { messages: flooded.sent } };
    }
    const device = await fromDevice(stand, next, random);
    const asked = await overHttp(stand, next, random);
    const torn = await tornFrames(stand, random);
    const faults = [...device.faults, ...asked.faults, ...torn.faults];
    for (const pid of [enginePid, gatewayPid]) if (!isAlive(pid)) faults.push('a process died');
    for (const part of changedParts(before, await settled(stand))) {
      faults.push(`${part} in the state is another`);
    }
    const now = memory();
    const grown = { engine: now.engine - first.engine, gateway: now.gateway - first.gateway };
    for (const [name, bytes] of Object.entries(grown)) {
      if (bytes > GROWN_BYTES_MAX) faults.push(`the ${name} grew by ${bytes} bytes`);
    }
    faults.push(...(await climbByName(stand, client)));
    return {
      faults,
      counts: {
        messages: flooded.sent + device.sent + asked.sent + torn.sent,
        ofDevice: device.sent,
        engineGrownMegabytesMax: Math.round(grown.engine / 1_048_576),
        gatewayGrownMegabytesMax: Math.round(grown.gateway / 1_048_576),
      },
    };
  };

  return {
    trial,
    async close() {
      client.close();
      const faults = await stand.finish();
      const touched = touchedFiles(readFileSync(trace, 'utf8'));
      const own = [data, '/dev/null', '/dev/tty'];
      if (!touched.some((path) => path.startsWith(join(data, 'exports')))) {
        faults.push('strace saw no export: it sees nothing');
      }
      const foreign = outside(touched, own).filter((path) => !isOfRing(data, path));
      faults.push(...foreign.map((path) => `${path} was touched`));
      removeDiskFolder(home);
      return faults;
    },
  };
};

const missing = (): string | null => {
  if (process.platform !== 'linux') return 'strace is a thing of Linux';
  return Bun.which('strace') === null ? 'strace is not there' : null;
};

/** @param env Of a FlowZone that is broken on purpose. */
export const hostileMessages = (env: () => Readonly<Record<string, string>> = () => ({})): Rig => ({
  missing,
  open: () => openMessages(env()),
});
