/** Draws some of many by a seed that can be printed and given again. */
export const draw = <Thing>(things: readonly Thing[], count: number, seed: number): Thing[] => {
  const left = [...things];
  let state = seed >>> 0;
  const next = (below: number) => {
    // Mulberry32: small, and the same everywhere.
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) % below;
  };
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [one] = left.splice(next(left.length), 1);
    return one as Thing;
  });
};
