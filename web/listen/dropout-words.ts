/** How often the sound on this page broke off, and when it last did. */
const MINUTE = 60;

/** How many there were says little of the delay of now: when the last one was says it. */
export const dropoutWords = (count: number, calmSeconds: number): string => {
  if (count === 0) return 'no dropouts';
  const minutes = Math.floor(calmSeconds / MINUTE);
  const since = minutes === 0 ? 'just now' : `${minutes} min ago`;
  return count === 1 ? `1 dropout, ${since}` : `${count} dropouts, the last ${since}`;
};
