/**
 * JSON as plug-in makers write it: trailing commas, comments and a byte order mark are taken too.
 *
 * Whatever else is wrong throws, as `JSON.parse` does.
 */

// Each reaches to the end of the text when nothing ends it: then no place is looked at twice.
const STRING = String.raw`"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)`;
const COMMENT = new RegExp(String.raw`(${STRING})|//[^\n\r]*|/\*[\s\S]*?(?:\*/|$)`, 'g');
/** A string, or what ends a value, and perhaps a comma that nothing follows. */
const LAST_COMMA = new RegExp(String.raw`(${STRING}|[^\s[{,:"])(\s*),(?=\s*[\]}])|${STRING}`, 'g');
const BYTE_ORDER_MARK = /^\uFEFF/;

export const parseTolerant = (text: string): unknown =>
  JSON.parse(
    text
      .replace(BYTE_ORDER_MARK, '')
      .replace(COMMENT, (_, string?: string) => string ?? ' ')
      .replace(LAST_COMMA, (all, value?: string) => (value === undefined ? all : all.slice(0, -1))),
  );
