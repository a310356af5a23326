/**
 * The gateway dies or hangs while a loop plays: does the engine notice, and when is everybody back?
 *
 * After each outage as much time goes by without one: the control of the same minute. Then a gateway is
 * started beside it, to know what a start costs on this machine.
 */
import { until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Mutation } from '../../faults/stand/mutant.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { during, lostFaults, type While } from '../stand/books.ts';
import { OUTAGES, type OutageName } from '../stand/gateway-outages.ts';
import { LateBlocks } from '../stand/late-blocks.ts';
import { plainStartMs } from '../stand/plain-start.ts';
import { TROUBLED_GATEWAY } from '../stand/plants.ts';
import { OpenStage } from '../stand/open-stage.ts';
import type { Stage } from '../stand/stage.ts';

export interface GatewayRigOptions {
  /** By turns. */
  readonly outages: readonly OutageName[];
  /** For negative controls. */
  readonly plants?: readonly Mutation[];
  /** The engine is stopped meanwhile for so long. */
  readonly stumbleMs?: number;
  /** Who is not back by then is given up. */
  readonly patienceMs?: number;
}

const MS = 60_000;
const PAUSE_MS_MAX = 250;
const SETTLED_MS = 500;
const ASK_MS = 10;
/** A heartbeat is late by a second, and looked for four times a second. */
const FOUND_MS_MAX = 1500;
/** So many times a plain start are allowed until the port is back: the machine is not alone. */
const STARTS_MAX = 10;

interface Back {
  readonly portMs: number;
  readonly pageMs: number;
}

/** Asked again and again, whether or not an answer has come: a hung gateway takes calls and says nothing. */
const isPortBack = (url: string, oldPid: number): (() => boolean) => {
  let isBack = false;
  const ask = async () => {
    const answer = await fetch(new URL('/api/health', url)).catch(() => null);
    const told = (await answer?.json().catch(() => null)) as { gatewayPid?: number } | null;
    if (told?.gatewayPid !== undefined && told.gatewayPid !== oldPid) isBack = true;
  };
  let askedMs = 0;
  return () => {
    if (performance.now() - askedMs >= ASK_MS) {
      askedMs = performance.now();
      void ask();
    }
    return isBack;
  };
};

class Gateways implements RigSession {
  readonly #options: GatewayRigOptions;
  readonly #open: OpenStage;
  readonly #late = new LateBlocks();

  constructor(options: GatewayRigOptions) {
    this.#options = options;
    this.#open = new OpenStage({ plants: [TROUBLED_GATEWAY, ...(options.plants ?? [])] });
  }

  async trial(seed: number): Promise<TrialResult> {
    const random = makeRandom(seed);
    const stage = await this.#open.stage(seed);
    const { outages } = this.#options;
    const name = outages[seed % outages.length] ?? 'killed';
    await until('the page is served', () => performance.now() - stage.page.frameMs() < SETTLED_MS);
    await Bun.sleep(random() * PAUSE_MS_MAX);
    const back: Back[] = [];
    const outage = await during(stage, async () => {
      back.push(await this.#outage(stage, name));
      await Bun.sleep(SETTLED_MS);
    });
    const control = await during(stage, () => Bun.sleep(outage.ms));
    const plainMs = await plainStartMs(stage.env);
    this.#late.add(outage, control);
    return this.#told(name, { outage, control, plainMs, back: back[0] });
  }

  async close(): Promise<string[]> {
    return [...this.#late.faults(), ...(await this.#open.ended())];
  }

  async #outage(stage: Stage, name: OutageName): Promise<Back> {
    const { page, product } = stage;
    const { patienceMs = 30_000, stumbleMs = 0 } = this.#options;
    const { enginePid, gatewayPid } = await stage.health();
    await OUTAGES[name].begin(gatewayPid);
    const start = performance.now();
    const since = page.told.length;
    if (stumbleMs > 0) {
      process.kill(enginePid, 'SIGSTOP');
      setTimeout(() => process.kill(enginePid, 'SIGCONT'), stumbleMs);
    }
    const isBack = isPortBack(product.url, gatewayPid);
    const isFound = await until('the port answers', isBack, patienceMs).catch(() => false);
    const portMs = isFound ? performance.now() - start : Number.POSITIVE_INFINITY;
    if (!isFound) process.kill(gatewayPid, 'SIGKILL');
    const isServed = () => {
      const welcome = page.told.slice(since).find(({ type }) => type === 'WELCOME');
      return welcome !== undefined && page.frameMs() > welcome.atMs;
    };
    await until('the page is served again', isServed, MS);
    return { portMs, pageMs: page.frameMs() - start };
  }

  #told(name: OutageName, { back, control, outage, plainMs }: Tried): TrialResult {
    const { isHang } = OUTAGES[name];
    const { pageMs = Number.NaN, portMs = Number.NaN } = back ?? {};
    const allowedMs = (isHang ? FOUND_MS_MAX : 0) + STARTS_MAX * plainMs;
    return {
      faults: [
        ...lostFaults(outage),
        ...(portMs <= allowedMs
          ? []
          : [`the port was not back within ${Math.round(allowedMs)} ms`]),
      ],
      counts: {
        ...(Number.isFinite(portMs) && { portMs: Math.round(portMs), pageMs: Math.round(pageMs) }),
        plainMs: Math.round(plainMs),
        frames: outage.frames,
        lateBlocks: outage.xruns,
        controlFrames: control.frames,
        controlLateBlocks: control.xruns,
        lostFramesMax: outage.lostFrames,
        controlLostFramesMax: control.lostFrames,
      },
    };
  }
}

interface Tried {
  readonly outage: While;
  readonly control: While;
  readonly plainMs: number;
  readonly back: Back | undefined;
}

export const gatewayRig = (options: GatewayRigOptions): Rig => ({
  missing: () =>
    process.platform === 'linux' ? null : 'processes are looked at in /proc of Linux',
  open: () => Promise.resolve(new Gateways(options)),
});
