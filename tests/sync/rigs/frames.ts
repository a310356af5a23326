/**
 * Feature frames to eight clients: how evenly they come, what they cost, and what becomes of them while
 * the audio thread is made busy.
 */
import { type Product, makeFolder, until } from '../../judge/product.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { type AudioLoad, makeAudioLoad } from '../audio-load.ts';
import { cpuMs, share, tenths } from '../figures.ts';
import { Follower } from '../follower.ts';
import { RATE, startStage } from '../stage.ts';

export interface Frames {
  /** Of each stretch of time. */
  readonly frameSeconds: number;
}

const CLIENTS = 8;
/** Long enough that the spinning is not cut up by what else the machine does. */
const BLOCK_FRAMES = 1024;
const BLOCK_MS = (1000 * BLOCK_FRAMES) / RATE;
const COUNTS_BYTE = 40;
const FLAGS_BYTE = 36;
const LOAD_BYTE = 32;
const PACE = { half: 64, sparse: 128 };
const REACHED_MS_MAX = 15_000;
/** Smoothed over 0.3 s, then two seconds of calm. */
const CALM_MS_MIN = 1900;

/** What one client saw in a stretch of time. */
class Eye {
  readonly arrivedMs: number[] = [];
  bytes = 0;
  flags = 0;
  bands = 0;
  load = 0;

  take(frame: DataView, atMs: number): void {
    this.arrivedMs.push(atMs);
    this.bytes += frame.byteLength;
    this.flags = frame.getUint32(FLAGS_BYTE, true);
    this.bands = (frame.getUint32(COUNTS_BYTE, true) >>> 8) & 0xff;
    this.load = frame.getFloat32(LOAD_BYTE, true);
  }

  forget(): void {
    this.arrivedMs.length = 0;
    this.bytes = 0;
  }

  /** ms between two frames. */
  gaps(): number[] {
    return this.arrivedMs.slice(1).map((ms, index) => ms - (this.arrivedMs[index] ?? ms));
  }
}

interface Stretch {
  readonly fps: number;
  readonly gapP50Ms: number;
  readonly gapP99Ms: number;
  readonly bytesPerFrame: number;
  readonly bytesPerSecond: number;
  readonly gatewayCpuMsPerSecond: number;
}

const watch = async (product: Product, eyes: readonly Eye[], seconds: number): Promise<Stretch> => {
  const { gatewayPid } = product.ready;
  for (const eye of eyes) eye.forget();
  const [startMs, startCpuMs] = [performance.now(), cpuMs(gatewayPid)];
  await Bun.sleep(1000 * seconds);
  const passed = (performance.now() - startMs) / 1000;
  const used = cpuMs(gatewayPid) - startCpuMs;
  const frames = eyes.reduce((sum, { arrivedMs }) => sum + arrivedMs.length, 0);
  const bytes = eyes.reduce((sum, eye) => sum + eye.bytes, 0);
  const gaps = eyes.flatMap((eye) => eye.gaps());
  return {
    fps: frames / eyes.length / passed,
    gapP50Ms: share(gaps, 0.5),
    gapP99Ms: share(gaps, 0.99),
    bytesPerFrame: bytes / frames,
    bytesPerSecond: bytes / eyes.length / passed,
    gatewayCpuMsPerSecond: used / passed,
  };
};

const countsOf = (name: string, stretch: Stretch): Record<string, number> => ({
  [`${name}FpsMin`]: tenths(stretch.fps),
  [`${name}GapP50MsMax`]: tenths(stretch.gapP50Ms),
  [`${name}GapP99MsMax`]: tenths(stretch.gapP99Ms),
  [`${name}FrameBytesMax`]: Math.round(stretch.bytesPerFrame),
  [`${name}BytesPerSecondMax`]: Math.round(stretch.bytesPerSecond),
});

/** Busy, and how long until the frames are whole again after it. */
const underLoad = async (
  {
    product,
    load,
    eyes,
    seconds,
  }: { product: Product; load: AudioLoad; eyes: readonly Eye[]; seconds: number },
  [percent, flag, fpsMax]: readonly [number, number, number],
) => {
  const [first] = eyes;
  if (!first) throw new Error('nobody looks');
  const faults: string[] = [];
  load.set(percent / 100);
  const isSlow = () => (first.flags & flag) !== 0;
  await until(`frames of the pace at ${percent} %`, isSlow, REACHED_MS_MAX);
  const stretch = await watch(product, eyes, seconds);
  const name = `load${percent}`;
  if (stretch.fps > fpsMax)
    faults.push(`${stretch.fps.toFixed(1)} frames a second at ${percent} %`);
  if (first.bands !== 0) faults.push(`${first.bands} bands at ${percent} %`);
  const seen = Math.round(100 * first.load);
  load.set(0);
  const startMs = performance.now();
  const isFull = () => (first.flags & (PACE.half | PACE.sparse)) === 0;
  await until('full frames again', isFull, REACHED_MS_MAX);
  const backMs = performance.now() - startMs;
  if (backMs < CALM_MS_MIN) faults.push(`full again after ${backMs.toFixed(0)} ms`);
  if (first.bands === 0) faults.push('no bands again');
  return {
    faults,
    counts: {
      ...countsOf(name, stretch),
      [`${name}PercentMax`]: seen,
      [`${name}BackMsMax`]: Math.round(backMs),
    },
  };
};

const run = async (product: Product, load: AudioLoad, seconds: number): Promise<TrialResult> => {
  const eyes = Array.from({ length: CLIENTS }, () => new Eye());
  const clients = eyes.map(
    (eye, index) =>
      new Follower({
        name: `client ${index + 1}`,
        url: product.url,
        onFrame: (frame, atMs) => eye.take(frame, atMs),
      }),
  );
  try {
    await until('all are there', () => eyes.every(({ arrivedMs }) => arrivedMs.length > 0));
    const show = (fps: number) => {
      for (const client of clients) client.send({ cmd: 'SET_VIS', fps });
    };
    show(0);
    await Bun.sleep(500);
    const dark = await watch(product, eyes, seconds);
    show(30);
    const full = await watch(product, eyes, seconds);
    const both = { product, load, eyes, seconds };
    const busy = await underLoad(both, [75, PACE.half, 16]);
    const busier = await underLoad(both, [90, PACE.sparse, 9]);
    const cpuPerClient = (full.gatewayCpuMsPerSecond - dark.gatewayCpuMsPerSecond) / CLIENTS;
    return {
      faults: [
        ...(dark.fps > 0 ? [`${dark.fps} frames a second to pages that are hidden`] : []),
        ...busy.faults,
        ...busier.faults,
      ],
      counts: {
        clients: CLIENTS,
        ...countsOf('full', full),
        cpuPerClientPercentMax: Math.round(10 * cpuPerClient) / 100,
        ...busy.counts,
        ...busier.counts,
      },
    };
  } finally {
    for (const client of clients) client.close();
  }
};

const open = async ({ frameSeconds }: Frames): Promise<RigSession> => {
  const load = makeAudioLoad(makeFolder(), BLOCK_MS);
  const product = await startStage({ env: load.env, more: ['--block', `${BLOCK_FRAMES}`] });
  return {
    trial: () => run(product, load, frameSeconds),
    async close() {
      load.close();
      const exit = await product.stop();
      return exit === 0 ? [] : [`it ended with ${exit}`];
    },
  };
};

export const frames = (how: Frames): Rig => ({
  missing: () =>
    process.platform === 'linux' ? null : 'the load is made with a preloaded library of Linux',
  open: () => open(how),
});
