/** A fader that shows what the hand says until the answer to its last value has come. */
import type { FaderWish } from '../sync/create-mixer.ts';
import { usePage } from '../use-session.ts';
import { createAsked } from './create-asked.ts';

export const createFader = (known: () => number, wish: (val: number) => FaderWish) => {
  const { session } = usePage();
  const asked = createAsked(known);
  return {
    value: asked.value,
    /** While the finger moves. */
    move(val: number) {
      asked.show(val);
      session.slide(wish(val));
    },
    /** The finger left, or a key was pressed. */
    end: (val: number) => void asked.ask(val, () => session.settle(wish(val))),
  };
};
