/**
 * The engine process gets SIGKILL while loops are captured, most often between CAPTURED and DURABLE.
 *
 * One loop plays on alone, so that the master tells when it sounds again and at which place; the
 * captures are muted and judged from the files at the end.
 */
import { join } from 'node:path';
import { type Product, until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Json } from '../../judge/client.ts';
import { AckLog, type Captured, readAcks } from '../judge/acks.ts';
import { judgeLookBack } from '../judge/audio.ts';
import { STEREO, writeCodedInput } from '../judge/coded.ts';
import { phaseError, readMaster, silence } from '../judge/master.ts';
import { judgeFolder } from '../judge/verdict.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { BAR_FRAMES, killAll, RATE, startLife } from '../stand/lives.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { makePlayer, type Player, SLOTS } from '../stand/player.ts';

/** Then what was captured is judged, and another session begins. */
const KILLS_PER_LIFE = 20;
/** It plays alone; all others are muted. */
const HEARD_SLOT = 0;
const PLAY_MS_MAX = 700;
const PAUSE_MS_MAX = 60;
/** So often the kill waits for CAPTURED, and comes before anything else can happen. */
const HASTY_SHARE = 0.6;
const BACK_MS_MAX = 15_000;
const SAVED_MS_MAX = 5000;
const JUDGED_FRAMES = 256;
const SETTLED_FRAMES = RATE / 20;
/** The block in which it was killed may be heard and not kept. */
const BLOCK_FRAMES = 128;

/** None of these counts is there yet. */
const UNJUDGED: TrialResult = {
  faults: [],
  counts: { acks: 0, lookBacks: 0, lookBackLostFramesMax: 0 },
};

interface Life {
  readonly product: Product;
  readonly player: Player;
  readonly acks: AckLog;
  readonly data: string;
  readonly master: string;
  readonly heard: Captured;
  enginePid: number;
  /** Captures whose windows reach over an outage, and one past the last frame heard before it. */
  readonly lookBacks: { readonly take: Captured; readonly heardEnd: number }[];
  kills: number;
}

const engineOf = async (product: Product): Promise<number> =>
  (await product.json<Json>('/api/health')).enginePid;

const isBack = async ({ enginePid, player, product }: Life): Promise<number | false> => {
  const answer = await product.get('/api/health');
  if (!answer.ok) return false;
  const pid = ((await answer.json()) as Json).enginePid as number;
  return pid !== enginePid && player.client.state().slots[HEARD_SLOT].state === 'PLAYING' && pid;
};

/** The first frame from `frame` on where the judged stretch touches no seam of the heard loop. */
const awayFromSeam = ({ fromFrame, toFrame }: Captured, frame: number): number => {
  const length = toFrame - fromFrame;
  const place = (frame - fromFrame) % length;
  return place + JUDGED_FRAMES + RATE / 50 > length ? frame + (length - place) : frame;
};

class Kills implements RigSession {
  readonly #home = makeDiskFolder();
  readonly #input = join(this.#home, 'input.wav');
  #life: Life | null = null;
  #lives = 0;

  constructor() {
    writeCodedInput(this.#input, STEREO, RATE);
  }

  async trial(seed: number): Promise<TrialResult> {
    const random = makeRandom(seed);
    const life = this.#life ?? (await this.#begin());
    this.#life = life;
    const { player } = life;
    const before = player.captured.length;
    const pressedUntil = performance.now() + random() * PLAY_MS_MAX;
    let slot = 1;
    for (; performance.now() < pressedUntil; slot = 1 + (slot % (SLOTS - 1))) {
      await player.press(slot);
      await Bun.sleep(random() * PAUSE_MS_MAX);
    }
    const last = player.press(slot);
    await (random() < HASTY_SHARE ? last : Bun.sleep(random() * PAUSE_MS_MAX));
    const frame = player.frameNow();
    const isUnderWay = player.isUnderWay();
    process.kill(life.enginePid, 'SIGKILL');
    await last;
    const result = await this.#afterKill(life, frame);
    life.kills += 1;
    const betweenCapturedAndDurable = Number(isUnderWay);
    const captured = player.captured.length - before;
    // Files are judged when a life ends, those of its earlier trials too.
    const end = life.kills === KILLS_PER_LIFE ? await this.#finish(life) : UNJUDGED;
    return {
      faults: [...result.faults, ...end.faults],
      counts: { captured, ...result.counts, betweenCapturedAndDurable, ...end.counts },
    };
  }

  async close(): Promise<TrialResult> {
    const end = this.#life === null ? UNJUDGED : await this.#finish(this.#life);
    removeDiskFolder(this.#home);
    return end;
  }

  async #begin(): Promise<Life> {
    this.#lives += 1;
    const data = join(this.#home, `data-${this.#lives}`);
    const master = join(this.#home, `master-${this.#lives}.wav`);
    const acks = new AckLog(join(this.#home, `acks-${this.#lives}.jsonl`));
    const product = await startLife(data, this.#input, { more: ['--output', master] });
    const player = await makePlayer(product, { acks, rateHz: RATE });
    await until('two bars were heard', () => player.frameNow() > 2.2 * BAR_FRAMES);
    for (let slot = 0; slot < SLOTS; slot += 1) {
      await player.client.ask({ cmd: 'SET_VOL', slot, val: slot === HEARD_SLOT ? 1 : 0 });
    }
    await player.press(HEARD_SLOT);
    const [heard] = player.captured;
    if (!heard) throw new Error('nothing could be captured');
    // And with it the volumes, without which others would be heard beside it after a kill.
    await player.savedAtMs(heard.takeId);
    const enginePid = await engineOf(product);
    return { product, player, acks, data, master, heard, enginePid, lookBacks: [], kills: 0 };
  }

  async #afterKill(life: Life, killFrame: number): Promise<TrialResult> {
    const { player } = life;
    const faults: string[] = [];
    life.enginePid = await until('the engine is back', () => isBack(life), BACK_MS_MAX);
    // The window of this press begins before the kill.
    const before = player.captured.length;
    const lookBack = (await player.press(1)) ? player.captured[before] : undefined;
    if (!lookBack) faults.push('the look-back could not be captured');
    await until(
      'a bar was heard',
      () => player.frameNow() > (lookBack?.toFrame ?? 0) + 1.1 * BAR_FRAMES,
    );
    const ids = player.captured.map(({ takeId }) => takeId);
    const lost = await this.#lost(life, ids.slice(-SLOTS));
    faults.push(...lost.map((id) => `capture ${id} is lost`));
    return this.#sound(life, { killFrame, lookBack }, faults, lost.length);
  }

  /** Captures that FlowZone knows no more. */
  async #lost({ product }: Life, ids: readonly string[]): Promise<string[]> {
    const known = await Promise.all(
      ids.map(async (id) => (await product.get(`/api/takes/${id}`)).ok),
    );
    return ids.filter((_, index) => !known[index]);
  }

  #sound(
    life: Life,
    {
      killFrame,
      lookBack,
    }: { readonly killFrame: number; readonly lookBack?: Captured | undefined },
    faults: string[],
    lost: number,
  ): TrialResult {
    const start = killFrame - RATE / 10;
    const left = readMaster(life.master, start);
    const gap = silence(left);
    if (gap === null) return { faults: [...faults, 'no silence after the kill'], counts: {} };
    if (lookBack) life.lookBacks.push({ take: lookBack, heardEnd: start + gap.from });
    const at = awayFromSeam(life.heard, start + gap.from + gap.frames + SETTLED_FRAMES);
    const judged = left.subarray(at - start, at - start + JUDGED_FRAMES);
    const { fromFrame, toFrame } = life.heard;
    const expected = fromFrame + ((at - fromFrame) % (toFrame - fromFrame));
    const error = phaseError(STEREO, judged, expected);
    if (error !== 0) faults.push(`the loop is ${error ?? 'not'} frames from its place`);
    return {
      faults,
      counts: {
        capturesLost: lost,
        silentMsMax: Math.round((1000 * gap.frames) / RATE),
        silentMs: Math.round((1000 * gap.frames) / RATE),
        phaseErrorFramesMax: Math.abs(error ?? Number.POSITIVE_INFINITY),
      },
    };
  }

  /** Ends in order; then everything that was captured, also what nobody called saved, must be there. */
  async #finish(life: Life): Promise<TrialResult> {
    this.#life = null;
    const { acks, data, lookBacks, player, product } = life;
    const faults: string[] = [];
    try {
      for (const { takeId } of player.captured) {
        const isSaved = () => player.isSaved(takeId);
        await until(`${takeId} is saved`, isSaved, SAVED_MS_MAX).catch((error: unknown) =>
          faults.push(String(error)),
        );
      }
      player.close();
      const code = await product.stop();
      if (code !== 0) faults.push(`it ended with ${code}`);
    } finally {
      await killAll(product);
      acks.close();
    }
    const overOutage = new Set(lookBacks.map(({ take }) => take.takeId));
    const captured = readAcks(acks.path).filter((ack) => ack.t === 'captured');
    const whole = captured.filter(({ takeId }) => !overOutage.has(takeId));
    const verdict = judgeFolder(data, whole);
    const seen = lookBacks.map(({ heardEnd, take }) => ({
      takeId: take.takeId,
      ...judgeLookBack(data, verdict.stored, take, heardEnd, STEREO),
    }));
    const torn = seen.flatMap(({ fault, lostFrames, takeId }) => [
      ...(fault === null ? [] : [`the look-back in ${takeId} ${fault}`]),
      ...(lostFrames > BLOCK_FRAMES
        ? [`the look-back in ${takeId} lacks ${lostFrames} frames that were heard`]
        : []),
    ]);
    return {
      faults: [...faults, ...verdict.lost, ...verdict.faults, ...torn],
      counts: {
        acks: verdict.acks,
        lookBacks: seen.length,
        lookBackLostFramesMax: Math.max(0, ...seen.map(({ lostFrames }) => lostFrames)),
      },
    };
  }
}

const missing = (): string | null =>
  process.platform === 'linux' ? null : 'the ring is found in /dev/shm of Linux';

export const kill = (): Rig => ({ missing, open: () => Promise.resolve(new Kills()) });
