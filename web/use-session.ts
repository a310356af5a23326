/** The session in the tree of views, and what a view may ask of the page itself. */
import {
  type Accessor,
  batch,
  createContext,
  createSignal,
  onCleanup,
  type Setter,
  useContext,
} from 'solid-js';
import { type Palette, readPalette } from './draw/palette.ts';
import type { Place } from '../protocol/state.ts';
import type { CutPicture } from './stage/flight.ts';
import type { Session } from './sync/create-session.ts';

export type Panel =
  | 'none'
  | 'axisX'
  | 'axisY'
  | 'history'
  | 'more'
  | 'past'
  | 'plugins'
  | 'plugin'
  | 'browse'
  | 'export'
  | 'figures'
  | 'pair'
  | 'sessions'
  | 'shortcuts'
  | 'slot';

/** The loops, the mixer, or an instrument to play. */
export type View = 'slots' | 'mixer' | 'play';

/** With room for a column these are docked; all others open over the page. */
const DOCKED: readonly Panel[] = ['slot', 'more', 'past', 'plugins', 'plugin', 'browse', 'figures'];

/** So many slots are seen at once. */
export const BANK = 8;

export interface Page {
  readonly session: Session;
  readonly palette: Accessor<Palette>;
  /** Narrow or low: one column, sheets instead of docks. */
  readonly isPhone: Accessor<boolean>;
  /** One column of words: labels are shortened. */
  readonly isNarrow: Accessor<boolean>;
  /** Room for the history beside the grid. */
  readonly hasColumn: Accessor<boolean>;
  readonly panel: Accessor<Panel>;
  readonly openSlot: Accessor<number>;
  /** The sheet that lies over the page: beside it nothing is seen, pressed or spoken. */
  readonly sheet: Accessor<HTMLElement | undefined>;
  readonly setSheet: Setter<HTMLElement | undefined>;
  /** What is open stands beside the grid, where the history is otherwise. */
  readonly isDocked: Accessor<boolean>;
  /** The slot that a panel was opened for; −1 = none. */
  readonly forSlot: Accessor<number>;
  readonly open: (panel: Panel, forSlot?: number) => void;
  readonly showSlot: (slot: number) => void;
  /** The plug-in whose parameters are open; empty = none. */
  readonly openPlugin: Accessor<string>;
  readonly showPlugin: (id: string) => void;
  /** Where the plug-in goes that is looked for. */
  readonly forPlace: Accessor<Place>;
  readonly browse: (place: Place) => void;
  /** Opens what shows the chain of that place. */
  readonly showChain: (place: Place) => void;
  /** Which eight of the slots are seen. */
  readonly bank: Accessor<number>;
  readonly setBank: Setter<number>;
  /** What stands in the middle. */
  readonly view: Accessor<View>;
  /** To that one, or from it back to the slots. */
  readonly toggle: (view: View) => void;
  readonly reducedMotion: Accessor<boolean>;
  /** The strip's cut as it looks right now, for the flight of a capture. */
  readonly cutPicture: () => CutPicture | undefined;
  readonly setCutSource: (take: () => CutPicture | undefined) => void;
}

const PageContext = createContext<Page>();

/** A media query as a signal. */
const createMedia = (query: string): Accessor<boolean> => {
  const media = matchMedia(query);
  const [matches, setMatches] = createSignal(media.matches);
  const update = () => setMatches(media.matches);
  media.addEventListener('change', update);
  onCleanup(() => media.removeEventListener('change', update));
  return matches;
};

const createPalette = (): Accessor<Palette> => {
  const [palette, setPalette] = createSignal(readPalette(document.documentElement));
  const media = matchMedia('(prefers-color-scheme: light)');
  const update = () => setPalette(readPalette(document.documentElement));
  media.addEventListener('change', update);
  onCleanup(() => media.removeEventListener('change', update));
  return palette;
};

export const createPage = (session: Session): Page => {
  const [panel, setPanel] = createSignal<Panel>('none');
  const [forSlot, setForSlot] = createSignal(-1);
  const [sheet, setSheet] = createSignal<HTMLElement>();
  const hasColumn = createMedia('(min-width: 1000px) and (min-height: 561px)');
  const open = (next: Panel, slot = -1) =>
    batch(() => {
      setForSlot(slot);
      setPanel(next);
    });
  const [plugin, setPlugin] = createSignal('');
  const [place, setPlace] = createSignal<Place>('input');
  const [view, setView] = createSignal<View>('slots');
  const [bank, setBank] = createSignal(0);
  let takeCut: (() => CutPicture | undefined) | undefined;
  return {
    session,
    palette: createPalette(),
    isPhone: createMedia('(max-width: 700px), (max-height: 560px)'),
    isNarrow: createMedia('(max-width: 700px)'),
    hasColumn,
    reducedMotion: createMedia('(prefers-reduced-motion: reduce)'),
    cutPicture: () => takeCut?.(),
    setCutSource: (take) => {
      takeCut = take;
    },
    panel,
    openSlot: () => (panel() === 'slot' ? forSlot() : -1),
    isDocked: () => hasColumn() && DOCKED.includes(panel()),
    forSlot,
    sheet,
    setSheet,
    open,
    showSlot: (slot) => open('slot', slot),
    // A session with fewer slots may have come since.
    bank: () => Math.min(bank(), Math.ceil(session.state.slots.length / BANK) - 1),
    setBank,
    view,
    toggle: (to) => void setView(view() === to ? 'slots' : to),
    openPlugin: () => (panel() === 'plugin' ? plugin() : ''),
    showPlugin: (id) =>
      batch(() => {
        setPlugin(id);
        open('plugin');
      }),
    forPlace: place,
    browse: (where) =>
      batch(() => {
        setPlace(where);
        open('browse');
      }),
    showChain: (where) => (where === 'input' ? open('plugins') : open('slot', where)),
  };
};

export const PageProvider = PageContext.Provider;

export const usePage = (): Page => {
  const page = useContext(PageContext);
  if (!page) throw new Error('a view was mounted outside the page');
  return page;
};

/** Style variables of a slot's colour. */
export const slotStyle = (slot: number) => ({
  '--c': `var(--slot-${(slot % 8) + 1})`,
  '--ink': `var(--ink-${(slot % 8) + 1})`,
});
