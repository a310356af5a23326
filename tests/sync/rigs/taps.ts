/**
 * Presses through a line with jitter: which bar FlowZone takes, and how far the press it counts lies from
 * the true one.
 *
 * The hand's moment is known to this process. Beside the client with the bad line one on a good line tells
 * FlowZone the same moment by a clock of many quick pings: what that comes to is the truth. Half of the
 * presses lie shortly before the point from which a press means the coming bar, so that one counted when
 * it arrives is counted wrong.
 */
import { expectedWindow } from '../../judge/capture.ts';
import type { Json } from '../../judge/client.ts';
import { type Product, until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { openBadLine } from '../bad-line.ts';
import { share, tenths } from '../figures.ts';
import { Follower } from '../follower.ts';
import { PagePings } from '../page-pings.ts';
import type { Random } from '../random-commands.ts';
import { BAR_BPM, BAR_FRAMES, RATE, startStage } from '../stage.ts';

export interface Taps {
  readonly presses: number;
  /** A control: presses carry this page's own time. */
  readonly hasOffset: boolean;
}

/** 40 ± 30 ms, each way. */
const JITTER_MS = { least: 10, more: 60 };
/** From here on a press means the coming bar. */
const POINT_FRAMES = BAR_FRAMES - Math.min(BAR_FRAMES / 4, RATE / 2);
/** So near to it a hand does not know itself what it meant. */
const UNSURE_FRAMES = Math.round(0.025 * RATE);
const SLOTS = { client: 0, direct: 1 };
const SETTLE_MS = 1500;
const LIVE_MS_MAX = 30_000;

const msOf = (frames: number): number => (1000 * frames) / RATE;

/** How long until a press lies where it should: shortly before the point, or anywhere. */
const waitMs = (frame: number, random: Random): number => {
  const into = frame % BAR_FRAMES;
  const wanted =
    random() < 0.5 ? POINT_FRAMES - UNSURE_FRAMES - 0.035 * RATE * random() : BAR_FRAMES * random();
  return msOf(wanted - into + (wanted < into + 0.1 * RATE ? BAR_FRAMES : 0));
};

interface Pressed {
  /** Of the page's clock alone. */
  readonly clockErrorMs: number;
  readonly errorMs: number;
  /** Null where the hand itself was unsure. */
  readonly isRight: boolean | null;
  readonly wouldBeWrong: boolean;
}

const windowOf = (pressFrame: number) =>
  expectedWindow(
    { slot: 0, bars: 1, quantized: true, takeId: '', fromFrame: 0, toFrame: 0, pressFrame },
    BAR_BPM,
  );

class Hand {
  readonly #client: Follower;
  readonly #direct: Follower;
  readonly #clock: PagePings;
  readonly #truth: PagePings;
  readonly #hasOffset: boolean;
  #frame = 0;
  #frameMs = 0;

  constructor(
    parts: { client: Follower; direct: Follower; clock: PagePings; truth: PagePings },
    hasOffset: boolean,
  ) {
    this.#client = parts.client;
    this.#direct = parts.direct;
    this.#clock = parts.clock;
    this.#truth = parts.truth;
    this.#hasOffset = hasOffset;
  }

  /** About the frame that is played now. */
  frameNow(): number {
    return this.#frame + ((performance.now() - this.#frameMs) * RATE) / 1000;
  }

  /** Null when a line went down: nobody knows what became of it. */
  async press(): Promise<Pressed | null> {
    const handMs = performance.now();
    const at = this.#hasOffset ? this.#clock.toServer(handMs) : handMs;
    const trueMs = this.#truth.toServer(handMs);
    const command = { cmd: 'TRIGGER_SLOT', quantized: true, bars: 1 };
    const [told, true_] = await Promise.all([
      this.#client.ask({ ...command, slot: SLOTS.client, at }),
      this.#direct.ask({ ...command, slot: SLOTS.direct, at: trueMs }),
    ]);
    if (told === null || true_ === null) return null;
    if (told.type !== 'OK' || true_.type !== 'OK') {
      throw new Error(`a press was refused: ${JSON.stringify([told, true_])}`);
    }
    const { pressFrame } = true_.result as Json;
    this.#frame = pressFrame;
    this.#frameMs = handMs;
    const arrivedLate = pressFrame + ((JITTER_MS.least + JITTER_MS.more / 2) * RATE) / 1000;
    const wanted = windowOf(pressFrame);
    const distance = Math.abs((pressFrame % BAR_FRAMES) - POINT_FRAMES);
    return {
      clockErrorMs: this.#clock.toServer(handMs) - trueMs,
      errorMs: msOf(told.result.pressFrame - pressFrame),
      isRight:
        distance < UNSURE_FRAMES
          ? null
          : told.result.fromFrame === wanted.from && told.result.toFrame === wanted.to,
      wouldBeWrong: windowOf(arrivedLate).to !== wanted.to,
    };
  }
}

const run = async (product: Product, how: Taps, seed: number): Promise<TrialResult> => {
  const random = makeRandom(seed);
  const delayMs = () => JITTER_MS.least + JITTER_MS.more * random();
  const line = await openBadLine(product.url, { delayMs });
  const client = new Follower({ name: 'client', url: line.url });
  const direct = new Follower({ name: 'direct', url: product.url });
  const clock = new PagePings(client);
  const truth = new PagePings(direct);
  try {
    const areLive = () => client.isLive && direct.isLive;
    await until('both are there', areLive, LIVE_MS_MAX);
    clock.begin();
    truth.begin();
    await Bun.sleep(SETTLE_MS);
    const hand = new Hand({ client, direct, clock, truth }, how.hasOffset);
    await hand.press();
    const all: Pressed[] = [];
    let unanswered = 0;
    while (all.length < how.presses) {
      await Bun.sleep(waitMs(hand.frameNow(), random));
      const pressed = await hand.press();
      if (pressed !== null) all.push(pressed);
      else {
        unanswered += 1;
        await until('both are there again', areLive, LIVE_MS_MAX);
      }
    }
    const sure = all.filter(({ isRight }) => isRight !== null);
    const right = sure.filter(({ isRight }) => isRight).length;
    const clockErrors = all.map(({ clockErrorMs }) => Math.abs(clockErrorMs));
    const errors = all.map(({ errorMs }) => Math.abs(errorMs));
    return {
      faults:
        right === sure.length
          ? []
          : [`${sure.length - right} of ${sure.length} presses took another bar`],
      counts: {
        presses: all.length,
        unanswered,
        unsure: all.length - sure.length,
        right,
        wrong: sure.length - right,
        wrongIfCountedOnArrival: all.filter(({ wouldBeWrong }) => wouldBeWrong).length,
        clockErrorP50MsMax: tenths(share(clockErrors, 0.5)),
        clockErrorP95MsMax: tenths(share(clockErrors, 0.95)),
        clockErrorMsMax: tenths(Math.max(...clockErrors)),
        errorP50MsMax: tenths(share(errors, 0.5)),
        errorP95MsMax: tenths(share(errors, 0.95)),
        errorMsMax: tenths(Math.max(...errors)),
        truthRoundTripUsMax: Math.round(1000 * truth.roundTripMs()),
      },
    };
  } finally {
    for (const each of [clock, truth]) each.end();
    for (const each of [client, direct, line]) each.close();
  }
};

const open = async (how: Taps): Promise<RigSession> => {
  const product = await startStage();
  return {
    trial: (seed) => run(product, how, seed),
    async close() {
      const exit = await product.stop();
      return exit === 0 ? [] : [`it ended with ${exit}`];
    },
  };
};

export const taps = (how: Taps): Rig => ({ missing: () => null, open: () => open(how) });
