/**
 * A life of a data folder in which whatever removes something does so at any moment: the sweep of the
 * past, the trash, the keeper that finds what is nobody's, the player who gives a session away; each
 * cut off between any two changes.
 *
 * Beside it stands what the player would miss. Store, spool and audio files are real ones.
 */
import { existsSync, mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FoundFile, KeeperNews } from '../../../server/session/keeper/keeper-port.ts';
import { goRound } from '../../../server/session/keeper/round.ts';
import { noteTorn } from '../../../server/session/store/trash.ts';
import { write } from '../../../server/session/store/write.ts';
import { anyFrames } from './any-frames.ts';
import { type Blindness, seenBlindly } from './blind-store.ts';
import { CutSweeps } from './cut-sweeps.ts';
import { GivenSession } from './given-session.ts';
import { GIVEN, KeptFiles, STAYS } from './kept-files.ts';
import { SpoolRig } from './retention-rig.ts';
import { makeTake } from './samples.ts';
import { FRAMES, type Sound, soundOf, TORN_BYTES } from './tiny-sounds.ts';

const DAY_MS = 86_400_000;
const TRASH_MS = 30 * DAY_MS;
const BAR = 10;
/** Few enough that a file of nobody's often has the name that a take's file will have. */
const SOUNDS = 8;

type Part = 'window' | 'rolls';

interface Need {
  /** Segments that hold a frame of it. */
  readonly paths: readonly string[];
  /** Files the take still lacks; an export or a reach-back has none to come. */
  readonly lacks: Part[];
  readonly takeId: string | null;
}

export class RemovalWorld {
  readonly rig = new SpoolRig();
  readonly #needs = new Set<Need>();
  readonly #kept = new KeptFiles();
  readonly #given = new GivenSession(this.rig, this.#kept);
  /** When a file of nobody's was first told of. */
  readonly #tornSinceMs = new Map<string, number>();
  readonly #random: () => number;
  readonly #sweeps: CutSweeps;
  readonly #audio = join(this.rig.folder, 'audio');
  readonly #trash = join(this.rig.folder, 'trash');
  #adopted = 0;

  constructor(random: () => number, blindness: Blindness = 'none') {
    this.#random = random;
    this.#sweeps = new CutSweeps(this.rig, (count) => this.#below(count), blindness);
    this.rig.seen = (db) => seenBlindly(db, blindness);
    mkdirSync(this.#audio);
    this.rig.play(8);
  }

  get counts() {
    return { ...this.#sweeps.counts, adopted: this.#adopted };
  }

  async step(): Promise<void> {
    const steps = [
      () => this.rig.play(1 + this.#below(6)),
      () => this.rig.play(1 + this.#below(6)),
      () => this.#take(),
      () => this.#take(),
      () => this.#file(),
      () => this.#file(),
      () => this.#stray(),
      () => this.#stray(),
      () => this.#damage(),
      () => this.#given.share((count) => this.#below(count)),
      () => this.#sweeps.cutOff(() => this.#consent()),
      () => this.#reach(),
      () => this.#letGo(),
      () => this.#time(),
      () => this.#time(),
      () => this.#newRun(),
      () => this.#disk(),
      () => this.#sweeps.cutOff(() => this.#sweeps.past()),
      () => this.#sweeps.cutOff(() => this.#sweeps.past()),
      () => this.#sweeps.cutOff(() => this.#sweeps.trash()),
      () => this.#sweeps.cutOff(() => this.#sweeps.trash()),
      () => this.#goRound(),
    ];
    await steps[this.#below(steps.length)]?.();
  }

  /** What is needed and is not there, or went too soon. */
  missing(): string[] {
    const sound = [...this.#needs].flatMap(({ paths }) =>
      paths.filter((path) => !existsSync(path)),
    );
    const files = this.#kept.all().filter((sha256) => !this.#isInPlace(sha256));
    const torn = [...this.#tornSinceMs].filter(
      ([sha256, sinceMs]) =>
        this.rig.nowMs - sinceMs < TRASH_MS &&
        !existsSync(this.#path(sha256)) &&
        !this.#isInTrash(sha256),
    );
    return [
      ...sound.map((path) => relative(this.rig.folder, path)),
      ...files,
      ...torn.map(([sha256]) => `${sha256}, before its month was over`),
    ];
  }

  end(): void {
    this.rig.end();
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #path(sha256: string): string {
    return join(this.#audio, `${sha256}.wav`);
  }

  #isInTrash(sha256: string): boolean {
    return existsSync(join(this.#trash, `${sha256}.wav`));
  }

  #isInPlace(sha256: string): boolean {
    const place = this.#kept.placeOf(sha256, this.rig.nowMs);
    if (place === 'anywhere' || existsSync(this.#path(sha256))) return true;
    return place === 'audio or trash' && this.#isInTrash(sha256);
  }

  #anySound(): Sound {
    return soundOf(this.#below(SOUNDS));
  }

  /** As the maker of files does: over whatever has its name. */
  #put(sha256: string, bytes: Buffer): void {
    writeFileSync(this.#path(sha256), bytes);
    utimesSync(this.#path(sha256), this.rig.nowMs / 1000, this.rig.nowMs / 1000);
  }

  #take(): void {
    const frames = anyFrames(this.rig, (count) => this.#below(count));
    if (!frames) return;
    const { fromFrame, holding, runId, toFrame } = frames;
    const isGiven = !this.#kept.isGiven && this.#below(2) === 0;
    const sessionId = isGiven ? GIVEN : STAYS;
    const about = { loose: this.#below(3) === 0, sessionId };
    const takeId = this.rig.take(runId, fromFrame, toFrame, about);
    this.#kept.addTake(takeId, sessionId);
    const paths = holding(fromFrame - BAR, toFrame + BAR);
    this.#needs.add({ paths, lacks: ['window', 'rolls'], takeId });
  }

  /** A take's next file; it may all end between the file and its row. */
  #file(): void {
    const waiting = [...this.#needs].filter(({ takeId }) => takeId !== null);
    const need = waiting[this.#below(waiting.length)];
    const part = need?.lacks[0];
    if (!need || !part || need.takeId === null) return;
    const { bytes, sha256 } = this.#anySound();
    this.#put(sha256, bytes);
    this.#tornSinceMs.delete(sha256);
    if (this.#below(6) === 0) {
      this.#kept.add(sha256, null);
      return;
    }
    this.#kept.add(sha256, need.takeId);
    const file = { takeId: need.takeId, part, sha256, bytes: bytes.length, preFrames: 0 };
    write(this.rig.db, { kind: 'takeFile', file });
    need.lacks.shift();
    if (need.lacks.length === 0) this.#needs.delete(need);
  }

  /** A file that is nobody's and was never finished, under the name it would have had. */
  #stray(): void {
    const { bytes, sha256 } = this.#anySound();
    if (this.#kept.has(sha256) || existsSync(this.#path(sha256))) return;
    this.#put(sha256, bytes.subarray(0, TORN_BYTES));
  }

  /** What is left of a take's file is the player's too. */
  #damage(): void {
    const named = this.#kept.named();
    const path = this.#path(named[this.#below(named.length)] ?? '');
    if (existsSync(path)) truncateSync(path, TORN_BYTES);
  }

  /** The store sweeps when it is told. */
  #consent(): void {
    this.#given.consent();
    this.#sweeps.trash();
  }

  #reach(): void {
    const frames = anyFrames(this.rig, (count) => this.#below(count));
    if (!frames) return;
    const { fromFrame, holding, runId, toFrame } = frames;
    this.rig.pins.push({ runId, fromFrame, toFrame });
    this.#needs.add({ paths: holding(fromFrame, toFrame), lacks: [], takeId: null });
  }

  #letGo(): void {
    this.rig.pins = [];
    for (const need of this.#needs) if (need.takeId === null) this.#needs.delete(need);
  }

  #time(): void {
    this.rig.nowMs += this.#below(2) === 0 ? 1000 * this.#below(40_000) : this.#below(40) * DAY_MS;
  }

  #newRun(): void {
    if (this.#below(3) > 0) return;
    this.rig.beginRun();
    this.rig.play(1);
  }

  #disk(): void {
    this.rig.disk = { freeBytes: this.#below(2) * 1e12, diskBytes: 2e12 };
  }

  async #goRound(): Promise<void> {
    const { rig } = this;
    const news: KeeperNews[] = [];
    await goRound({
      dataFolder: rig.folder,
      nowMs: rig.nowMs,
      rest: () => Promise.resolve(),
      tell: (each) => news.push(each),
      onProgress: () => undefined,
    });
    for (const each of news) {
      if (each.t === 'found') for (const file of each.files) this.#adopt(file);
      if (each.t === 'torn') this.#sweeps.cutOff(() => this.#dropTorn(each.sha256s));
    }
  }

  #dropTorn(sha256s: readonly string[]): void {
    const { rig } = this;
    // Before the store answers a file of this name may be finished.
    if (this.#below(3) === 0) this.#file();
    rig.db.transaction(() => noteTorn(rig.seen(rig.db), sha256s, rig.nowMs)).immediate();
    for (const sha256 of sha256s) {
      if (!this.#kept.has(sha256) && !this.#tornSinceMs.has(sha256)) {
        this.#tornSinceMs.set(sha256, rig.nowMs);
      }
    }
    this.#sweeps.trash();
  }

  #adopt({ bytes, rateHz, sha256 }: FoundFile): void {
    const { db } = this.rig;
    const takeId = `found-${sha256}`;
    const runId = sha256.slice(0, 32);
    write(db, { kind: 'foundRun', runId, sessionId: 's', rateHz });
    const found = { ...makeTake(takeId), runId, fromFrame: 0, toFrame: FRAMES, recovered: true };
    write(db, { kind: 'take', sessionId: 's', take: found });
    const file = { takeId, part: 'window', sha256, bytes, preFrames: 0 } as const;
    write(db, { kind: 'takeFile', file });
    this.#kept.addTake(takeId, STAYS);
    this.#kept.add(sha256, takeId);
    this.#adopted += 1;
  }
}
