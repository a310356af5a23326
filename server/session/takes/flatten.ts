/**
 * Recipes without needless depth: layers of layers become layers of the result.
 *
 * One render holds so many parts. Of more than that, runs are made groups: takes that no slot ever
 * plays, made once and then kept whole, so that depth grows with the logarithm of the number of takes.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import { depthOf, RECIPE_DEPTH_MAX, type Recipe, type RecipeLayer } from './recipe.ts';
import type { Take, Takes } from './takes.ts';

export interface FlattenOptions {
  readonly takes: Pick<Takes, 'get'>;
  /** Of the recipe's frames. */
  readonly rateHz: number;
  /** Makes a recipe a take; returns its id. */
  group(recipe: Recipe): string;
}

/** A recipe, at the sample rate of its frames. */
interface Rated {
  readonly recipe: Recipe;
  readonly rateHz: number;
}

const beatSeconds = ({ framesPerBeat }: Pick<Recipe, 'framesPerBeat'>, rateHz: number): number =>
  framesPerBeat / rateHz;

const { renderPartsMax } = LIMITS;
const GROUP_MIN = renderPartsMax / 2;

/** A group: of many layers, of which all were played or none was. */
const isGroup = ({ layers }: Recipe, takes: Pick<Takes, 'get'>): boolean => {
  const derived = layers.filter(({ takeId }) => takes.get(takeId)?.recipe).length;
  return layers.length >= GROUP_MIN && (derived === 0 || derived === layers.length);
};

/** As it is stored: never deeper than it may be, where two ways of following the tempo do not meet. */
export const boundedRecipe = (recipe: Recipe, options: FlattenOptions): Recipe => {
  const isDeep = (each: Recipe) => depthOf(each, options.takes) > RECIPE_DEPTH_MAX;
  if (!isDeep(recipe)) return recipe;
  const { rateHz } = options;
  const whole = flattened({ recipe, rateHz }, options.takes, () => false);
  if (whole.length <= renderPartsMax) return { ...recipe, layers: whole };
  const kept = flattened({ recipe, rateHz }, options.takes, isGroup);
  const grouped = { ...recipe, layers: inGroups(recipe, kept, options) };
  return isDeep(grouped) ? { ...recipe, layers: inGroups(recipe, whole, options) } : grouped;
};

/** The same sound out of what its layers are made of; of these, what `stays` does. */
const flattened = (
  rated: Rated,
  takes: Pick<Takes, 'get'>,
  stays: typeof isGroup,
): readonly RecipeLayer[] =>
  rated.recipe.layers.flatMap((layer) => {
    const take = takes.get(layer.takeId);
    if (!take?.recipe || stays(take.recipe, takes)) return [layer];
    const { rateHz, recipe } = take;
    const layers = flattened({ recipe, rateHz }, takes, stays);
    return layersThrough(layer, { recipe: { ...recipe, layers }, rateHz }, rated, takes) ?? [layer];
  });

/** Runs of layers become groups until few enough are left. */
const inGroups = (
  recipe: Recipe,
  layers: readonly RecipeLayer[],
  options: FlattenOptions,
): readonly RecipeLayer[] => {
  const isDerived = ({ takeId }: RecipeLayer) => options.takes.get(takeId)?.recipe !== undefined;
  const all = [
    ...packed(recipe, layers.filter(isDerived), options),
    ...packed(
      recipe,
      layers.filter((layer) => !isDerived(layer)),
      options,
    ),
  ];
  return all.length > renderPartsMax ? inGroups(recipe, all, options) : all;
};

const packed = (
  recipe: Recipe,
  layers: readonly RecipeLayer[],
  options: FlattenOptions,
): readonly RecipeLayer[] => {
  if (layers.length < GROUP_MIN) return layers;
  const takeId = options.group({ ...recipe, layers: layers.slice(0, renderPartsMax) });
  const group: RecipeLayer = {
    takeId,
    originBeat: 0,
    lengthBeats: recipe.lengthBeats,
    offsetFrames: 0,
    gainLeft: 1,
    gainRight: 1,
    mode: 'repitch',
    tail: false,
  };
  return [group, ...packed(recipe, layers.slice(renderPartsMax), options)];
};

/** How a layer inside a layer follows the result's tempo; null when two ways of following meet. */
const modeThrough = (outer: RecipeLayer, inner: RecipeLayer, isOuterExact: boolean) => {
  if (outer.mode === inner.mode || isOuterExact) return inner.mode;
  return null;
};

const layersThrough = (
  outer: RecipeLayer,
  { rateHz, recipe }: Rated,
  result: Rated,
  takes: Pick<Takes, 'get'>,
): RecipeLayer[] | null => {
  const layers: RecipeLayer[] = [];
  const innerBeat = beatSeconds(recipe, rateHz);
  const isExact = innerBeat === beatSeconds(result.recipe, result.rateHz);
  for (const inner of recipe.layers) {
    const take: Take | undefined = takes.get(inner.takeId);
    if (!take) return null;
    const isInnerExact = beatSeconds(take, take.rateHz) === innerBeat;
    const mode = isInnerExact ? outer.mode : modeThrough(outer, inner, isExact);
    if (mode === null) return null;
    const ratio = take.framesPerBeat / recipe.framesPerBeat;
    layers.push({
      takeId: inner.takeId,
      originBeat: outer.originBeat + inner.originBeat,
      lengthBeats: inner.lengthBeats,
      offsetFrames: inner.offsetFrames + outer.offsetFrames * ratio,
      gainLeft: outer.gainLeft * inner.gainLeft,
      gainRight: outer.gainRight * inner.gainRight,
      mode,
      tail: outer.tail || inner.tail,
    });
  }
  return layers;
};
