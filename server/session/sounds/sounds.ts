/**
 * What a slot can play, named by id: takes as they were played, and sounds made of them.
 *
 * A loop's *own* sound is its take, derived or not, with its tail if that is on; at another tempo
 * there is a sound of it for that tempo. Ids say what was done to which take, so that the same thing
 * is never rendered twice while it is in memory.
 *
 * Takes and loops count frames at the take's own sample rate; whatever the core is told of a loop in
 * its memory is in frames of the engine, and comes from here.
 */
import { RENDER_MODE, TAKE_FLAGS } from '../../../protocol/abi.ts';
import type {
  CoreRenderPart,
  CoreRenderRecipe,
  CoreTakeRange,
  CoreTakeSource,
} from '../core/port.ts';
import { wordsOfId } from '../core/ids.ts';
import { type EngineLoop, engineLoop, isSameTempo } from './loop-rate.ts';
import { idOfText, type Recipe, type RecipeLayer } from '../takes/recipe.ts';
import { modeOf, type RiffLoop } from '../riffs/riff.ts';
import type { Take, Takes } from '../takes/takes.ts';

/** How a sound comes into the core's memory. */
export type Making =
  | {
      readonly kind: 'read';
      /** The best place first. */
      readonly sources: readonly CoreTakeSource[];
      /** When it is in none yet, it will be once this take's window is on disk; null = ask again. */
      readonly takeId: string | null;
    }
  | { readonly kind: 'keep'; readonly range: CoreTakeRange }
  | {
      readonly kind: 'render';
      readonly needs: readonly string[];
      readonly recipe: CoreRenderRecipe;
      readonly parts: readonly CoreRenderPart[];
    };

type Variant =
  | { readonly kind: 'tail' | 'seam' | 'postRoll'; readonly takeId: string }
  | {
      readonly kind: 'tempo';
      readonly own: string;
      readonly takeId: string;
      readonly mode: 'repitch' | 'stretch';
      readonly framesPerBeat: number;
      readonly offsetFrames: number;
    };

type Place = Pick<RiffLoop, 'takeId' | 'originBeat' | 'offsetFrames'>;

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

export class Sounds {
  readonly #takes: Takes;
  readonly #rateHz: number;
  readonly #variants = new Map<string, Variant>();

  constructor(takes: Takes, rateHz: number) {
    this.#takes = takes;
    this.#rateHz = rateHz;
  }

  /** The loop as it is at its own tempo. */
  own(loop: Pick<RiffLoop, 'takeId' | 'tail'>): string {
    return loop.tail ? this.#id({ kind: 'tail', takeId: loop.takeId }) : loop.takeId;
  }

  /** The loop as it is to sound on a grid. */
  at(loop: RiffLoop, framesPerBeat: number, canStretch: boolean): string {
    const own = this.own(loop);
    const take = this.#takes.get(loop.takeId);
    const mode = modeOf(loop);
    if (!take || mode === 'free') return own;
    const { framesPerBeat: ownTempo } = this.#inEngine(take);
    if (ownTempo === framesPerBeat) return own;
    const canBeStretched = canStretch && !isSameTempo(ownTempo, framesPerBeat);
    return this.#id({
      kind: 'tempo',
      own,
      takeId: take.id,
      mode: canBeStretched ? mode : 'repitch',
      framesPerBeat,
      offsetFrames: loop.offsetFrames,
    });
  }

  /** Whether the loop may be heard as this sound, at one tempo or another. */
  isOf(id: string, loop: RiffLoop): boolean {
    const own = this.own(loop);
    if (id === own) return true;
    const variant = this.#variants.get(id);
    const isTempo = variant?.kind === 'tempo' && modeOf(loop) !== 'free';
    return isTempo && variant.own === own && variant.offsetFrames === loop.offsetFrames;
  }

  /**
   * Where the loop's first beat lies in this sound of it, in whole frames as the core has places;
   * those made for a tempo begin with it.
   */
  offsetFrames(id: string, loop: RiffLoop): number {
    if (this.#variants.get(id)?.kind === 'tempo') return 0;
    const take = this.#known(loop.takeId);
    return take ? Math.round(this.#inEngine(take).scaled(loop.offsetFrames)) : loop.offsetFrames;
  }

  /** As it lies in the core's memory; null when nobody knows its take. */
  shape(id: string, loop: RiffLoop): { frames: number; framesPerBeat: number } | null {
    const take = this.#takes.get(loop.takeId);
    if (!take) return null;
    const variant = this.#variants.get(id);
    if (variant?.kind !== 'tempo') {
      const { frames, framesPerBeat } = this.#inEngine(take);
      return { frames, framesPerBeat };
    }
    const { framesPerBeat } = variant;
    return { frames: Math.round(take.lengthBeats * framesPerBeat), framesPerBeat };
  }

  /** Where the loop as it is at its own tempo stands on a beat. */
  startFrames(loop: Place, beat: number): number {
    const take = this.#takes.get(loop.takeId);
    if (!take) return 0;
    const start = (beat - loop.originBeat) * take.framesPerBeat - loop.offsetFrames;
    return this.#inEngine(take).scaled(start);
  }

  /** Whether it takes long to have it in memory. */
  isMade(id: string): boolean {
    const take = this.#known(id);
    return take !== undefined && (take.recipe !== undefined || take.rateHz !== this.#rateHz);
  }

  /** Whether making it costs more than reading it: what is at another tempo, or made of other loops. */
  isCostly(id: string): boolean {
    const variant = this.#variants.get(id);
    return (
      variant?.kind === 'tempo' || this.#takes.get(variant?.takeId ?? id)?.recipe !== undefined
    );
  }

  /** Undefined for an id nobody gave. */
  making(id: string): Making | undefined {
    const variant = this.#variants.get(id);
    const take = this.#takes.get(variant?.takeId ?? id);
    const begun = this.#takes.begun(id);
    if (begun) return { kind: 'keep', range: this.#takes.range(begun) };
    if (!take) return undefined;
    if (!variant) return take.recipe ? this.#derived(id, take, take.recipe) : this.#take(take.id);
    switch (variant.kind) {
      case 'tail':
        return this.#withTail(id, take);
      case 'seam':
        return this.#seam(id, take.id);
      case 'postRoll': {
        const sources = this.#takes.postRoll(take.id).map((each) => ({
          ...each,
          id: wordsOfId(id),
        }));
        return { kind: 'read', sources, takeId: null };
      }
      case 'tempo':
        return this.#atTempo(id, take, variant);
    }
  }

  #take(takeId: string): Making {
    return { kind: 'read', sources: this.#takes.sources(takeId), takeId };
  }

  #seam(id: string, takeId: string): Making {
    const own = { id: wordsOfId(id), flags: TAKE_FLAGS.tailSeam };
    const sources = this.#takes.sources(takeId).map((each) => ({ ...each, ...own }));
    return { kind: 'read', sources, takeId: null };
  }

  #derived(id: string, take: Take, recipe: Recipe): Making {
    const { frames, framesPerBeat } = this.#inEngine(take);
    const needs = recipe.layers.map((layer) =>
      this.own({ takeId: layer.takeId, ...(layer.tail && { tail: true as const }) }),
    );
    const parts = recipe.layers.map((layer, index) =>
      this.#layer(layer, needs[index] ?? '', framesPerBeat),
    );
    return {
      kind: 'render',
      needs: [...new Set(needs)],
      recipe: { id: wordsOfId(id), frames, framesPerBeat },
      parts,
    };
  }

  #layer(layer: RecipeLayer, id: string, framesPerBeat: number): CoreRenderPart {
    const take = this.#takes.get(layer.takeId);
    const own = take ? this.#inEngine(take) : { frames: 1, framesPerBeat };
    const isStretched = layer.mode === 'stretch' && !isSameTempo(own.framesPerBeat, framesPerBeat);
    return {
      id: wordsOfId(id),
      mode: isStretched ? RENDER_MODE.stretch : RENDER_MODE.repitch,
      startFrames: modulo(this.startFrames(layer, 0), own.frames),
      gainLeft: layer.gainLeft,
      gainRight: layer.gainRight,
    };
  }

  #withTail(id: string, take: Take): Making {
    if (take.recipe) {
      const layers = take.recipe.layers.map((layer) => ({ ...layer, tail: true }));
      return this.#derived(id, take, { ...take.recipe, layers });
    }
    const seam = this.#id({ kind: 'seam', takeId: take.id });
    const postRoll = this.#id({ kind: 'postRoll', takeId: take.id });
    const common = { startFrames: 0, gainLeft: 1, gainRight: 1 };
    const { frames, framesPerBeat } = this.#inEngine(take);
    return {
      kind: 'render',
      needs: [seam, postRoll],
      recipe: { id: wordsOfId(id), frames, framesPerBeat },
      parts: [
        { ...common, id: wordsOfId(seam), mode: RENDER_MODE.repitch },
        { ...common, id: wordsOfId(postRoll), mode: RENDER_MODE.once },
      ],
    };
  }

  #atTempo(id: string, take: Take, variant: Extract<Variant, { kind: 'tempo' }>): Making {
    const { framesPerBeat, mode, offsetFrames, own } = variant;
    const frames = Math.round(take.lengthBeats * framesPerBeat);
    const loop = this.#inEngine(take);
    return {
      kind: 'render',
      needs: [own],
      recipe: { id: wordsOfId(id), frames, framesPerBeat },
      parts: [
        {
          id: wordsOfId(own),
          mode: RENDER_MODE[mode],
          startFrames: modulo(-loop.scaled(offsetFrames), loop.frames),
          gainLeft: 1,
          gainRight: 1,
        },
      ],
    };
  }

  /** Also one whose frames are only being fetched. */
  #known(takeId: string): Take | undefined {
    return this.#takes.get(takeId) ?? this.#takes.begun(takeId);
  }

  #inEngine(take: Take): EngineLoop {
    return engineLoop(take, this.#rateHz);
  }

  #id(variant: Variant): string {
    const id = idOfText(Object.values(variant).join('/'));
    this.#variants.set(id, variant);
    return id;
  }
}
