/**
 * Late takes that the core was asked to file. What is not there after a minute in which the disk was well
 * does not come: nothing lies around the window, or it has rotted.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import type { TakeFile } from './take-safety.ts';
import type { Take } from './takes.ts';

const SECONDS = 60;
const TROUBLES: readonly number[] = [ERRORS.ERR_DISK_CRITICAL.code, ERRORS.ERR_DISK_SLOW.code];

interface Filing {
  readonly take: Take;
  /** Its window has a file, or has rotted: what is missing is not for want of room. */
  isJudged: boolean;
  seconds: number;
}

/** What it lacks of files cannot be had, and is asked for no more. */
export const settle = ({ log, takes }: SessionContext, takeId: string): void => {
  takes.setGone(takeId);
  log.aside({ kind: 'settled', takeId });
};

export class LateWatch {
  /** By the id under which the core knows them. */
  readonly #filing = new Map<string, Filing>();

  add(askedId: string, take: Take): void {
    this.#filing.set(askedId, { take, isJudged: false, seconds: 0 });
  }

  drop(askedId: string): void {
    this.#filing.delete(askedId);
  }

  onFile(askedId: string, part: TakeFile['part']): void {
    if (part === 'rolls') this.drop(askedId);
    else this.onDamaged(askedId);
  }

  onDamaged(askedId: string): void {
    const filing = this.#filing.get(askedId);
    if (filing) filing.isJudged = true;
  }

  /** Once a second. */
  look(context: SessionContext): void {
    if (Object.values(context.state.alerts).some(({ code }) => TROUBLES.includes(code))) return;
    for (const [askedId, filing] of this.#filing) {
      filing.seconds += 1;
      if (!filing.isJudged || filing.seconds < SECONDS) continue;
      this.#filing.delete(askedId);
      void this.#settle(context, filing.take);
    }
  }

  async #settle(context: SessionContext, take: Take): Promise<void> {
    const sound = await context.store.read({ kind: 'lateSound', take }).catch(() => 'unknown');
    if (sound !== 'unknown') settle(context, take.id);
  }
}
