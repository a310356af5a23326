/** How deep JSON text is nested, told before anything is built of it. */

const OPENS = new Set(['[', '{']);
const CLOSES = new Set([']', '}']);

/** Brackets inside of strings count for nothing; text that is no JSON gets some answer. */
export const isDeeperThan = (text: string, depthMax: number): boolean => {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (isInString) {
      if (char === '\\') at += 1;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (OPENS.has(char)) depth += 1;
    else if (CLOSES.has(char)) depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
};
