/**
 * PARAMS: what moves in a plug-in, to the clients that watch it.
 *
 * It is none of the state: that would be a patch for everybody thirty times a second. The last value
 * of each parameter wins; a client watches one plug-in at most.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import type { Later } from '../time/in-time.ts';

export class ParamWatch {
  readonly #emit: (message: ToGateway) => void;
  readonly #later: Later;
  /** By client: the plug-in. */
  readonly #watchers = new Map<string, string>();
  /** By plug-in: what was not told yet. */
  readonly #moved = new Map<string, Map<number, number>>();
  #isPlanned = false;

  constructor(emit: (message: ToGateway) => void, later: Later) {
    this.#emit = emit;
    this.#later = later;
  }

  /** @param instanceId Null = none any more. */
  watch(clientId: string, instanceId: string | null): void {
    if (instanceId === null) this.#watchers.delete(clientId);
    else this.#watchers.set(clientId, instanceId);
  }

  /** All clients are gone. */
  clear(): void {
    this.#watchers.clear();
    this.#moved.clear();
  }

  onMoved(instanceId: string, paramId: number, value: number): void {
    if (![...this.#watchers.values()].includes(instanceId)) return;
    const values = this.#moved.get(instanceId) ?? new Map<number, number>();
    this.#moved.set(instanceId, values.set(paramId, value));
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#later(LIMITS.paramsMs, () => this.#tell());
  }

  #tell(): void {
    this.#isPlanned = false;
    for (const [clientId, instanceId] of this.#watchers) {
      const moved = this.#moved.get(instanceId);
      if (!moved) continue;
      const values = Object.fromEntries(moved);
      const message = { type: 'PARAMS', instanceId, values } as const;
      this.#emit({ t: 'answer', clientId, message });
    }
    this.#moved.clear();
  }
}
