/** A value as the player asked for it, until the answer has come: the next step counts from there. */
import { createSignal } from 'solid-js';

export const createAsked = <Value>(known: () => Value) => {
  const [asked, setAsked] = createSignal<{ readonly value: Value }>();
  const show = (value: Value) => setAsked({ value });
  return {
    value: (): Value => (asked() ?? { value: known() }).value,
    show,
    /** Shown until `run` has settled, or something else is asked for. */
    async ask(value: Value, run: (value: Value) => Promise<unknown>) {
      const mine = show(value);
      await run(value);
      if (asked() === mine) setAsked(undefined);
    },
  };
};
