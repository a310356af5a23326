/** A command that a sheet sends: whether it is under way, and why it had no effect. */
import { createSignal } from 'solid-js';
import type { Wish } from '../sync/make-requests.ts';
import { usePage } from '../use-session.ts';
import { refusalText } from './refusal-text.ts';

export const createAsk = () => {
  const { session } = usePage();
  const [why, setWhy] = createSignal('');
  const [isWaiting, setWaiting] = createSignal(false);
  return {
    why,
    isWaiting,
    forget: () => setWhy(''),
    /** True when it was done; else `why` says why not. */
    async ask(wish: Wish): Promise<boolean> {
      setWhy('');
      setWaiting(true);
      try {
        await session.ask(wish);
        return true;
      } catch (error) {
        setWhy(refusalText(error));
        return false;
      } finally {
        setWaiting(false);
      }
    },
  };
};
