/** The judge of engine deaths: what was lost, when it sounded again, and whether in phase. */
import type { Json } from './client.ts';
import { type Product, until, withCleanup } from './product.ts';
import { healthOf, isAlive, LOOPS, RATE, type Stage, setStage, summary } from './stage.ts';
import { makeRandom, readWav, readWavFile } from './wav.ts';

/** Stretches of silence in the master, in frames: where no engine lived. */
export const silencesIn = (master: Float32Array, fromFrame: number, toFrame: number) => {
  const silences: { from: number; to: number }[] = [];
  let from = -1;
  for (let frame = fromFrame; frame < toFrame; frame += 1) {
    const isSilent = master[2 * frame] === 0 && master[2 * frame + 1] === 0;
    if (isSilent && from < 0) from = frame;
    if (!isSilent && from >= 0) {
      if (frame - from > RATE / 100) silences.push({ from, to: frame });
      from = -1;
    }
  }
  return silences;
};

interface JudgedTake {
  readonly fromFrame: number;
  readonly samples: Float32Array;
}

/** True when the master at `frame` is the sum of the takes at their phases on the timeline. */
export const isInPhase = (
  master: Float32Array,
  takes: readonly JudgedTake[],
  frame: number,
): boolean => {
  for (let at = 0; at < JUDGED_FRAMES; at += 1) {
    let sum = 0;
    for (const take of takes) {
      const length = take.samples.length / 2;
      const position = (((frame + at - take.fromFrame) % length) + length) % length;
      sum += take.samples[2 * position] ?? 0;
    }
    if (Math.abs((master[2 * (frame + at)] ?? 9) - sum) > 1e-6) return false;
  }
  return true;
};

const JUDGED_FRAMES = 256;
const SEAM_FRAMES = RATE / 100;

/** The first frame from `frame` on whose judged stretch touches no take's seam. */
export const awayFromSeams = (takes: readonly JudgedTake[], frame: number): number => {
  for (let at = frame; ; at += JUDGED_FRAMES) {
    const touches = takes.some(({ fromFrame, samples }) => {
      const length = samples.length / 2;
      const position = (((at - fromFrame) % length) + length) % length;
      return position + JUDGED_FRAMES > length - SEAM_FRAMES - 1;
    });
    if (!touches) return at;
  }
};

const audioOf = async (product: Product, takeId: string): Promise<Float32Array> => {
  const audio = await product.get(`/api/takes/${takeId}/audio`);
  return readWav(new Uint8Array(await audio.arrayBuffer())).samples;
};

/** Presses, kills the engine at once, and waits until all is back; true when the press was kept. */
const killOnce = async (stage: Stage, slot: number): Promise<boolean> => {
  const { product, client } = stage;
  const press = await client.ask({ cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1 });
  const { enginePid } = await healthOf(product);
  process.kill(enginePid, 'SIGKILL');
  await until(
    'another engine',
    async () => {
      const answer = await product.get('/api/health');
      return answer.ok && ((await answer.json()) as Json).enginePid !== enginePid;
    },
    15_000,
  );
  await until(
    'the loops are back',
    () =>
      client
        .state()
        .slots.slice(0, LOOPS)
        .every((each: Json) => each.state === 'PLAYING'),
    15_000,
  );
  const { takeId } = press.result;
  const isBack = async () =>
    client.state().slots[slot].takeId === takeId && (await product.get(`/api/takes/${takeId}`)).ok;
  return until('the last take', isBack, 3000).catch(() => false);
};

/** Kills the engine process `times` times: what was lost, when it sounded again, and where. */
export const judgeEngineKills = (times: number, seed: number) =>
  withCleanup(async (later) => {
    const random = makeRandom(seed);
    const stage = await setStage(seed, later);
    const { product, client } = stage;
    const takes: JudgedTake[] = [];
    for (const { takeId, fromFrame } of stage.takes) {
      takes.push({ fromFrame, samples: await audioOf(product, takeId) });
    }
    // The captures that are made beside the kills must not be in the judged sum.
    for (let slot = LOOPS; slot < 2 * LOOPS; slot += 1)
      await client.ask({ cmd: 'SET_VOL', slot, val: 0 });
    let takesLost = 0;
    const clockErrorsMs: number[] = [];
    client.timelineOffsetMs();
    for (let count = 0; count < times; count += 1) {
      await Bun.sleep(1000 + random() * 500);
      const before = client.timelineOffsetMs();
      if (!(await killOnce(stage, LOOPS + (count % LOOPS)))) takesLost += 1;
      client.timelineOffsetMs();
      await Bun.sleep(1000);
      clockErrorsMs.push(Math.abs(client.timelineOffsetMs() - before));
    }
    const { enginePid, gatewayPid, frame } = await healthOf(product);
    await product.stop();
    const master = readWavFile(stage.masterPath).samples;
    const silences = silencesIn(master, stage.playingFrom, frame);
    const settled = (at: number) => awayFromSeams(takes, at + RATE / 20);
    return {
      times,
      seed,
      takesLost,
      outages: silences.length,
      outageMs: summary(silences.map(({ from, to }) => ((to - from) / RATE) * 1000)),
      inPhaseAgain: silences.filter(({ to }) => isInPhase(master, takes, settled(to))).length,
      clockErrorMsMax: Math.max(...clockErrorsMs),
      noticesSeen: [
        ...new Set(client.messages.filter(({ type }) => type === 'NOTICE').map(({ code }) => code)),
      ],
      orphans: [enginePid, gatewayPid].filter(isAlive).length,
      exitCode: product.child.exitCode,
    };
  });
