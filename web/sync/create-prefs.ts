/** What one device remembers for itself: kept in local storage where that is allowed. */
import { createStore } from 'solid-js/store';

export interface Prefs {
  /** Single letters and digits as keys; can be switched off (WCAG 2.1.4). */
  singleKeys: boolean;
  /** Press on the bar, or freely at the press. */
  isQuantized: boolean;
  /** Mute and solo wait for the bar. */
  isMuteOnBar: boolean;
  /** How instruments lie under the fingers. */
  play?: PlayPrefs;
  /** Of which parameters the XY pad is. */
  xy?: XyPrefs;
}

export interface PlayPrefs {
  readonly isKeys: boolean;
  /** Semitones above C. */
  readonly root: number;
  readonly scale: string;
}

export interface Axis {
  readonly instanceId: string;
  readonly paramId: number;
}

export interface XyPrefs {
  readonly x?: Axis | undefined;
  readonly y?: Axis | undefined;
  /** The point stays where the finger left it; else it goes back to where it was. */
  readonly isHeld: boolean;
}

const KEY = 'flowzone';
const FIRST: Prefs = { singleKeys: true, isQuantized: true, isMuteOnBar: false };

const read = (): Prefs => {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Prefs>) };
  } catch {
    return { ...FIRST };
  }
};

export const createPrefs = (): [Prefs, (part: Partial<Prefs>) => void] => {
  const [prefs, setPrefs] = createStore<Prefs>(read());
  const change = (part: Partial<Prefs>) => {
    setPrefs(part);
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...prefs }));
    } catch {
      // Private windows may refuse: the choice then lasts as long as the page.
    }
  };
  return [prefs, change];
};
