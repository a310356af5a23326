/** Views that are not part of the first load: nothing is shown until their part has come. */
import { type Component, createSignal, Show } from 'solid-js';

/** A view whose code is fetched when it is first shown, or before, by calling `load`. */
export const later = <Part,>(
  load: () => Promise<Part>,
  pick: (part: Part) => Component,
): Component => {
  const [view, setView] = createSignal<Component>();
  return () => {
    if (!view()) void load().then((part) => setView(() => pick(part)));
    return <Show when={view()}>{(loaded) => loaded()({})}</Show>;
  };
};
