/** What a child that looks at a bundle prints: one JSON object a line; a stranger may have written it. */
import { LIMITS } from '../../protocol/limits.ts';
import { isRecord, type PluginClass, pluginClassOf } from './plugin-class.ts';

/** The child says something that is not in the contract, or too much. */
export class ScanAnswerError extends Error {
  override readonly name = 'ScanAnswerError';
}

const LINE_CHARS_MAX = 65_536;
const LINES_MAX = LIMITS.pluginClassesMax * 2 + 64;

export class ScanAnswer {
  readonly #decoder = new TextDecoder();
  readonly #classes: PluginClass[] = [];
  #rest = '';
  #lines = 0;
  #isDone = false;

  /** All plug-ins of the bundle; null before the child has said that these are all. */
  get classes(): readonly PluginClass[] | null {
    return this.#isDone ? this.#classes : null;
  }

  /** It has begun to look. */
  get hasBegun(): boolean {
    return this.#lines > 0;
  }

  /** Returns how many whole lines came: each is progress. Throws ScanAnswerError. */
  take(bytes: Uint8Array): number {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > LINE_CHARS_MAX) throw new ScanAnswerError('a line without an end');
    for (const line of parts) this.#takeLine(line);
    return parts.length;
  }

  #takeLine(line: string): void {
    this.#lines += 1;
    if (this.#lines > LINES_MAX) throw new ScanAnswerError('too many lines');
    const said = objectOf(line);
    const told = said?.['class'];
    const found = isRecord(told) && classOf(told);
    if (found) this.#classes.push(found);
    if (said?.['done'] === true) this.#isDone = true;
  }
}

/** Undefined for what the plug-in itself printed. */
const objectOf = (line: string): Readonly<Record<string, unknown>> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    const said: unknown = JSON.parse(line);
    return isRecord(said) ? said : undefined;
  } catch {
    return undefined;
  }
};

const classOf = (told: Readonly<Record<string, unknown>>): PluginClass | undefined => {
  const { subCategories } = told as { subCategories?: unknown };
  return pluginClassOf({
    id: told['classId'],
    name: told['name'],
    vendor: told['vendor'],
    version: told['version'],
    category: told['category'],
    categories: typeof subCategories === 'string' ? subCategories.split('|') : [],
  });
};
