/** A moment in the time of the place, as it can be part of a file's name on any disk. */

const two = (number: number): string => String(number).padStart(2, '0');

/** 2026-11-25 19.40.07: colons are refused by some disks. */
export const momentName = (ms: number): string => {
  const date = new Date(ms);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('.')}`;
};
