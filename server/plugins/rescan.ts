/** How far the look is that the player asked for. */
import type { RescanState, ScanNews } from './scan-port.ts';

export class Rescan {
  readonly #tell: (news: Extract<ScanNews, { t: 'rescan' }>) => void;
  #all = 0;
  #progress = 0;
  isRunning = false;

  constructor(tell: (news: Extract<ScanNews, { t: 'rescan' }>) => void) {
    this.#tell = tell;
  }

  begin(): void {
    this.isRunning = true;
    this.#all = 0;
    this.#progress = 0;
    this.#send('running');
  }

  /** So many bundles are looked at for it. */
  expect(count: number): void {
    this.#all = count;
  }

  /** So many are left; with none it is done. */
  onLeft(count: number): void {
    if (!this.isRunning) return;
    // What came meanwhile is looked at too, and never lets it seem to go back.
    const share = this.#all === 0 ? 1 : 1 - Math.min(1, count / this.#all);
    this.#progress = Math.max(this.#progress, share);
    if (count === 0) this.end('done');
    else this.#send('running');
  }

  end(state: RescanState, code = 0): void {
    if (!this.isRunning) return;
    this.isRunning = false;
    if (state === 'done') this.#progress = 1;
    this.#send(state, code);
  }

  #send(state: RescanState, code = 0): void {
    this.#tell({ t: 'rescan', state, progress: this.#progress, code });
  }
}
