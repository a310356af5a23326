/** New riffs from what plays now, into the tree and the commit log. */
import type { RiffCause } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import { barFracOf, movedBy, shiftOf } from './grid-place.ts';
import { EMPTY_SLOT, type Riff, type RiffLoop, type RiffSlot, sameMix, withChain } from './riff.ts';
import type { HeadCause } from '../store/write-requests.ts';
import type { TakeFile } from '../takes/take-safety.ts';

/** The loop as a riff made now keeps it. */
export const inSessionBeats = (loop: RiffLoop, gridShift: number): RiffLoop => ({
  ...loop,
  originBeat: loop.originBeat - Math.round(gridShift + barFracOf(gridShift)),
});

/** A riff's loop as the core wants it: origin in beats of the running grid. */
export const inRunningBeats = (
  context: SessionContext,
  riff: Riff,
  loop: RiffLoop,
  gridShift: number,
): RiffLoop => {
  const framesPerBeat = context.takes.get(loop.takeId)?.framesPerBeat ?? 0;
  return movedBy(loop, shiftOf(riff, gridShift), framesPerBeat);
};

/** Every slot as it is now. */
export const slotsNow = (context: SessionContext): RiffSlot[] =>
  context.state.slots.map((slot, index) => {
    const loop = context.loops[index];
    return {
      loop: loop ? inSessionBeats(loop, context.gridShift) : null,
      gain: slot.volume,
      pan: slot.pan,
      muted: slot.muted,
      soloed: slot.soloed,
      ...withChain('chain', slot.pluginChain),
    };
  });

export interface RiffAbout {
  readonly cause: RiffCause;
  readonly label: string;
  readonly slot?: number;
  readonly bars?: number;
  /** What comes next may still change it; see `amendRiff`. */
  readonly isOpen?: boolean;
}

/** Tempo, meter and the place of the beats as they are now. */
const gridNow = ({ gridShift, state }: SessionContext): Pick<Riff, 'bpm' | 'meter' | 'barFrac'> => {
  const { bpm, meter } = state.transport;
  const barFrac = barFracOf(gridShift);
  return {
    bpm,
    meter: { beats: meter.beats, unit: meter.unit },
    ...(barFrac !== 0 && { barFrac }),
  };
};

const riffNow = (context: SessionContext, about: RiffAbout, slots: readonly RiffSlot[]): Riff => ({
  id: context.newId(),
  parentId: context.history.head.id,
  seq: context.history.nextSeq,
  tsMs: context.wallClock(),
  cause: about.cause,
  slot: about.slot ?? null,
  bars: about.bars ?? 0,
  label: about.label,
  slots,
  ...withChain('inputChain', context.state.inputChain),
  ...gridNow(context),
});

/** Makes the present a riff: the new head, a child of the old. */
export const commitRiff = (
  context: SessionContext,
  about: RiffAbout,
  slots: readonly RiffSlot[] = slotsNow(context),
): Riff => {
  const { gridShift, history, state } = context;
  const riff = riffNow(context, about, slots);
  history.add(riff);
  const { sessionId } = state.meta;
  context.keepMix();
  context.log.addRiff({ sessionId, riff, gridShift, moveId: context.newId() }, about.isOpen);
  context.apply({ t: 'history', history: history.view() });
  return riff;
};

/** What stands beside the present. */
export interface AsideAbout extends RiffAbout {
  /** What the player had undone stays what REDO brings back; else that is the new riff. */
  readonly keepsRedo: boolean;
  readonly files?: readonly TakeFile[];
}

/** Makes a riff that the head has been at: one commit, so that a kill never leaves the head there. */
export const commitAside = (
  context: SessionContext,
  { keepsRedo, files = [], ...about }: AsideAbout,
  slots: readonly RiffSlot[],
): void => {
  const { gridShift, history, state } = context;
  const [to, undone] = [history.head.id, keepsRedo ? history.redoTarget() : undefined];
  const riff = riffNow(context, about, slots);
  history.add(riff);
  // As if the head came from there: the step last left is the one that REDO goes to.
  if (undone) history.moveTo(undone.id);
  history.moveTo(to);
  const back = { from: undone?.id ?? riff.id, to, cause: 'UNDO', moveId: context.newId() } as const;
  const { sessionId } = state.meta;
  context.log.addRiff({ sessionId, riff, gridShift, moveId: context.newId(), files, back });
  context.apply({ t: 'history', history: history.view() });
};

/** The head, while it is open: the same step leads to the present as it is by now. */
export const amendRiff = (context: SessionContext, label: string): void => {
  const { history, log } = context;
  const riff: Riff = { ...history.head, label, slots: slotsNow(context), ...gridNow(context) };
  history.amendHead(riff);
  log.amend(riff);
  context.apply({ t: 'history', history: history.view() });
};

/** UNDO, REDO and RECALL: the head goes to a riff that exists. */
export const moveHead = (context: SessionContext, to: string, cause: HeadCause): void => {
  const from = context.history.head.id;
  context.history.moveTo(to);
  context.log.add({
    kind: 'head',
    sessionId: context.state.meta.sessionId,
    from,
    to,
    cause,
    gridShift: context.gridShift,
    atMs: context.wallClock(),
    moveId: context.newId(),
  });
  context.apply({ t: 'history', history: context.history.view() });
};

/** Gains, pans, mutes, solos and tempo as in this riff. */
export const isMixedLike = (context: SessionContext, riff: Riff): boolean => {
  if (context.state.transport.bpm !== riff.bpm) return false;
  return slotsNow(context).every((slot, index) => sameMix(slot, riff.slots[index] ?? EMPTY_SLOT));
};
