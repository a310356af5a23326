/** Whether an element is in sight: what was scrolled away needs no paint. */
import { onCleanup } from 'solid-js';

export const watchSight = (element: Element): (() => boolean) => {
  let isSeen = true;
  const watch = new IntersectionObserver((all) => {
    isSeen = all.at(-1)?.isIntersecting ?? true;
  });
  watch.observe(element);
  onCleanup(() => watch.disconnect());
  return () => isSeen;
};
