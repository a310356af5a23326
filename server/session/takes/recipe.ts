/**
 * Derived loops: made of other takes, and described by what they are made of.
 *
 * A recipe is all that is stored of one; its sound is rendered from its layers whenever it is needed.
 * Beats of layers count from the first beat of the result, so that a recipe means the same anywhere.
 */
import { createHash } from 'node:crypto';
import type { TakeLayer } from '../../../protocol/link.ts';
import { canonicalJson } from '../../../protocol/state-hash.ts';
import { idOfWords, wordsOfId } from '../core/ids.ts';
import type { RiffLoop, TempoMode } from '../riffs/riff.ts';
import type { Take, Takes } from './takes.ts';

export interface RecipeLayer {
  readonly takeId: string;
  /** Beat of the result on which its loop begins. */
  readonly originBeat: number;
  readonly lengthBeats: number;
  readonly offsetFrames: number;
  readonly gainLeft: number;
  readonly gainRight: number;
  readonly mode: Exclude<TempoMode, 'free'>;
  readonly tail: boolean;
}

export interface Recipe {
  readonly kind: 'overdub' | 'merge';
  readonly lengthBeats: number;
  readonly framesPerBeat: number;
  readonly layers: readonly RecipeLayer[];
}

/** Layers of layers beyond this are made layers of the result itself. */
export const RECIPE_DEPTH_MAX = 8;

/** The same words, the same id: in any run, on any machine. */
export const idOfText = (text: string): string =>
  idOfWords(wordsOfId(createHash('sha256').update(text).digest('hex').slice(0, 32)));

/** Equal recipes are one sound, so a second asking finds what the first has rendered. */
export const idOfRecipe = (recipe: Recipe): string => idOfText(canonicalJson(recipe));

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Beats after which all of them begin together, or null when that is more than `beatsMax`. */
export const sharedBeats = (lengths: readonly number[], beatsMax: number): number | null => {
  let beats = 1;
  for (const length of lengths) {
    if (!Number.isInteger(length) || length < 1) return null;
    beats = (beats / divisor(beats, length)) * length;
    if (beats > beatsMax) return null;
  }
  return beats;
};

export interface StereoGain {
  readonly left: number;
  readonly right: number;
}

/** A loop as it sounds in its slot, as a layer of a result that begins on `originBeat`. */
export const layerOf = (loop: RiffLoop, gain: StereoGain, originBeat: number): RecipeLayer => ({
  takeId: loop.takeId,
  originBeat: loop.originBeat - originBeat,
  lengthBeats: loop.lengthBeats,
  offsetFrames: loop.offsetFrames,
  gainLeft: gain.left,
  gainRight: gain.right,
  mode: loop.mode === 'stretch' ? 'stretch' : 'repitch',
  tail: loop.tail ?? false,
});

export const depthOf = (recipe: Recipe, takes: Pick<Takes, 'get'>): number => {
  const depths = recipe.layers.map(({ takeId }) => {
    const inner = takes.get(takeId)?.recipe;
    return inner ? depthOf(inner, takes) : 0;
  });
  return 1 + Math.max(0, ...depths);
};

/** The takes that were played and sound in this one; itself when it was played. */
export const playedTakes = (take: Take, takes: Pick<Takes, 'get'>): Take[] => {
  if (!take.recipe) return [take];
  return take.recipe.layers.flatMap(({ takeId }) => {
    const inner = takes.get(takeId);
    return inner ? playedTakes(inner, takes) : [];
  });
};

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** Where the takes that were played are heard in this one; itself when it was played. */
export const heardLayers = (take: Take, takes: Pick<Takes, 'get'>): TakeLayer[] => {
  if (!take.recipe) {
    return [{ takeId: take.id, startFrames: 0, ratio: 1, gainLeft: 1, gainRight: 1 }];
  }
  const { framesPerBeat, layers } = take.recipe;
  return layers.flatMap((layer): TakeLayer[] => {
    const inner = takes.get(layer.takeId);
    if (!inner) return [];
    const ratio = inner.framesPerBeat / framesPerBeat;
    const start = -layer.originBeat * inner.framesPerBeat - layer.offsetFrames;
    return heardLayers(inner, takes).map((heard) => ({
      takeId: heard.takeId,
      startFrames: modulo(heard.startFrames + start * heard.ratio, framesOf(heard.takeId, takes)),
      ratio: ratio * heard.ratio,
      gainLeft: layer.gainLeft * heard.gainLeft,
      gainRight: layer.gainRight * heard.gainRight,
    }));
  });
};

const framesOf = (takeId: string, takes: Pick<Takes, 'get'>): number => {
  const take = takes.get(takeId);
  return take ? take.toFrame - take.fromFrame : 1;
};

/** It and all it is made of, what is needed first coming first. */
export const withSources = (take: Take, takes: Pick<Takes, 'get'>): Take[] => {
  const sources = (take.recipe?.layers ?? []).flatMap(({ takeId }) => {
    const inner = takes.get(takeId);
    return inner ? withSources(inner, takes) : [];
  });
  return [...sources, take];
};
