/** Names of files that lead nowhere else and can be kept on any disk. */

/** Letters, digits and these few of any script; what else a name holds becomes a dash. */
const UNSAFE = /[^\p{L}\p{M}\p{N} ()&+._-]/gu;

/** Cut to whole characters. */
const shortened = (text: string, bytesMax: number): string => {
  let short = text;
  while (Buffer.byteLength(short) > bytesMax) short = [...short].slice(0, -1).join('');
  return short;
};

/** `otherwise` when nothing of it is left. */
export const safeName = (text: string, bytesMax: number, otherwise: string): string => {
  const plain = text
    .normalize('NFC')
    .replaceAll(UNSAFE, '-')
    .replaceAll(/\s+/g, ' ')
    // Hidden files, and names that some systems cut or refuse.
    .replace(/^[ .-]+/, '');
  return shortened(plain, bytesMax).replace(/[ .]+$/, '') || otherwise;
};

/** 120, 93.5: as short as it can be. */
export const bpmName = (bpm: number): string => `${Math.round(bpm * 100) / 100} bpm`;
