/** One plug-in of a bundle, out of what a stranger says of it: checked, cut to length, one line each. */
import { LIMITS } from '../../protocol/limits.ts';

export interface PluginClass {
  /** Stable: the same plug-in has it on every computer. */
  readonly pluginId: string;
  readonly name: string;
  readonly vendor: string;
  readonly version: string;
  readonly kind: 'effect' | 'instrument';
  /** As its maker files it, the most general first. */
  readonly categories: readonly string[];
}

/** Categories that sound, each with its kind of plug-in; others are parts of such a class. */
const KINDS: Readonly<Record<string, string>> = {
  'Audio Module Class': 'vst3',
  'Audio Unit': 'au',
};
const CLASS_ID = /^[\da-f]{32}$/i;
const CATEGORIES_MAX = 8;

const lineOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, LIMITS.pluginTextCharsMax)
    : '';

export interface ClassParts {
  readonly id: unknown;
  readonly name: unknown;
  readonly vendor: unknown;
  readonly version: unknown;
  readonly category: unknown;
  readonly categories: readonly unknown[];
}

/** Undefined for what is no plug-in: a controller, or nothing that can be named. */
export const pluginClassOf = (parts: ClassParts): PluginClass | undefined => {
  const { category, id } = parts;
  if (typeof category !== 'string' || !Object.hasOwn(KINDS, category)) return undefined;
  if (typeof id !== 'string' || !CLASS_ID.test(id)) return undefined;
  const categories = parts.categories.map(lineOf).filter((each) => each !== '');
  return {
    pluginId: `${KINDS[category]}:${id.toLowerCase()}`,
    name: lineOf(parts.name) || id.toLowerCase(),
    vendor: lineOf(parts.vendor),
    version: lineOf(parts.version),
    kind: categories.includes('Instrument') ? 'instrument' : 'effect',
    categories: categories.slice(0, CATEGORIES_MAX),
  };
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
