/**
 * Which plug-ins share a process: those of one maker.
 *
 * Makers write their own name in many ways; what is left of it after the usual trimmings is the key.
 * Where that is wrong the player's own file has the last word: `plugins/groups.json` in the data
 * folder, an object of maker's name → group.
 */
/** By key of the maker. */
export type GroupNames = Readonly<Record<string, string>>;

const NAMELESS = 'unknown maker';
/** In UTF-8, with the zero at its end, as long as the core's field. */
const GROUP_BYTES_MAX = 127;

/** Who helped, or what follows: `A, B`, `A and B`, `A & B`, `A feat. B`, `A / B`, `A - B`. */
const COMPANY = /\s*(?:[,;/|]|\s(?:and|feat\.?|with|by)\s|\s[&+–-]\s).*$/u;
/** What companies are called after their name. */
const LEGAL = /[\s.]+(?:inc|ltd|llc|gmbh|ag|s\.?a\.?r\.?l|co|corp|audio software)\.?$/u;
const NOISE = /[^\p{L}\p{N}]+/gu;

/** The same maker under other names. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['steinberg media technologies', 'steinberg'],
  ['lsp vst3', 'lsp'],
  ['linux studio plugins', 'lsp'],
  ['linux studio plugins project', 'lsp'],
]);

/** As long as a group's name may be. */
export const cut = (text: string): string => {
  let short = text;
  while (Buffer.byteLength(short) > GROUP_BYTES_MAX) short = short.slice(0, -1);
  return short;
};

/** What is left of a maker's name. */
export const keyOf = (vendor: string): string => {
  const name = vendor.normalize('NFKC').trim().toLowerCase();
  const alone = name.replace(COMPANY, '').replace(LEGAL, '');
  const key = (alone === '' ? name : alone).replaceAll(NOISE, ' ').trim();
  return cut(ALIASES.get(key) ?? key) || NAMELESS;
};

/** The group of a maker's plug-ins; never empty. */
export const groupOf = (vendor: string, groups: GroupNames = {}): string => {
  const key = keyOf(vendor);
  return Object.hasOwn(groups, key) ? (groups[key] ?? key) : key;
};
