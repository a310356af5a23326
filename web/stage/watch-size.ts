/** A canvas fits its box on the screen that the page is on: moved to another one, its box stays as large. */
import { onCleanup } from 'solid-js';
import { density } from '../draw/canvas.ts';

/** Calls `fit` with every new size; the result, called before each paint, with another density. */
export const watchSize = (elements: readonly Element[], fit: () => void): (() => void) => {
  let ratio = 0;
  const refit = () => {
    ratio = density();
    fit();
  };
  const watch = new ResizeObserver(refit);
  for (const element of elements) watch.observe(element);
  onCleanup(() => watch.disconnect());
  return () => {
    if (ratio !== density()) refit();
  };
};
