/**
 * JSON as plug-in makers write it: trailing commas, comments and a byte order mark are taken too.
 *
 * Whatever else is wrong throws, as `JSON.parse` does.
 */

const LINE_END = /[\n\r]/;

/** Where the string that begins at `from` has ended. */
const afterString = (text: string, from: number): number => {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
};

/** Where the comment that begins at `from` has ended; `from` when none does. */
const afterComment = (text: string, from: number): number => {
  if (text.startsWith('//', from)) {
    const length = text.slice(from).search(LINE_END);
    return length < 0 ? text.length : from + length;
  }
  if (!text.startsWith('/*', from)) return from;
  const end = text.indexOf('*/', from + 2);
  return end < 0 ? text.length : end + 2;
};

const withoutComments = (text: string): string => {
  let kept = '';
  for (let at = 0; at < text.length; ) {
    const isString = text[at] === '"';
    const end = isString ? afterString(text, at) : afterComment(text, at);
    if (end === at) kept += text[at++];
    else {
      kept += isString ? text.slice(at, end) : ' ';
      at = end;
    }
  }
  return kept;
};

/** White space around a trailing comma; more than that is not looked through. */
const AROUND = 1024;

/** Something stands before it, and what follows closes. */
const isTrailing = (before: string, after: string): boolean =>
  /^\s*[\]}]/.test(after.slice(0, AROUND)) && /[^\s[{,]\s*$/.test(before.slice(-AROUND));

const withoutTrailingCommas = (text: string): string => {
  let kept = '';
  for (let at = 0; at < text.length; ) {
    const end = text[at] === '"' ? afterString(text, at) : at + 1;
    const part = text.slice(at, end);
    if (part !== ',' || !isTrailing(kept, text.slice(end, end + AROUND))) kept += part;
    at = end;
  }
  return kept;
};

export const parseTolerant = (text: string): unknown =>
  JSON.parse(withoutTrailingCommas(withoutComments(text.replace(/^\uFEFF/, ''))));
