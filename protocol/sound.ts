/**
 * Layout of a piece of the master, for a page that plays it: sent only to those who sent LISTEN.
 *
 * Little-endian: a header of 32-bit words, then 16-bit samples, left and right in turn. Frames are
 * counted in two words, as long as somebody listens; where a piece does not begin at the end of the one
 * before it, what is between was left out. Imports nothing: the page reads it too.
 */
export const SOUND_MAGIC = 0x01_5a_46_03;

/** Index of each header word, all of them u32. */
export const SOUND_HEADER = {
  magic: 0,
  sampleRateHz: 1,
  firstLo: 2,
  firstHi: 3,
} as const;

export const SOUND_HEADER_WORDS = 4;
/** What 1.0 becomes; louder is cut off there. */
export const SOUND_FULL_SCALE = 32_767;
/** Of both sides. */
export const SOUND_FRAME_BYTES = 4;
