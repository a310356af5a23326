/** Of thousands of rows those around what is seen are on the page; for the others there is room. */
import { type Accessor, createMemo, createSignal, onCleanup, onMount } from 'solid-js';

/** Height of a row, as `HistoryRow.module.css` has it; one that is being named is a little higher. */
export const ROW_PX = 64;
/** So few are all there. */
const ALL_MAX = 64;
/** Rows above and below what is seen. */
const AROUND = 16;
/** The window moves by so many rows at once. */
const STEP = 8;

export const createRowWindow = (
  ids: Accessor<readonly string[]>,
  list: Accessor<HTMLElement | undefined>,
) => {
  const [first, setFirst] = createSignal(0);
  const [seen, setSeen] = createSignal(0);
  const follow = () => {
    const { clientHeight = 0, scrollTop = 0 } = list() ?? {};
    // Under what is docked it has no height, and waits as it is.
    if (clientHeight === 0) return;
    setFirst(Math.floor(scrollTop / ROW_PX / STEP) * STEP);
    setSeen(Math.ceil(clientHeight / ROW_PX));
  };
  onMount(() => {
    const box = list();
    if (!box) return;
    const watch = new ResizeObserver(follow);
    watch.observe(box);
    box.addEventListener('scroll', follow, { passive: true });
    onCleanup(() => {
      watch.disconnect();
      box.removeEventListener('scroll', follow);
    });
  });
  const count = () => seen() + STEP + 2 * AROUND;
  const from = () =>
    ids().length <= ALL_MAX ? 0 : Math.max(0, Math.min(first() - AROUND, ids().length - count()));
  const shown = createMemo(() =>
    ids().length <= ALL_MAX ? ids() : ids().slice(from(), from() + count()),
  );
  return {
    shown,
    abovePx: () => from() * ROW_PX,
    belowPx: () => (ids().length - from() - shown().length) * ROW_PX,
    /** Brings a row that is far away into the window. */
    reveal(id: string) {
      const box = list();
      const place = ids().indexOf(id);
      if (!box || place < 0 || shown().includes(id)) return;
      // Room first: what is not there yet cannot be scrolled to.
      box.scrollTop = place * ROW_PX - box.clientHeight / 2;
      follow();
    },
  };
};
