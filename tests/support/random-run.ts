/** A random life of the core in virtual time, with every kind of command, written to a log. */
import {
  COMMAND_FLAGS,
  COMMAND_KIND,
  type CommandKind,
  EVENT_KIND,
  RENDER_MODE,
} from '../../protocol/abi.ts';
import type { CommandRecord, EventRecord } from '../../server/engine/flow-core.generated.ts';
import type { FlowCore } from '../../server/engine/flow-core.ts';
import { Dice, makeRecord, type Playing } from '../guard/generators.ts';

type Command = Partial<CommandRecord>;

export interface RandomRun {
  readonly frames: number;
  readonly sent: number;
  readonly taken: number;
  /** What came of it: events of each kind, merges, and layers that joined. */
  readonly captures: number;
  readonly overdubs: number;
  readonly merges: number;
  readonly refused: number;
  /** End of the block that told of the first merge; -1 when there was none. */
  readonly firstMergeFrame: number;
}

export interface RandomShape {
  readonly seed: number;
  readonly frames: number;
  readonly rateHz: number;
  readonly slotCount: number;
  readonly sourceCount: number;
}

interface Take {
  readonly id: readonly number[];
  readonly frames: number;
  readonly framesPerBeat: number;
  readonly lengthBeats: number;
}

const KINDS = Object.keys(COMMAND_KIND) as CommandKind[];
const NONE = [0, 0, 0, 0];
/** So many as fit into the memory of a test. */
const TAKES_MAX = 250;
const MERGED_FRAMES_MAX = 400_000;
const FRAMES_AHEAD = 30_000;
const FRAMES_BACK = 20_000;

const isSame = (left: readonly number[], right: readonly number[]): boolean =>
  left.every((word, index) => word === right[index]);

class Player {
  readonly #core: FlowCore;
  readonly #shape: RandomShape;
  readonly #dice: Dice;
  readonly #takes: Take[] = [];
  readonly #merges: Take[] = [];
  readonly #plays: (readonly number[] | null)[];
  #serial = 0;
  #frame = 0;
  readonly counts = { sent: 0, taken: 0, captures: 0, overdubs: 0, merges: 0, refused: 0 };
  firstMergeFrame = -1;

  constructor(core: FlowCore, shape: RandomShape) {
    this.#core = core;
    this.#shape = shape;
    this.#dice = new Dice(shape.seed);
    this.#plays = Array.from({ length: shape.slotCount }, () => null);
  }

  /**
   * Plays the whole of it, in blocks of random length; PLAY follows each pause and panic soon.
   *
   * What the last block told is left unheard: it would be answered, and no block would take that in.
   */
  play(): void {
    const dice = this.#dice;
    while (this.#frame < this.#shape.frames) {
      for (const event of this.#core.poll()) this.#hear(event);
      if (dice.next() < 0.06) this.#sendGroup();
      if (dice.next() < 0.01) this.#send([this.#record('capture')]);
      if (dice.next() < 0.02) this.#send([{ kind: COMMAND_KIND.play }]);
      if (dice.next() < 0.02) this.#merge();
      const left = this.#shape.frames - this.#frame;
      const run = Math.min(left, 1 + dice.below(dice.coin() ? 512 : 3000));
      this.#core.step(run);
      this.#frame += run;
    }
  }

  #sendGroup(): void {
    const size = this.#dice.next() < 0.3 ? 1 + this.#dice.below(4) : 1;
    const group = Array.from({ length: size }, () => this.#record(this.#dice.of(KINDS)));
    this.#send(group.map((record) => ({ ...record, atFrame: group[0]?.atFrame ?? 0 })));
  }

  #send(group: readonly Command[]): void {
    this.counts.sent += 1;
    const told = group.map((record) => ({ ...record, token: this.#next() }));
    if (this.#core.send(told) === 0) this.counts.taken += 1;
  }

  #next(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** Values that mean something; what has none here comes from the generators of the guard. */
  #record(kind: CommandKind): Command {
    const dice = this.#dice;
    const base = {
      kind: COMMAND_KIND[kind],
      slot: dice.below(this.#shape.slotCount),
      flags: dice.below(16),
      atFrame: dice.coin() ? 0 : this.#frame + dice.below(FRAMES_AHEAD),
      atMs: dice.coin() ? 0 : this.#handMs(),
    };
    switch (kind) {
      case 'capture':
        return { ...base, ...this.#capture() };
      case 'slotSet':
        return { ...base, ...this.#content() };
      case 'slotSwap':
        return { ...base, ...this.#content(), other: this.#plays[base.slot] ?? NONE };
      case 'slotGain':
        return { ...base, a: dice.next() };
      case 'slotPan':
        return { ...base, a: dice.between(-1, 1) };
      case 'slotMute':
      case 'slotSolo':
        return { ...base, flags: dice.below(4) & (dice.next() < 0.6 ? 2 : 3) };
      case 'tempo':
        return { ...base, a: dice.between(200, 300) };
      case 'meter':
        return { ...base, a: 2 + dice.below(4), b: 4 };
      case 'metronome':
        return { ...base, flags: dice.below(2), a: 0.2 };
      case 'input':
        return { ...base, ...this.#input() };
      case 'latency':
        return { ...base, a: dice.below(4096), b: dice.below(2048) };
      case 'chainSet':
        return { ...base, ...this.#noChain() };
      case 'pluginParam':
        return { ...base, a: dice.below(100), b: dice.next() };
      case 'pluginNote':
        return { ...base, a: dice.below(128), b: dice.next() };
      default:
        return { ...makeRecord(kind, dice, this.#playing()), ...base };
    }
  }

  #handMs(): number {
    const frame = Math.max(1, this.#frame - this.#dice.below(FRAMES_BACK));
    return (1000 * frame) / this.#shape.rateHz;
  }

  /** What is played stays audible; its pairs come and go. */
  #input(): Command {
    const slot = this.#dice.below(this.#shape.sourceCount);
    const isOn = slot === 0 || this.#dice.coin();
    return { slot, flags: isOn ? COMMAND_FLAGS.on : 0, a: this.#dice.between(0.2, 1) };
  }

  /** A run with plug-ins cannot be repeated: no place gets any. */
  #noChain(): Command {
    return this.#dice.coin() ? { id: NONE } : { slot: 0, flags: COMMAND_FLAGS.input, id: NONE };
  }

  #capture(): Command {
    const { sourceCount } = this.#shape;
    const id = [9, 9, 9, this.counts.captures < TAKES_MAX ? this.#next() : 0];
    if (id[3] === 0) return { a: 0 };
    return { a: 1 + this.#dice.below(3), b: this.#dice.below(sourceCount), d: 0.95, id };
  }

  /** An older take, as UNDO and RECALL bring it back; or none. */
  #content(): Command {
    const dice = this.#dice;
    const all = [...this.#takes, ...this.#merges];
    if (all.length === 0 || dice.next() < 0.2) return { id: NONE };
    const { id, lengthBeats } = dice.of(all);
    return { a: dice.below(16), b: lengthBeats, c: dice.below(50), id };
  }

  /** Renders two loops into one; it is played when it comes. */
  #merge(): void {
    const dice = this.#dice;
    if (this.#takes.length < 2 || this.counts.merges >= TAKES_MAX) return;
    const parts = [dice.of(this.#takes), dice.of(this.#takes)];
    const [first] = parts;
    if (first === undefined || first.frames > MERGED_FRAMES_MAX) return;
    const merge = { ...first, id: [7, 7, 7, this.#next()] };
    const laid = parts.map(({ id }) => ({
      id,
      mode: dice.of([RENDER_MODE.repitch, RENDER_MODE.once]),
      startFrames: dice.below(1000),
      gainLeft: dice.next(),
      gainRight: dice.next(),
    }));
    if (this.#core.renderTake(merge, laid) === 0) this.#merges.push(merge);
  }

  #playing(): Playing[] {
    return this.#plays.flatMap((id, slot) => (id === null ? [] : [{ slot, id }]));
  }

  #hear(event: EventRecord): void {
    const { code, detail, framesPerBeat, id, kind, lengthBeats, slot } = event;
    if (kind === EVENT_KIND.captured) {
      this.counts.captures += 1;
      if (this.#plays[slot] !== null) this.counts.overdubs += 1;
      this.#plays[slot] = id;
      const frames = event.toFrame - event.fromFrame;
      this.#takes.push({ id, frames, framesPerBeat, lengthBeats });
    }
    if (kind === EVENT_KIND.takeLoaded && code === 0) this.#hearMerge(id);
    if (kind !== EVENT_KIND.applied) return;
    if (code !== 0) this.counts.refused += 1;
    const isContent = detail === COMMAND_KIND.slotSet || detail === COMMAND_KIND.slotSwap;
    if (isContent && code === 0) this.#plays[slot] = isSame(id, NONE) ? null : id;
  }

  /** Half of the merges take the place of what plays, as those of overdubs do. */
  #hearMerge(id: readonly number[]): void {
    const merge = this.#merges.find((one) => isSame(one.id, id));
    if (merge === undefined) return;
    this.counts.merges += 1;
    if (this.firstMergeFrame < 0) this.firstMergeFrame = this.#frame;
    const slot = this.#dice.below(this.#shape.slotCount);
    const other = this.#plays[slot] ?? null;
    const content = { slot, id, a: this.#dice.below(16), b: merge.lengthBeats };
    if (other === null) this.#send([{ kind: COMMAND_KIND.slotSet, ...content }]);
    else this.#send([{ kind: COMMAND_KIND.slotSwap, ...content, other }]);
  }
}

export const playAtRandom = (core: FlowCore, shape: RandomShape): RandomRun => {
  const player = new Player(core, shape);
  player.play();
  const { counts, firstMergeFrame } = player;
  return { frames: shape.frames, ...counts, firstMergeFrame };
};
