/** Colours for canvases, read from the tokens, so that there is one list of them. */

export interface Palette {
  readonly isLight: boolean;
  readonly bg: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly ctl: string;
  readonly well: string;
  readonly record: string;
  readonly warn: string;
  /** Slots 1–8; further slots begin again. */
  readonly slots: readonly string[];
}

export type Rgb = readonly [number, number, number];

export const SLOT_COLOURS = 8;

export const readPalette = (root: Element): Palette => {
  const style = getComputedStyle(root);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    isLight: token('theme') === 'light',
    bg: token('bg'),
    text: token('text'),
    muted: token('muted'),
    faint: token('faint'),
    ctl: token('ctl'),
    well: token('well'),
    record: token('record'),
    warn: token('warn'),
    slots: Array.from({ length: SLOT_COLOURS }, (_, index) => token(`slot-${index + 1}`)),
  };
};

export const slotColour = (palette: Palette, slot: number): string =>
  palette.slots[slot % SLOT_COLOURS] ?? palette.text;

/** `#rrggbb` or `#rgb`, which is all the tokens use (a minifier may shorten them). */
export const rgb = (hex: string): Rgb => {
  const digits = hex.replace('#', '');
  const full = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits;
  const value = Number.parseInt(full, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** `from` with `share` of `to` mixed in, as a canvas colour. */
export const mix = (from: Rgb, to: Rgb, share: number, alpha = 1): string => {
  const part = (at: 0 | 1 | 2) => Math.round(from[at] + (to[at] - from[at]) * share);
  return `rgba(${part(0)},${part(1)},${part(2)},${alpha})`;
};

export const fade = (hex: string, alpha: number): string => mix(rgb(hex), [0, 0, 0], 0, alpha);
