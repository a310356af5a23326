/** Ids as text on the wire and in the store, as four words in the core. */

/** Big-endian words of the 32 hex digits. */
export const wordsOfId = (id: string): number[] => {
  const hex = id.replaceAll('-', '');
  return [0, 8, 16, 24].map((at) => Number.parseInt(hex.slice(at, at + 8), 16));
};

export const hexOfWords = (words: readonly number[]): string =>
  words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

export const idOfWords = (words: readonly number[]): string => {
  const hex = hexOfWords(words);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
};
