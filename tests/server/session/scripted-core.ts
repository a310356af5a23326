/**
 * A core for tests of the session alone: keeps what was sent, and answers when it is told to.
 *
 * Time is a frame counter; beats and bars are those of `core-event.ts`.
 */
import {
  COMMAND_FLAGS,
  COMMAND_KIND,
  EVENT_KIND,
  RANGE_FLAGS,
  RENDER_MODE,
  TAKE_FLAGS,
} from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type {
  CoreCommand,
  CoreEvent,
  CorePort,
  CoreRenderPart,
  CoreRenderRecipe,
  CoreTakeRange,
  CoreTakeSource,
} from '../../../server/session/core/port.ts';
import { BAR_FRAMES, BEAT_FRAMES, RATE_HZ, makeEvent } from './core-event.ts';
import { ScriptedFiles } from './scripted-files.ts';

/** As the core's own door: loops lie on whole beats and frames. */
const isInBounds = ({ a = 0, b = 0, c = 0, kind }: CoreCommand): boolean =>
  (kind !== COMMAND_KIND.slotSet && kind !== COMMAND_KIND.slotSwap) ||
  [a, b, c].every(Number.isInteger);

interface Waiting {
  readonly command: CoreCommand;
  readonly bars: number;
  readonly toFrame: number;
}

export class ScriptedCore extends ScriptedFiles implements CorePort {
  /** Groups that were sent and not applied yet. */
  readonly sent: CoreCommand[][] = [];
  /** Every command that was ever taken. */
  readonly taken: CoreCommand[] = [];
  readonly loads: CoreTakeSource[] = [];
  /** Every source that was ever asked for, oldest first. */
  readonly loaded: CoreTakeSource[] = [];
  /** What comes of reading files of rendered sounds. */
  renderedFileCode = 0;
  readonly keeps: CoreTakeRange[] = [];
  /** Every range that was ever asked for, oldest first. */
  readonly kept: CoreTakeRange[] = [];
  /** Every dry side that was ever asked for, oldest first. */
  readonly asides: CoreTakeRange[] = [];
  readonly #drying: CoreTakeRange[] = [];
  /** Whether plug-ins changed what was played; null = it is not known yet. */
  hasDry: boolean | null = true;
  readonly renders: { recipe: CoreRenderRecipe; parts: readonly CoreRenderPart[] }[] = [];
  /** Every recipe that was ever asked for, oldest first. */
  readonly rendered: { recipe: CoreRenderRecipe; parts: readonly CoreRenderPart[] }[] = [];
  /** Ids of takes that cannot be read and of recipes that cannot be rendered. */
  readonly unreadable = new Set<string>();
  /** Of frames of the past that are `unreadable`. */
  pastRefusal: number = ERRORS.ERR_RANGE_NOT_KEPT.code;
  /** As if a part of each were not in memory. */
  failsRenders = false;
  /** Renders are being made and are not answered. */
  isRendering = false;
  hasStretcher = true;
  /** Every swap that was asked for, oldest first. */
  readonly swaps: CoreCommand[] = [];
  readonly recording: Waiting[] = [];
  frame = 10 * BAR_FRAMES + 1000;
  bpm = 120;
  sendCode = 0;
  /** Records of these kinds are refused when they have their turn. */
  readonly refusedKinds = new Set<number>();
  /** A calibration is answered by the test. */
  isCalibrating = false;
  /** By how many frames an alignment moves the beats. */
  alignFrames = -7200;
  /** Captures whose line lies ahead are RECORDING. */
  isLineAhead = false;
  /** Takes the store was said to hold, ids as words, joined. */
  readonly stored: string[] = [];
  /** What the slots hold: take ids as words, joined. */
  readonly slots = new Map<number, string>();

  now(): number {
    return (this.frame / RATE_HZ) * 1000;
  }

  grid() {
    const beat = Math.floor(this.frame / BEAT_FRAMES);
    const beatFrac = (this.frame % BEAT_FRAMES) / BEAT_FRAMES;
    const barPhase = (this.frame % BAR_FRAMES) / BAR_FRAMES;
    const framesPerBeat = Math.round((30 * RATE_HZ) / this.bpm) * 2;
    return { frame: this.frame, beat, beatFrac, framesPerBeat, barPhase, barBeat: 0 };
  }

  send(commands: readonly CoreCommand[]): number {
    const isGroup = commands.length > 0 && commands.length <= LIMITS.groupCountMax;
    const isTaken = isGroup && commands.every(isInBounds);
    const code = isTaken ? this.sendCode : ERRORS.ERR_COMMAND_BOUNDS.code;
    if (code === 0) {
      this.sent.push([...commands]);
      this.taken.push(...commands);
    }
    return code;
  }

  takeSaved(id: readonly number[]): void {
    this.stored.push(id.join());
  }

  loadTake(source: CoreTakeSource): number {
    this.loads.push(source);
    this.loaded.push(source);
    return 0;
  }

  keepTake(range: CoreTakeRange): number {
    if (range.flags === RANGE_FLAGS.aside) {
      this.asides.push(range);
      this.#drying.push(range);
      return 0;
    }
    this.keeps.push(range);
    this.kept.push(range);
    return 0;
  }

  renderTake(recipe: CoreRenderRecipe, parts: readonly CoreRenderPart[]): number {
    this.renders.push({ recipe, parts });
    this.rendered.push({ recipe, parts });
    return 0;
  }

  /** Events of everything that was asked for and is due. */
  step(): CoreEvent[] {
    const { beat, beatFrac } = this.grid();
    const due = this.sent.filter((group) => (group[0]?.atFrame ?? 0) <= this.frame);
    const later = this.sent.filter((group) => !due.includes(group));
    this.sent.splice(0, this.sent.length, ...later);
    const loaded = [
      ...this.loads.splice(0).map((source) => ({
        id: source.id,
        failure: 2010,
        code: source.flags === TAKE_FLAGS.seamless ? this.renderedFileCode : 0,
      })),
      ...this.keeps.splice(0).map(({ id }) => ({ id, failure: this.pastRefusal, code: 0 })),
      ...this.renders
        .splice(0, this.isRendering ? 0 : Number.MAX_SAFE_INTEGER)
        .map(({ recipe, parts }) => ({
          id: recipe.id,
          failure: ERRORS.ERR_TAKE_NOT_LOADED.code,
          code: this.#renderCode(parts),
        })),
    ].map(({ id, failure, code }) =>
      makeEvent({
        kind: EVENT_KIND.takeLoaded,
        id,
        code: this.unreadable.has(id.join()) ? failure : code,
      }),
    );
    const dried = this.hasDry === null ? [] : this.#drying.splice(0);
    const applied = due.flat().flatMap((command) => this.#apply(command));
    return [...loaded, ...this.loadedEvents(), ...dried.flatMap(this.#dried), ...applied].map(
      (event) => ({
        ...event,
        frame: this.frame,
        beat,
        beatFrac,
        framesPerBeat: Math.round((30 * RATE_HZ) / this.bpm) * 2,
      }),
    );
  }

  readonly #dried = ({ id }: CoreTakeRange): CoreEvent[] => {
    if (this.hasDry !== true) {
      const { code } = ERRORS.ERR_RANGE_NOT_KEPT;
      return [makeEvent({ kind: EVENT_KIND.takeLoaded, id, code })];
    }
    const sha = Array.from({ length: 8 }, (_, index) => (id[3] ?? 0) + index);
    return [
      makeEvent({ kind: EVENT_KIND.takeSpooled, id }),
      makeEvent({ kind: EVENT_KIND.takeFile, id, sha, value: 58 }),
    ];
  };

  /** The line that recordings waited for. */
  reachLine(): CoreEvent[] {
    this.frame = Math.max(this.frame, ...this.recording.map(({ toFrame }) => toFrame));
    return this.recording.splice(0).map((waiting) => this.#captured(waiting));
  }

  #apply(command: CoreCommand): CoreEvent[] {
    if (this.refusedKinds.has(command.kind)) {
      return [{ ...this.#applied(command), code: ERRORS.ERR_TAKE_NOT_LOADED.code }];
    }
    switch (command.kind) {
      case COMMAND_KIND.capture:
        return [this.#isNote(command) ? this.#noted(command) : this.#capture(command)];
      case COMMAND_KIND.slotCancel:
        if (command.id.some((word) => word !== 0)) return [this.#applied(command)];
        return [...this.#cancel(command.slot), this.#applied(command)];
      case COMMAND_KIND.slotSet:
        if (command.id.every((word) => word === 0)) this.slots.delete(command.slot);
        else this.slots.set(command.slot, command.id.join());
        return [this.#applied(command)];
      case COMMAND_KIND.calibrate:
        return this.isCalibrating ? [] : [this.#applied(command)];
      case COMMAND_KIND.align:
        return [{ ...this.#applied(command), value: this.alignFrames }];
      case COMMAND_KIND.slotSwap:
        return [this.#swap(command)];
      case COMMAND_KIND.chainSet:
        return [{ ...this.#applied(command), code: this.setChain(command) }];
      case COMMAND_KIND.tempo:
        this.bpm = command.a;
        return [this.#applied(command)];
      default:
        return [this.#applied(command)];
    }
  }

  #isNote({ flags }: CoreCommand): boolean {
    return (flags & COMMAND_FLAGS.note) !== 0;
  }

  #noted(command: CoreCommand): CoreEvent {
    return { ...this.#applied(command), value2: this.#pressFrame(command) };
  }

  #pressFrame({ atMs, c }: CoreCommand): number {
    if (c > 0) return c;
    return atMs > 0 ? Math.round((atMs * RATE_HZ) / 1000) : this.frame;
  }

  #renderCode(parts: readonly CoreRenderPart[]): number {
    if (this.failsRenders) return ERRORS.ERR_TAKE_NOT_LOADED.code;
    const isStretched = parts.some(({ mode }) => mode === RENDER_MODE.stretch);
    return isStretched && !this.hasStretcher ? ERRORS.ERR_STRETCHER_MISSING.code : 0;
  }

  #applied(command: CoreCommand): CoreEvent {
    const { kind, slot, token } = command;
    const value2 = kind === COMMAND_KIND.mark ? this.#pressFrame(command) : 0;
    return makeEvent({ kind: EVENT_KIND.applied, token, slot, detail: kind, value2 });
  }

  #swap(command: CoreCommand): CoreEvent {
    const isPlaying = this.slots.get(command.slot) === command.other.join();
    this.swaps.push(command);
    if (isPlaying) this.slots.set(command.slot, command.id.join());
    const { code } = ERRORS.ERR_SLOT_CHANGED;
    return { ...this.#applied(command), code: isPlaying ? 0 : code };
  }

  #capture(command: CoreCommand): CoreEvent {
    const isQuantized = (command.flags & COMMAND_FLAGS.quantized) !== 0;
    const line = Math.floor(this.frame / BAR_FRAMES) * BAR_FRAMES;
    const toFrame = isQuantized ? line + (this.isLineAhead ? BAR_FRAMES : 0) : this.frame;
    const waiting = { command, bars: command.a, toFrame };
    if (toFrame <= this.frame) return this.#captured(waiting);
    this.recording.push(waiting);
    return this.#about(EVENT_KIND.recording, waiting);
  }

  #captured(waiting: Waiting): CoreEvent {
    this.slots.set(waiting.command.slot, waiting.command.id.join());
    return this.#about(EVENT_KIND.captured, waiting);
  }

  #cancel(slot: number): CoreEvent[] {
    const index = this.recording.findIndex(({ command }) => command.slot === slot);
    const [waiting] = index < 0 ? [] : this.recording.splice(index, 1);
    return waiting ? [this.#about(EVENT_KIND.cancelled, waiting)] : [];
  }

  #about(kind: number, { bars, command, toFrame }: Waiting): CoreEvent {
    const fromFrame = toFrame - bars * BAR_FRAMES;
    return makeEvent({
      kind,
      token: command.token,
      slot: command.slot,
      id: command.id,
      fromFrame,
      toFrame,
      originBeat: Math.floor(fromFrame / BEAT_FRAMES),
      lengthBeats: 4 * bars,
      value: bars,
      value2: this.#pressFrame(command),
    });
  }
}
