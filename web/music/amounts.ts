/** How much there is, for people. */

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** 12 kB, 4.1 MB, 33 GB: two digits that count. */
export const bytesText = (bytes: number): string => {
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = size < 9.95 && unit > 0 ? 1 : 0;
  return `${size.toFixed(digits)} ${UNITS[unit] ?? ''}`;
};

/** 20 s, 9 min, 3 h 20 min. */
export const durationText = (seconds: number): string => {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
};

/** 1 step, 12 steps. */
export const countText = (count: number, one: string): string =>
  `${count} ${count === 1 ? one : `${one}s`}`;
