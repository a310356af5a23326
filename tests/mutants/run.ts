/**
 * Draws errors in the Mac's files by a seed, and tells which of them the type check and the tests on
 * the stubs catch.
 *
 *   npm run mutants -- [--count 20] [--seed N] [--all] [--only TEXT]…
 *
 * `--only` takes those whose edit holds one of the texts, as survivors are asked again.
 */
import { parseArgs } from 'node:util';
import { withoutColour } from '../../scripts/testing/counts.ts';
import { draw } from './draw.ts';
import { apply, makeTree } from './edit.ts';
import { MUTANTS, type Mutant } from './table.ts';

const ROOT = `${import.meta.dirname}/../..`;
const BUILD_MINUTES = 15;
/** A healthy run takes seconds. */
const TEST_MINUTES = 3;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(crypto.getRandomValues(new Uint32Array(1))[0]) },
    all: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

const tree = makeTree(ROOT);

const run = (argv: readonly string[], minutes: number) => {
  const { exitCode, signalCode, stdout, stderr } = Bun.spawnSync([...argv], {
    cwd: tree,
    env: { ...process.env, FLOWZONE_APPLE_STUBS: '1' },
    timeout: minutes * 60_000,
    killSignal: 'SIGKILL',
  });
  return { exitCode, signalCode, text: withoutColour(`${stdout}\n${stderr}`) };
};

const PLACE = ['--scratch-path', '../build'];
const build = () => run(['swift', 'build', '--build-tests', ...PLACE], BUILD_MINUTES);
const test = () => run(['swift', 'test', '--skip-build', '--no-parallel', ...PLACE], TEST_MINUTES);

const firstError = (text: string) => /error: (.+)/.exec(text)?.[1] ?? 'it did not compile';

const failedTests = (text: string) => [
  ...new Set([...text.matchAll(/Test "([^"]+)" recorded an issue/g)].map((match) => match[1])),
];

/** By what it is caught; null = it survives. */
const catcher = (): string | null => {
  const built = build();
  if (built.exitCode !== 0) return `type check: ${firstError(built.text)}`;
  const { exitCode, signalCode, text } = test();
  if (exitCode === 0) return null;
  const [first, ...others] = failedTests(text);
  if (first !== undefined) return `test: ${first}${others.length > 0 ? `, +${others.length}` : ''}`;
  return signalCode === 'SIGKILL'
    ? 'test: it hangs'
    : `test: ${/Fatal error: .+|uncaught exception: .+/.exec(text)?.[0] ?? 'the process ends'}`;
};

const title = ({ kind, file, from, to }: Mutant) =>
  `${kind.padEnd(9)}${file}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`;

say(`seed ${values.seed}, of ${MUTANTS.length} mutants`);
const clean = catcher();
if (clean !== null) {
  say(`without any error in it, it fails already: ${clean}`);
  process.exit(1);
}
const chosen = (): Mutant[] => {
  const { all, count, only, seed } = values;
  if (all) return [...MUTANTS];
  if (only.length === 0) return draw(MUTANTS, Number(count), Number(seed));
  return MUTANTS.filter((mutant) => only.some((text) => title(mutant).includes(text)));
};
const drawn = chosen();
const survivors: Mutant[] = [];
const by = { 'type check': 0, test: 0 };
for (const mutant of drawn) {
  const restore = apply(tree, mutant);
  const caught = catcher();
  restore();
  say(`${caught === null ? 'SURVIVES ' : 'caught   '}${title(mutant)}\n         ${caught ?? ''}`);
  if (caught === null) survivors.push(mutant);
  else by[caught.startsWith('test') ? 'test' : 'type check'] += 1;
}
say(
  `${drawn.length - survivors.length} of ${drawn.length} caught, ${by['type check']} by the type check, ${by.test} by tests`,
);
for (const mutant of survivors) say(`survivor: ${title(mutant)}`);
process.exit(survivors.length === 0 ? 0 : 1);
