/**
 * Whether outages make late blocks: more of them in all than the controls have, and in more trials than
 * not. On a busy machine they come without any cause, in bursts, so that few trials prove nothing.
 */
import { isMoreThanControl } from '../../faults/stand/processes.ts';
import type { While } from './books.ts';

/** Deviations of a coin that is thrown once for each trial in which the two differ. */
const DEVIATIONS = 2;

export class LateBlocks {
  #outages = 0;
  #controls = 0;
  #worse = 0;
  #better = 0;

  add(outage: Pick<While, 'xruns'>, control: Pick<While, 'xruns'>): void {
    this.#outages += outage.xruns;
    this.#controls += control.xruns;
    if (outage.xruns > control.xruns) this.#worse += 1;
    if (outage.xruns < control.xruns) this.#better += 1;
  }

  faults(): string[] {
    const isOften = this.#worse - this.#better > DEVIATIONS * Math.sqrt(this.#worse + this.#better);
    if (!isOften || !isMoreThanControl(this.#outages, this.#controls)) return [];
    return [`${this.#outages} late blocks with outages, ${this.#controls} without`];
  }
}
