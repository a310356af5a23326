/** A line of text that proves itself: the CRC of what follows, a space, and what follows. */
const CRC_DIGITS = 8;

const crcOf = (text: string): string => Bun.hash.crc32(text).toString(16).padStart(CRC_DIGITS, '0');

export const checkedLine = (body: string): string => `${crcOf(body)} ${body}`;

/** Null for a line that was torn or changed. */
export const bodyOfLine = (line: string): string | null => {
  const body = line.slice(CRC_DIGITS + 1);
  return line.slice(0, CRC_DIGITS) === crcOf(body) ? body : null;
};
