/** Every take of the session: what it is and how safe it is. */
import type { TakeInfo, TakeNote } from '../../../protocol/link.ts';
import type { CoreTakeRange, CoreTakeSource } from '../core/port.ts';
import type { SlotContent } from '../state/events.ts';
import { heardLayers, playedTakes, type Recipe } from './recipe.ts';
import { modeOf, type RiffLoop } from '../riffs/riff.ts';
import { barFramesOf, type Holder, isSpooled, TakePlaces } from './take-places.ts';
import { type TakeFile, TakeSafety } from './take-safety.ts';

/**
 * Written once; frames are those of its run, or of its loop when it was made of others, at `rateHz`.
 * So are those of every loop and layer of it: only `sounds.ts` counts as the engine does.
 */
export interface Take {
  readonly id: string;
  readonly runId: string;
  readonly source: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly rateHz: number;
  readonly framesPerBeat: number;
  readonly bpm: number;
  readonly bars: number;
  readonly originBeat: number;
  readonly lengthBeats: number;
  readonly offsetFrames: number;
  readonly pressFrame: number;
  readonly tainted: boolean;
  readonly acrossChange: boolean;
  readonly recovered: boolean;
  /** Its capture was cancelled before the window ended: in no riff, never called saved. */
  readonly loose: boolean;
  readonly createdMs: number;
  /** Of a derived loop: what it is made of. */
  readonly recipe?: Recipe;
}

/** What is kept of a take beside what was heard. */
export interface DrySide {
  /** The take before the plug-ins of the input. */
  readonly takeId: string;
  readonly notes: readonly TakeNote[];
}

/** A take as it was played, as the loop of a slot. */
export const loopOf = (take: Take): RiffLoop => ({
  takeId: take.id,
  bars: take.bars,
  lengthBeats: take.lengthBeats,
  originBeat: take.originBeat,
  offsetFrames: take.offsetFrames,
});

export class Takes {
  readonly #places: TakePlaces;
  readonly #takes = new Map<string, Take>();
  /** Of these the window has not ended: they can be asked for, and no slot plays them. */
  readonly #begun = new Map<string, Take>();
  readonly #safety = new TakeSafety();
  readonly #order = new Map<string, number>();
  readonly #drySides = new Map<string, DrySide>();

  constructor(dataFolder: string) {
    this.#places = new TakePlaces(dataFolder);
  }

  has(id: string): boolean {
    return this.#takes.has(id);
  }

  get(id: string): Take | undefined {
    return this.#takes.get(id);
  }

  /** Those that were played, not made of others; frames are those of their runs. */
  played(): Take[] {
    return [...this.#takes.values()].filter(({ recipe }) => !recipe);
  }

  isSaved(id: string): boolean {
    return this.#safety.of(id).saved;
  }

  /** A derived one is as durable as what it is made of. */
  isDurable(id: string): boolean {
    const take = this.get(id);
    if (!take?.recipe) return this.#safety.of(id).durable;
    return playedTakes(take, this).every((played) => this.isDurable(played.id));
  }

  /** Which of two came first; takes made at one moment are told apart by their order. */
  isOlder(a: string, b: string): boolean {
    const [ours, theirs] = [this.get(a)?.createdMs ?? 0, this.get(b)?.createdMs ?? 0];
    return ours === theirs ? this.#orderOf(a) < this.#orderOf(b) : ours < theirs;
  }

  /** Undefined when no plug-in changed it. */
  drySide(id: string): DrySide | undefined {
    return this.#drySides.get(id);
  }

  setDrySide(id: string, side: DrySide): void {
    this.#drySides.set(id, side);
  }

  /** Its window ends later; until it is added or forgotten, what is known of it may change. */
  begin(take: Take): void {
    this.#begun.set(take.id, take);
  }

  forget(id: string): void {
    this.#begun.delete(id);
  }

  /** One that is still being made. */
  begun(id: string): Take | undefined {
    return this.#begun.get(id);
  }

  add(take: Take): void {
    this.forget(take.id);
    if (this.has(take.id)) return;
    this.#takes.set(take.id, take);
    this.#order.set(take.id, this.#order.size);
  }

  /** Their sound was damaged, and that of what is made of them; returns all that this is news of. */
  taint(ids: readonly string[]): string[] {
    for (const id of ids) {
      const begun = this.#begun.get(id);
      if (begun) this.#begun.set(id, { ...begun, tainted: true });
    }
    const hurt = new Set(ids);
    const news = [...this.#takes.values()].filter(
      (take) => !take.tainted && playedTakes(take, this).some(({ id }) => hurt.has(id)),
    );
    for (const take of news) this.#takes.set(take.id, { ...take, tainted: true });
    return news.map((take) => take.id);
  }

  /** One that was stored before. */
  restore(take: Take): void {
    this.add(take);
    if (take.loose) return;
    this.setDurable(take.id);
    this.setSaved(take.id);
  }

  setDurable(id: string): void {
    this.#safety.of(id).durable = true;
  }

  setSaved(id: string): void {
    this.#safety.of(id).saved = true;
  }

  setDamaged(id: string, isDamaged: boolean): void {
    this.#safety.of(id).damaged = isDamaged;
  }

  setGone(id: string): void {
    this.#safety.of(id).gone = true;
  }

  setFile(file: TakeFile): void {
    this.#safety.of(file.takeId)[file.part] = file;
  }

  /** Those it has. */
  files(id: string): TakeFile[] {
    const { rolls, window } = this.#safety.of(id);
    return [window, rolls].filter((file) => file !== null);
  }

  /** Frames of runs that a take needs and no file of its own holds; a bar around each is to come. */
  unfiled(): { runId: string; fromFrame: number; toFrame: number }[] {
    const isUnfiled = (take: Take) => {
      const { gone, rolls, window } = this.#safety.of(take.id);
      return !take.recipe && isSpooled(take) && !gone && (!window || !rolls);
    };
    return [...this.#begun.values(), ...[...this.#takes.values()].filter(isUnfiled)].map((take) => {
      const { fromFrame, runId, toFrame } = take;
      const bar = barFramesOf(take);
      return { runId, fromFrame: fromFrame - bar, toFrame: toFrame + bar };
    });
  }

  info(id: string): TakeInfo | null {
    const take = this.get(id) ?? this.#begun.get(id);
    if (!take) return null;
    const { window, saved } = this.#safety.of(id);
    return {
      id: take.id,
      source: take.source,
      fromFrame: take.fromFrame,
      toFrame: take.toFrame,
      rateHz: take.rateHz,
      bars: take.bars,
      bpm: take.bpm,
      originBeat: take.originBeat,
      lengthBeats: take.lengthBeats,
      offsetFrames: take.offsetFrames,
      sha256: window?.sha256 ?? null,
      saved,
      tainted: take.tainted,
      acrossChange: take.acrossChange,
      dryTakeId: this.drySide(id)?.takeId ?? null,
      notes: this.drySide(id)?.notes ?? [],
      location: this.#location(take, window),
    };
  }

  /** What a slot shows of this loop. */
  content(loop: RiffLoop): SlotContent {
    const { bars, lengthBeats, originBeat, takeId } = loop;
    const take = this.get(takeId);
    const tainted = take?.tainted ?? false;
    const acrossChange = take?.acrossChange ?? false;
    const damaged = take !== undefined && this.#isDamaged(take);
    const saved = this.isSaved(takeId);
    const tempoMode = modeOf(loop);
    const tail = loop.tail ?? false;
    const layerCount = take ? heardLayers(take, this).length : 1;
    const about = { saved, tainted, acrossChange, damaged, tempoMode, tail, layerCount };
    return { takeId, bars, lengthBeats, originBeat, ...about };
  }

  /** Where to read it from, the best place first. */
  sources(id: string): CoreTakeSource[] {
    const take = this.get(id);
    return take && !take.recipe ? this.#places.sources(take, this.#safety.of(id)) : [];
  }

  /** Where to read what was played in the bar after its window, the best place first. */
  postRoll(id: string): CoreTakeSource[] {
    const take = this.get(id);
    return take && !take.recipe ? this.#places.postRoll(take, this.#safety.of(id)) : [];
  }

  /** Its frames, to be found wherever they are. */
  range(take: Take): CoreTakeRange {
    return this.#places.range(take, this.#holder(take));
  }

  /** The older take whose files hold the most of these frames: a bar around its window too. */
  #holder(take: Take): Holder | undefined {
    let best: Holder | undefined;
    let most = 0;
    for (const older of this.played()) {
      const { window, rolls } = this.#safety.of(older.id);
      if (!window || older.runId !== take.runId || older.source !== take.source) continue;
      const fromFrame = older.fromFrame - (rolls?.preFrames ?? 0);
      const toFrame = older.toFrame + (rolls ? barFramesOf(older) : 0);
      const held = Math.min(toFrame, take.toFrame) - Math.max(fromFrame, take.fromFrame);
      if (held <= most) continue;
      most = held;
      best = { older, window, rolls };
    }
    return best;
  }

  /** A derived one is as whole as what it is made of. */
  #isDamaged(take: Take): boolean {
    return playedTakes(take, this).some(({ id }) => this.#safety.of(id).damaged);
  }

  #orderOf(id: string): number {
    return this.#order.get(id) ?? 0;
  }

  #location(take: Take, window: TakeFile | null): TakeInfo['location'] {
    if (take.recipe) return { kind: 'derived', layers: heardLayers(take, this) };
    if (window) return { kind: 'file', path: this.#places.audioPath(window) };
    return { kind: 'spool', folder: this.#places.spoolFolder(take) };
  }
}
