/** Parameters of an address: every one must be known and in bounds. */
export class BadQueryError extends Error {
  override readonly name = 'BadQueryError';
}

export class Query {
  readonly #values: URLSearchParams;

  constructor(url: string, known: readonly string[]) {
    this.#values = new URL(url).searchParams;
    for (const name of this.#values.keys()) {
      if (!known.includes(name)) throw new BadQueryError(`Unknown: ${name.slice(0, 64)}.`);
    }
  }

  integer(name: string, bounds: { min: number; max: number; otherwise?: number }): number {
    const text = this.#one(name);
    if (text === undefined && bounds.otherwise !== undefined) return bounds.otherwise;
    const value = /^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN;
    if (value >= bounds.min && value <= bounds.max) return value;
    throw new BadQueryError(`${name}: ${bounds.min} to ${bounds.max}.`);
  }

  flag(name: string): boolean | undefined {
    const text = this.#one(name);
    if (text === undefined || text === '') return undefined;
    if (text === '1' || text === 'true') return true;
    if (text === '0' || text === 'false') return false;
    throw new BadQueryError(`${name}: 0 or 1.`);
  }

  text(name: string, fits: (text: string) => boolean): string | undefined {
    const text = this.#one(name);
    if (text === undefined || text === '') return undefined;
    if (fits(text)) return text;
    throw new BadQueryError(`${name}: not one.`);
  }

  #one(name: string): string | undefined {
    const all = this.#values.getAll(name);
    if (all.length > 1) throw new BadQueryError(`${name}: more than once.`);
    return all[0];
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);
