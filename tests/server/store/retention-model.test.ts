/**
 * Random lives of a spool: takes that get their files late, exports and reach-backs that come and go,
 * runs that end, disks that fill, removals cut off between two steps. What is needed is there.
 */
import { afterAll, expect, test } from 'bun:test';
import { appendFileSync, existsSync, unlinkSync } from 'node:fs';
import type { DoomedSegment, RemovalFiles } from '../../../server/session/retention/sweep.ts';
import { segmentsOf, spoolRuns } from '../../../server/session/spool-files.ts';
import { makeRandom } from '../../support/random.ts';
import { printedSeed } from '../../support/seed.ts';
import { SpoolRig } from './retention-rig.ts';

const LIVES = 200;
const STEPS = 60;
const BAR = 10;

interface Need {
  /** Segments that hold a frame of it. */
  readonly paths: readonly string[];
  /** Files the take still lacks; an export or a reach-back has none to come. */
  lacks: ('window' | 'rolls')[];
  readonly takeId: string | null;
}

/** How a sweep goes wrong on purpose. */
type Fault = 'none' | 'session pins ignored' | 'take pins ignored';

class Life {
  readonly rig = new SpoolRig();
  readonly needs = new Set<Need>();
  readonly #random: () => number;
  readonly #fault: Fault;
  #blind: SpoolRig | null = null;
  cuts = 0;
  removed = 0;

  constructor(random: () => number, fault: Fault) {
    this.#random = random;
    this.#fault = fault;
    // Of takes it knows nothing.
    if (fault === 'take pins ignored') this.#blind = new SpoolRig();
    this.rig.play(8);
  }

  end(): void {
    this.rig.end();
    this.#blind?.end();
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  step(): void {
    const steps = [
      () => this.rig.play(1 + this.below(6)),
      () => this.rig.play(1 + this.below(6)),
      () => this.#take(),
      () => this.#take(),
      () => this.#file(),
      () => this.#file(),
      () => this.#reach(),
      () => this.#letGo(),
      () => this.#time(),
      () => this.#newRun(),
      () => this.#disk(),
      () => this.#sweep(),
      () => this.#sweep(),
      () => this.#sweep(),
    ];
    steps[this.below(steps.length)]?.();
  }

  /** What something needs and is not there any more. */
  missing(): string[] {
    return [...this.needs].flatMap(({ paths }) => paths.filter((path) => !existsSync(path)));
  }

  /** Some frames that are kept. */
  #frames() {
    const runs = spoolRuns(this.rig.spool).toSorted();
    const runId = runs[this.below(runs.length)] ?? this.rig.runId;
    const segments = segmentsOf(this.rig.spool, runId);
    const at = segments[this.below(segments.length)];
    if (!at) return null;
    const fromFrame = at.firstFrame + this.below(50);
    const toFrame = fromFrame + 1 + this.below(100);
    const holding = (from: number, to: number) =>
      segments
        .filter(({ firstFrame, toFrame: end }) => firstFrame < to && end > from)
        .map(({ path }) => path);
    return { runId, fromFrame, toFrame, holding };
  }

  #take(): void {
    const frames = this.#frames();
    if (!frames) return;
    const { fromFrame, holding, runId, toFrame } = frames;
    const takeId = this.rig.take(runId, fromFrame, toFrame);
    const paths = holding(fromFrame - BAR, toFrame + BAR);
    this.needs.add({ paths, lacks: ['window', 'rolls'], takeId });
  }

  #file(): void {
    const waiting = [...this.needs].filter(({ takeId }) => takeId !== null);
    const need = waiting[this.below(waiting.length)];
    const part = need?.lacks.shift();
    if (!need || !part || need.takeId === null) return;
    this.rig.file(need.takeId, part);
    if (need.lacks.length === 0) this.needs.delete(need);
  }

  #reach(): void {
    const frames = this.#frames();
    if (!frames) return;
    const { fromFrame, holding, runId, toFrame } = frames;
    this.rig.pins.push({ runId, fromFrame, toFrame });
    this.needs.add({ paths: holding(fromFrame, toFrame), lacks: [], takeId: null });
  }

  #letGo(): void {
    this.rig.pins = [];
    for (const need of this.needs) if (need.takeId === null) this.needs.delete(need);
  }

  #time(): void {
    const seconds = this.below(40_000);
    this.rig.nowMs += 1000 * seconds;
  }

  #newRun(): void {
    if (this.below(3) > 0) return;
    this.rig.beginRun();
    this.rig.play(1);
  }

  #disk(): void {
    this.rig.disk = { freeBytes: this.below(2) * 1e12, diskBytes: 2e12 };
  }

  /** One look; what is chosen may be removed only in part. */
  #sweep(): void {
    const { rig } = this;
    const sessionPins = this.#fault === 'session pins ignored' ? [] : rig.pins;
    const { doomed } = this.#blind ? this.#blindLook() : rig.look(sessionPins);
    const files = this.#cutFiles(doomed.length);
    this.removed += this.#blind ? this.#blind.forget(doomed, files) : rig.forget(doomed, files);
  }

  #blindLook(): { doomed: readonly DoomedSegment[] } {
    const { rig } = this;
    const blind = this.#blind;
    if (!blind) throw new Error('it sees');
    Object.assign(blind, { nowMs: rig.nowMs, newestFrame: rig.newestFrame, disk: rig.disk });
    Object.assign(blind, { runId: rig.runId, spool: rig.spool });
    return blind.look(rig.pins);
  }

  /** In two of three sweeps all is done; else nothing from one moment on: before a note or a removal. */
  #cutFiles(count: number): RemovalFiles {
    let left = this.below(3) === 0 ? this.below(2 * count + 1) : Number.POSITIVE_INFINITY;
    const act = (work: () => void) => {
      if (left < 1) {
        this.cuts += 1;
        throw new Error('cut off');
      }
      left -= 1;
      work();
    };
    return {
      append: (path, line) => act(() => appendFileSync(path, line)),
      remove: (path) => act(() => unlinkSync(path)),
    };
  }
}

const seed = printedSeed();
const counts = { lives: 0, cuts: 0, removedBytes: 0 };
afterAll(() => {
  console.log(JSON.stringify({ seed, ...counts }));
});

/** Lives until one lost something; how many there were. */
const livesTo = (fault: Fault, most: number): number => {
  const random = makeRandom(seed);
  for (let life = 1; life <= most; life += 1) {
    const one = new Life(random, fault);
    try {
      for (let step = 0; step < STEPS; step += 1) {
        one.step();
        if (one.missing().length > 0) return life;
      }
      one.rig.disk = { freeBytes: 0, diskBytes: 2e12 };
      if (fault === 'none') one.rig.sweep();
      if (one.missing().length > 0) return life;
      counts.lives += 1;
      counts.cuts += one.cuts;
      counts.removedBytes += one.removed;
    } finally {
      one.end();
    }
  }
  return most + 1;
};

test(`in ${LIVES} lives nothing that is needed goes`, () => {
  expect(livesTo('none', LIVES)).toBe(LIVES + 1);
  expect(counts.cuts).toBeGreaterThan(0);
  expect(counts.removedBytes).toBeGreaterThan(0);
}, 60_000);

test.each(['session pins ignored', 'take pins ignored'] as const)(
  '%s: caught',
  (fault) => {
    expect(livesTo(fault, LIVES)).toBeLessThanOrEqual(LIVES);
  },
  60_000,
);
