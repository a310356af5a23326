/** Views that are not part of the first load: nothing is shown until their part has come. */
import { type Component, createSignal, Show } from 'solid-js';

const AGAIN_MS = 2000;

// Nobody else asks again for styles that did not come.
addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLLinkElement)) return;
    setTimeout(() => target.replaceWith(target.cloneNode()), AGAIN_MS);
  },
  true,
);

/**
 * A view whose code is fetched when it is first shown, or before, by calling `load`. What fails to
 * come, as in an outage, is asked for again until it does.
 */
export const later = <Name extends string>(
  load: () => Promise<Readonly<Record<Name, Component>>>,
  name: Name,
): Component => {
  const [view, setView] = createSignal<Component>();
  const ask = () =>
    void load().then(
      (part) => setView(() => part[name]),
      () => setTimeout(ask, AGAIN_MS),
    );
  return () => {
    if (!view()) ask();
    return <Show when={view()}>{(loaded) => loaded()({})}</Show>;
  };
};
