/** FlowZone with a few lines of it changed: for negative controls, and for faults made inside of it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const OUT = join(ROOT, '.build/faults');

export interface Mutation {
  /** Of the product, from its root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const changed = ({ file, from, to }: Mutation): { file: string; contents: string } => {
  const source = readFileSync(join(ROOT, file), 'utf8');
  // A control whose fault is not there would be a promise that is kept.
  if (source.split(from).length !== 2) throw new Error(`${file} has not once: ${from}`);
  return { file, contents: source.replace(from, () => to) };
};

/** What a process needs in its environment to run with these changes, each in a file of its own. */
export const mutantEnv = (...mutations: readonly Mutation[]): Record<string, string> => {
  const text = `const files = ${JSON.stringify(mutations.map(changed))};
// A worker loads its modules anew.
globalThis.Worker = class extends Worker {
  constructor(url, options) {
    super(url, { ...options, preload: [import.meta.path, ...[options?.preload ?? []].flat()] });
  }
};
Bun.plugin({
  name: 'mutant',
  setup(build) {
    for (const { contents, file } of files) {
      const filter = new RegExp(file.replaceAll(/[/.]/g, '\\\\$&') + '$');
      build.onLoad({ filter }, () => ({ loader: 'ts', contents }));
    }
  },
});
`;
  mkdirSync(OUT, { recursive: true });
  const plugin = join(OUT, `mutant-${Bun.hash(text).toString(16)}.ts`);
  writeFileSync(plugin, text);
  return { BUN_OPTIONS: `--preload ${plugin}` };
};
