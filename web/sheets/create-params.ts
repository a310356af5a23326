/**
 * The parameters of one plug-in under the player's hands: looked for, moved, sent.
 *
 * A value under the finger is the finger's until a little after it has left.
 */
import { createMemo, createSignal, onCleanup } from 'solid-js';
import type { ParamRow } from '../../protocol/link.ts';
import { ECHO_MS } from '../sync/create-overlay.ts';
import { laterByTimer, makeParamSender } from '../sync/make-param-sender.ts';
import { usePage } from '../use-session.ts';
import { createParamValues } from './create-param-values.ts';

const fits = ({ title }: ParamRow, wanted: readonly string[]) => {
  const words = title.toLowerCase();
  return wanted.every((each) => words.includes(each));
};

export const createParams = (id: string) => {
  const { session } = usePage();
  const [text, setText] = createSignal('');
  const [isTouchedOnly, setTouchedOnly] = createSignal(false);
  /** Until when a value is the finger's. */
  const held = new Map<number, number>();
  const isHeld = (paramId: number) => (held.get(paramId) ?? 0) > performance.now();
  const sender = makeParamSender({
    later: laterByTimer,
    send(paramId, val, isLast) {
      const wish = { cmd: 'SET_PARAM', instanceId: id, paramId, val } as const;
      if (isLast) void session.run(wish);
      else session.tell(wish);
    },
  });

  // Before the values: they say that nobody watches any more.
  onCleanup(sender.flush);
  const { rows, show, textOf, valueOf } = createParamValues(id, isHeld);

  const touched = () => session.state.plugins[id]?.touched ?? {};
  const found = createMemo(() => {
    const wanted = text().toLowerCase().split(/\s+/).filter(Boolean);
    const isTouched = isTouchedOnly() ? touched() : undefined;
    return rows().filter(
      (row) => fits(row, wanted) && (!isTouched || isTouched[row.paramId] !== undefined),
    );
  });

  const letGo = (paramId: number) => held.set(paramId, performance.now() + ECHO_MS);
  const set = (paramId: number, value: number, isLast: boolean) => {
    if (isLast) letGo(paramId);
    else held.set(paramId, Infinity);
    show(paramId, { value });
    sender.set(paramId, value, isLast);
  };

  return {
    isHere: () => rows().length > 0,
    count: () => rows().length,
    touchedCount: () => Object.keys(touched()).length,
    found,
    text,
    setText,
    isTouchedOnly,
    setTouchedOnly,
    valueOf,
    textOf,
    /** While the finger moves. */
    move: (paramId: number, value: number) => set(paramId, value, false),
    end: (paramId: number, value: number) => set(paramId, value, true),
    /** The finger left, perhaps where it had come: then no value ends the gesture. */
    letGo,
  };
};

export type Params = ReturnType<typeof createParams>;
