/** New derived loops out of what the slots play, in beats of the running grid. */
import { LIMITS } from '../../../protocol/limits.ts';
import type { SlotOf } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import { boundedRecipe } from './flatten.ts';
import { idOfRecipe, layerOf, type Recipe, sharedBeats, type StereoGain } from './recipe.ts';
import { modeOf, type RiffLoop, withWays } from '../riffs/riff.ts';
import { loopOf, type Take } from './takes.ts';

/** Beats of the longest loop that may be made of others. */
export const derivedBeatsMax = ({ state }: SessionContext): number =>
  LIMITS.loopBarsMax * state.transport.meter.beats;

export interface Ingredient {
  readonly loop: RiffLoop;
  readonly gain: StereoGain;
}

/** Gain and balance of a slot on each side. */
export const stereoGain = ({ pan, volume }: Pick<SlotOf, 'pan' | 'volume'>): StereoGain => ({
  left: volume * (pan > 0 ? 1 - pan : 1),
  right: volume * (pan < 0 ? 1 + pan : 1),
});

/** The longest of them says where the result begins; of equals the first. */
const originOf = (ingredients: readonly Ingredient[]): number =>
  ingredients.reduce((longest, each) =>
    each.loop.lengthBeats > longest.loop.lengthBeats ? each : longest,
  ).loop.originBeat;

/** The take that sounds as all of them together, at this tempo; known from now on, in no riff yet. */
export const deriveTake = (
  context: SessionContext,
  kind: Recipe['kind'],
  ingredients: readonly Ingredient[],
  lengthBeats: number,
  framesPerBeat: number,
): RiffLoop => {
  const { takes } = context;
  const originBeat = originOf(ingredients);
  const layers = ingredients.map(({ gain, loop }) => layerOf(loop, gain, originBeat));
  const group = (recipe: Recipe): string => {
    const take = takeOf(context, recipe, originBeat);
    takes.add(take);
    return take.id;
  };
  const { rateHz } = context;
  const recipe = boundedRecipe(
    { kind, lengthBeats, framesPerBeat, layers },
    { takes, rateHz, group },
  );
  const take = takeOf(context, recipe, originBeat);
  takes.add(take);
  return { takeId: take.id, bars: take.bars, lengthBeats, originBeat, offsetFrames: 0 };
};

const takeOf = (context: SessionContext, recipe: Recipe, originBeat: number): Take => {
  const { framesPerBeat, lengthBeats } = recipe;
  const sources = recipe.layers.flatMap(({ takeId }) => context.takes.get(takeId) ?? []);
  const { bpm, bpmEffective, meter } = context.state.transport;
  const played = (60 * context.rateHz) / framesPerBeat;
  return {
    id: idOfRecipe(recipe),
    runId: context.runId,
    source: sources[0]?.source ?? 0,
    fromFrame: 0,
    toFrame: Math.round(lengthBeats * framesPerBeat),
    rateHz: context.rateHz,
    framesPerBeat,
    bpm: Math.abs(played - bpmEffective) < 1e-6 ? bpm : played,
    bars: lengthBeats / meter.beats,
    originBeat,
    lengthBeats,
    offsetFrames: 0,
    pressFrame: 0,
    tainted: sources.some(({ tainted }) => tainted),
    acrossChange: sources.some(({ acrossChange }) => acrossChange),
    recovered: false,
    loose: false,
    createdMs: context.wallClock(),
    recipe,
  };
};

/** A tail that is still to be played is not in what is heard. */
export const asHeard = (context: SessionContext, slot: number, loop: RiffLoop): RiffLoop => {
  const bare = withWays(loop, modeOf(loop), false);
  const sound = context.sounding[slot] ?? null;
  return sound !== null && context.sounds.isOf(sound, bare) ? bare : loop;
};

/** As long as these are together; null when they do not fit. */
export const mergedBeats = (context: SessionContext, loops: readonly RiffLoop[]): number | null => {
  if (loops.some(({ mode }) => mode === 'free')) return null;
  if (loops.length === 0 || loops.length > LIMITS.renderPartsMax) return null;
  const lengths = loops.map(({ lengthBeats }) => lengthBeats);
  return sharedBeats(lengths, derivedBeatsMax(context));
};

/** The loops of these slots as one, as printed where they are, with their gains and balances in it; null when they do not fit. */
export const mergedLoop = (
  context: SessionContext,
  slots: readonly number[],
  printed: ReadonlyMap<number, RiffLoop> = new Map(),
): RiffLoop | null => {
  const ingredients = slots.flatMap((slot): Ingredient[] => {
    const [loop, mix] = [printed.get(slot) ?? context.loops[slot], context.state.slots[slot]];
    return loop && mix ? [{ loop: asHeard(context, slot, loop), gain: stereoGain(mix) }] : [];
  });
  const beats = mergedBeats(
    context,
    ingredients.map(({ loop }) => loop),
  );
  if (beats === null) return null;
  return deriveTake(context, 'merge', ingredients, beats, context.grid().framesPerBeat);
};

/** What plays, lowered, and a new take over it. */
export const overdubbedLoop = (
  context: SessionContext,
  below: RiffLoop,
  take: Take,
  belowGain: number,
): RiffLoop => {
  // A press that was given fewer bars than it asked for sounds already: its length is what it is.
  const beats = sharedBeats([below.lengthBeats, take.lengthBeats], Number.MAX_SAFE_INTEGER);
  return deriveTake(
    context,
    'overdub',
    [
      // Tails are on or off for the result as a whole.
      { loop: withWays(below, modeOf(below), false), gain: { left: belowGain, right: belowGain } },
      { loop: loopOf(take), gain: { left: 1, right: 1 } },
    ],
    beats ?? below.lengthBeats,
    take.framesPerBeat,
  );
};
