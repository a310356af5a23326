/** One knob of each of the six plug-ins: turned, and asked for after its process has died. */
import type { Json } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import { ok } from '../../judge/stage.ts';
import { SIX, type SixStage } from './six.ts';

/** Plug-ins keep values as they like. */
const NEAR = 0.005;
const ASK_MS = 150;
const TOLD_MS_MAX = 3000;
/** No end of a range: there some plug-ins are silent. */
const LOW = 0.3;
const SPAN = 0.4;

export class Knobs {
  readonly #stage: SixStage;
  readonly #random: () => number;
  readonly #params = new Map<string, number>();
  readonly #values = new Map<string, number>();
  /** How often one was turned. */
  count = 0;

  constructor(stage: SixStage, random: () => number) {
    this.#stage = stage;
    this.#random = random;
  }

  /** Of each plug-in the first that takes any value and says it as it was set. */
  async choose(): Promise<void> {
    for (const [index, id] of this.#stage.ids.entries()) {
      const items = await this.#read(id);
      const usable = items.filter((item) => item.canSet && item.stepCount === 0 && !item.isBypass);
      for (const { paramId } of usable.slice(0, 12)) {
        this.#params.set(id, paramId);
        await this.turn(id);
        if (await this.#isKept(id)) break;
        this.#params.delete(id);
      }
      if (!this.#params.has(id)) throw new Error(`${SIX[index]?.name} has no knob to turn`);
    }
  }

  async turn(id: string): Promise<void> {
    const paramId = this.#params.get(id);
    if (paramId === undefined) return;
    const val = LOW + SPAN * this.#random();
    await ok(this.#stage.client, { cmd: 'SET_PARAM', instanceId: id, paramId, val });
    this.#values.set(id, val);
    this.count += 1;
  }

  /** Those that are not as they were turned last, as sentences. */
  async lost(): Promise<string[]> {
    const found: string[] = [];
    for (const [index, id] of this.#stage.ids.entries()) {
      if (await this.#isKept(id)) continue;
      const is = await this.#value(id);
      found.push(`${SIX[index]?.name}: its knob is at ${is}, not ${this.#values.get(id)}`);
    }
    return found;
  }

  /** Asking has the values told anew: the answer may be a moment old. */
  async #isKept(id: string): Promise<boolean> {
    const isSo = async () => {
      const is = await this.#value(id);
      await Bun.sleep(ASK_MS);
      return Math.abs(is - (this.#values.get(id) ?? NaN)) < NEAR;
    };
    await this.#value(id);
    await Bun.sleep(ASK_MS);
    return await until('its value', isSo, TOLD_MS_MAX).then(
      () => true,
      () => false,
    );
  }

  async #value(id: string): Promise<number> {
    const items = await this.#read(id);
    return items.find((item) => item.paramId === this.#params.get(id))?.value ?? NaN;
  }

  async #read(id: string): Promise<Json[]> {
    const page = await this.#stage.product.json<Json>(`/api/plugins/${id}/params?from=0`);
    return page.items;
  }
}
