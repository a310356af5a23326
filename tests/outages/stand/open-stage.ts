/** The stage that the trials of a row share: set by the first, ended in order and judged after the last. */
import { masterFaults } from './books.ts';
import { type Stage, type StageOptions, setStage } from './stage.ts';

type Options = Omit<StageOptions, 'seed'>;

export class OpenStage {
  readonly #options: Options;
  readonly #ends: (() => unknown)[] = [];
  #stage: Stage | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  async stage(seed: number): Promise<Stage> {
    this.#stage ??= await setStage({ ...this.#options, seed }, (end) => this.#ends.push(end));
    return this.#stage;
  }

  /**
   * Broken promises of the end itself, and of the whole master.
   *
   * @param isHeard The engine has played all the time.
   */
  async ended(isHeard = true): Promise<string[]> {
    const stage = this.#stage;
    if (stage === null) return [];
    this.#stage = null;
    const { frame } = await stage.health();
    const code = await stage.product.stop();
    for (const end of this.#ends.splice(0).toReversed()) await end();
    return [
      ...(code === 0 ? [] : [`FlowZone ended with ${code}`]),
      ...(isHeard ? masterFaults(stage, frame) : []),
    ];
  }
}
