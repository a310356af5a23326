/** Loops as they sound through their plug-ins, for what is made of them. */
import { LIMITS } from '../../../protocol/limits.ts';
import type { PrintWatch, PrintWish } from '../chains/printer.ts';
import type { SessionContext } from '../context.ts';
import { keepLoose } from '../takes/loose-take.ts';
import { type Chain, modeOf, type RiffLoop } from '../riffs/riff.ts';
import type { Take } from '../takes/takes.ts';

/** A loop, and what it is to be printed through. */
export interface LoopWish extends PrintWish {
  readonly loop: RiffLoop;
  readonly frames: number;
}

/** At this tempo, or at its own when it leaves the grid; null when nobody knows its take. */
export const wishFor = (
  context: SessionContext,
  loop: RiffLoop,
  chain: Chain,
  framesPerBeat: number,
  isKept: boolean,
): LoopWish | null => {
  const soundId = context.sounds.at(loop, framesPerBeat, modeOf(loop) === 'stretch');
  const shape = context.sounds.shape(soundId, loop);
  if (!shape) return null;
  const { beats, unit } = context.state.transport.meter;
  const beat = loop.originBeat - context.sounds.offsetFrames(soundId, loop) / shape.framesPerBeat;
  return { loop, chain, soundId, ...shape, beat, meter: { beats, unit }, isKept };
};

const takeOfPrint = (context: SessionContext, id: string, wish: LoopWish): Take => {
  const { frames, framesPerBeat, loop, soundId } = wish;
  const { bpm, bpmEffective } = context.state.transport;
  const played = (60 * context.rateHz) / framesPerBeat;
  const of = context.takes.get(loop.takeId);
  return {
    id,
    runId: context.runId,
    source: LIMITS.printSource,
    fromFrame: 0,
    toFrame: frames,
    rateHz: context.rateHz,
    framesPerBeat,
    bpm: Math.abs(played - bpmEffective) < 1e-6 ? bpm : played,
    bars: loop.bars,
    originBeat: loop.originBeat,
    lengthBeats: loop.lengthBeats,
    offsetFrames: context.sounds.offsetFrames(soundId, loop),
    pressFrame: 0,
    tainted: of?.tainted ?? false,
    acrossChange: of?.acrossChange ?? false,
    recovered: false,
    loose: false,
    createdMs: context.wallClock(),
  };
};

/** Of the watch over so many, the part that watches this one. */
export const watchOf = ({ onShare, signal }: PrintWatch, index: number, count: number) => ({
  signal,
  onShare: (share: number) => onShare((index + share) / count),
});

/**
 * Each as a take of its own, in the order of the wishes; or the code why one could not be. What was
 * printed until then stays as a take that no riff names.
 */
export const printTakes = async (
  context: SessionContext,
  wishes: readonly LoopWish[],
  watch: PrintWatch,
): Promise<readonly Take[] | number> => {
  const { sessionId } = context.state.meta;
  const made: Take[] = [];
  for (const [index, wish] of wishes.entries()) {
    const id = await context.printer.print(wish, watchOf(watch, index, wishes.length));
    if (typeof id === 'number') {
      for (const take of made) keepLoose(context, take, sessionId);
      return id;
    }
    made.push(takeOfPrint(context, id, wish));
  }
  return made;
};
