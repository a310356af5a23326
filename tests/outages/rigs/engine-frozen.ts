/**
 * The engine's JavaScript stands still while a loop plays: the sound goes on, the page is told that nothing
 * is obeyed at the moment, and nothing is killed. By turns the gateway is killed meanwhile: the next one
 * knows it too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import type { Mutation } from '../../faults/stand/mutant.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { during, lostFaults } from '../stand/books.ts';
import { LateBlocks } from '../stand/late-blocks.ts';
import { OpenStage } from '../stand/open-stage.ts';
import { standsStill } from '../stand/plants.ts';
import type { Stage } from '../stand/stage.ts';

export interface FrozenRigOptions {
  readonly ms: number;
  /** Without a control nothing is said of late blocks. */
  readonly hasControl?: boolean;
  readonly plants?: readonly Mutation[];
}

const MS = 60_000;
const FROZEN = 1011;
/** Beats are looked for four times a second. */
const TOLD_MS_MAX = 5500;
const SETTLED_MS = 500;
/** A hurried machine gets so much more. */
const SLACK_MS = 1500;

const blocksOf = ({ product }: Stage): bigint =>
  readFileSync(join(product.data, 'run', 'blocks')).readBigUInt64LE(0);

class Freezes implements RigSession {
  readonly #options: FrozenRigOptions;
  readonly #open: OpenStage;
  readonly #late = new LateBlocks();

  constructor(options: FrozenRigOptions) {
    this.#options = options;
    this.#open = new OpenStage({ plants: [standsStill(options.ms), ...(options.plants ?? [])] });
  }

  async trial(seed: number): Promise<TrialResult> {
    const stage = await this.#open.stage(seed);
    const { page } = stage;
    const { hasControl = true, ms } = this.#options;
    const before = await stage.health();
    const deaths = stage.logged('engine process died');
    const since = page.told.length;
    let start = 0;
    const told = () => page.told.slice(since);
    const isKilled = seed % 2 === 1;
    let blocks = 0n;
    let seenMs = Number.NaN;
    const freeze = await during(stage, async () => {
      const first = blocksOf(stage);
      start = performance.now();
      process.kill(before.enginePid, 'SIGUSR2');
      const notice = () => told().find(({ code, type }) => type === 'NOTICE' && code === FROZEN);
      const seen = await until('it is told', notice, ms + SLACK_MS).catch(() => null);
      seenMs = (seen?.atMs ?? Number.NaN) - start;
      if (isKilled && seen !== null) process.kill(before.gatewayPid, 'SIGKILL');
      await Bun.sleep(Math.max(0, ms - SETTLED_MS - (performance.now() - start)));
      blocks = blocksOf(stage) - first;
      await until('frames come', () => page.frameMs() > start + ms, MS);
    });
    const control = hasControl ? await during(stage, () => Bun.sleep(freeze.ms)) : null;
    if (control) this.#late.add(freeze, control);
    const after = await stage.health();
    const words = told().map(({ code, type }) => (code === null ? type : `${type} ${code}`));
    return {
      faults: [
        ...lostFaults(freeze),
        ...(seenMs <= TOLD_MS_MAX + SLACK_MS ? [] : ['nobody was told that nothing is obeyed']),
        ...(words.includes('NOTICE 1010') ? ['the page was told of a restart'] : []),
        ...(words.at(-1) === 'STATE_FULL' ? [] : [`the page was told last: ${words.at(-1)}`]),
        ...(after.enginePid === before.enginePid ? [] : ['the engine is another one']),
        ...(stage.logged('engine process died') === deaths ? [] : ['an engine died']),
        ...(blocks > 0n ? [] : ['the count of blocks on disk stood still']),
      ],
      counts: {
        toldMs: Math.round(seenMs),
        toldTimes: words.filter((word) => word === `NOTICE ${FROZEN}`).length,
        gatewaysKilled: Number(isKilled),
        frames: freeze.frames,
        lateBlocks: freeze.xruns,
        lostFramesMax: freeze.lostFrames,
        ...(control && {
          controlFrames: control.frames,
          controlLateBlocks: control.xruns,
          controlLostFramesMax: control.lostFrames,
        }),
      },
    };
  }

  async close(): Promise<string[]> {
    return [...this.#late.faults(), ...(await this.#open.ended())];
  }
}

export const engineFrozen = (options: FrozenRigOptions): Rig => ({
  missing: () => (process.platform === 'linux' ? null : 'the count of blocks is read on Linux'),
  open: () => Promise.resolve(new Freezes(options)),
});
