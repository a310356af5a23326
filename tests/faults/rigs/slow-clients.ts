/**
 * Sixteen clients, most of which read slowly or not at all, and a seventeenth: those that read notice
 * nothing, and the seventeenth is told why it may not.
 *
 * Each trial has the same stretch of time twice: first with the watchers alone, as a control.
 */
import { join } from 'node:path';
import { connect, type Client, type Json } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { isMoreThanControl, residentBytes } from '../stand/processes.ts';
import { RawClient } from '../stand/raw-client.ts';
import { openStand, type Stand } from '../stand/stand.ts';

const CLIENTS_MAX = 16;
const WATCHERS = 3;
/** That never read. */
const DEAF = 6;
/** The player is a client too. */
const SLOW = CLIENTS_MAX - 1 - WATCHERS - DEAF;
const SLOW_BYTES_PER_SECOND = 10_000;
const STRETCH_MS = 8000;
const ASK_MS = 100;
/** Or as many as without them, where other work on the machine costs frames. */
const FPS_MIN = 29;
const FPS_RATIO_MIN = 0.98;
const PATCH_RATIO_MAX = 1.5;
/** A patch comes within milliseconds: so much more is never noticed, whatever the ratio. */
const PATCH_SLACK_MS = 4;
const BYTES_PER_SLOW_CLIENT_MAX = 2 * 1_048_576;
const TOO_MANY = 5006;
/** Stale after 5 s, closed 30 s later. */
const CLOSED_MS_MAX = 45_000;

interface Stretch {
  readonly fpsMin: number;
  readonly patchP95Ms: number;
  readonly lateBlocks: number;
}

const share95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(0.95 * values.length)] ?? Number.NaN;

const tenths = (value: number): number => Math.round(10 * value) / 10;

/** Feature frames that came while it is on, and when each patch did. */
const watch = (client: Client) => {
  let frames = 0;
  const patchMs: number[] = [];
  const note = ({ data }: MessageEvent) => {
    if (data instanceof ArrayBuffer) frames += 1;
    else if ((data as string).startsWith('{"type":"STATE_PATCH"')) patchMs.push(performance.now());
  };
  client.raw.addEventListener('message', note);
  return {
    patchMs,
    end: () => client.raw.removeEventListener('message', note),
    frames: () => frames,
  };
};

const lateBlocks = async ({ product }: Stand): Promise<number> =>
  (await product.json<Json>('/api/health')).xruns;

/** Mutes and unmutes, and looks how soon the watchers hear of it. */
const measure = async (stand: Stand, watchers: readonly Client[]): Promise<Stretch> => {
  const late = await lateBlocks(stand);
  const seen = watchers.map(watch);
  const delays: number[] = [];
  const start = performance.now();
  for (let asked = start; asked < start + STRETCH_MS; asked = performance.now()) {
    const known = seen.map(({ patchMs }) => patchMs.length);
    await stand.muteMs();
    await Bun.sleep(ASK_MS);
    for (const [index, { patchMs }] of seen.entries()) {
      const at = patchMs[known[index] ?? 0];
      delays.push(at === undefined ? Number.POSITIVE_INFINITY : at - asked);
    }
  }
  const seconds = (performance.now() - start) / 1000;
  for (const { end } of seen) end();
  return {
    fpsMin: Math.min(...seen.map(({ frames }) => frames() / seconds)),
    patchP95Ms: share95(delays),
    lateBlocks: (await lateBlocks(stand)) - late,
  };
};

/** What the one too many is told; null when it was let in. */
export const refusalOf = async (url: string): Promise<number | null> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  const told = new Promise<number | null>((done) => {
    socket.addEventListener('message', ({ data }) =>
      done((JSON.parse(data as string) as Json).code ?? null),
    );
    socket.addEventListener('close', () => done(null));
    socket.addEventListener('open', () => socket.send('{"cmd":"HELLO"}'));
  });
  const code = await told;
  socket.close();
  return code;
};

const faultsOf = (control: Stretch, among: Stretch): string[] => {
  const { fpsMin, patchP95Ms } = among;
  const patchMax = Math.max(
    PATCH_RATIO_MAX * control.patchP95Ms,
    control.patchP95Ms + PATCH_SLACK_MS,
  );
  return [
    ...(fpsMin < Math.min(FPS_MIN, FPS_RATIO_MIN * control.fpsMin)
      ? [`${fpsMin.toFixed(1)} frames a second, without them ${control.fpsMin.toFixed(1)}`]
      : []),
    ...(patchP95Ms > patchMax
      ? [`patches took ${patchP95Ms.toFixed(1)} ms, without them ${control.patchP95Ms.toFixed(1)}`]
      : []),
    ...(isMoreThanControl(among.lateBlocks, control.lateBlocks)
      ? [`${among.lateBlocks} late blocks, without them ${control.lateBlocks}`]
      : []),
  ];
};

const clientCount = (client: Client): number => Object.keys(client.state().clients).length;

const joinSlow = async (
  stand: Stand,
  watcher: Client,
): Promise<{ deaf: RawClient[]; slow: RawClient[] }> => {
  const { url } = stand.product;
  const deaf = Array.from({ length: DEAF }, () => new RawClient(url, 0));
  const slow = Array.from({ length: SLOW }, () => new RawClient(url, SLOW_BYTES_PER_SECOND));
  await until('sixteen clients', () => clientCount(watcher) === CLIENTS_MAX);
  return { deaf, slow };
};

const runTrial = async (stand: Stand, watchers: readonly Client[]): Promise<TrialResult> => {
  const { gatewayPid } = stand.product.ready;
  const [watcher] = watchers;
  if (!watcher) throw new Error('nobody watches');
  await stand.press();
  const control = await measure(stand, watchers);
  const before = residentBytes(gatewayPid);
  const { deaf, slow } = await joinSlow(stand, watcher);
  const start = performance.now();
  try {
    const code = await refusalOf(stand.product.url);
    const among = await measure(stand, watchers);
    const grown = Math.max(0, residentBytes(gatewayPid) - before);
    const isClosed = () => clientCount(watcher) <= CLIENTS_MAX - DEAF;
    const closed = await until('who never reads is closed', isClosed, CLOSED_MS_MAX).catch(
      () => false,
    );
    const slowReadBytes = Math.min(...slow.map(({ readBytes }) => readBytes));
    return {
      faults: [
        ...faultsOf(control, among),
        ...(code === TOO_MANY ? [] : [`the seventeenth was told ${code}`]),
        ...(closed ? [] : ['who never reads was not closed']),
        ...(grown <= BYTES_PER_SLOW_CLIENT_MAX * (DEAF + SLOW)
          ? []
          : [`the gateway grew by ${grown} bytes`]),
      ],
      counts: {
        refused: Number(code === TOO_MANY),
        fpsMin: tenths(among.fpsMin),
        controlFpsMin: tenths(control.fpsMin),
        patchP95MsMax: tenths(among.patchP95Ms),
        controlPatchP95MsMax: tenths(control.patchP95Ms),
        kilobytesPerSlowClientMax: Math.round(grown / 1024 / (DEAF + SLOW)),
        closedSecondsMax: Math.round((performance.now() - start) / 1000),
        slowReadBytesMin: slowReadBytes,
        slowKept: slow.filter(({ isClosed: isGone }) => !isGone).length,
        lateBlocks: among.lateBlocks,
        controlLateBlocks: control.lateBlocks,
      },
    };
  } finally {
    for (const client of [...deaf, ...slow]) client.close();
    await until('they are gone', () => clientCount(watcher) === 1 + WATCHERS);
  }
};

const open = async (env: Readonly<Record<string, string>>): Promise<RigSession> => {
  const home = makeDiskFolder();
  const stand = await openStand({ home, data: join(home, 'data'), env });
  const watchers = await Promise.all(
    Array.from({ length: WATCHERS }, () => connect(stand.product.url)),
  );
  return {
    trial: () => runTrial(stand, watchers),
    async close() {
      for (const client of watchers) client.close();
      const faults = await stand.finish();
      removeDiskFolder(home);
      return faults;
    },
  };
};

/** @param env Of a FlowZone that is broken on purpose. */
export const slowClients = (env: () => Readonly<Record<string, string>> = () => ({})): Rig => ({
  missing: () => (process.platform === 'linux' ? null : 'memory is read in /proc of Linux'),
  open: () => open(env()),
});
