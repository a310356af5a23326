/**
 * The soak: the engine process at 64 frames with 64 different loops, a commit every bar, merges, undos,
 * recalls and exports, beside a thread on the same machine that only keeps the time.
 *
 *   bun run soak [--seconds 600] [--seed N] [--json]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDriver, missing, OUT } from './build.ts';
import { number, type Printed, scene } from './driver.ts';
import { type Figure, judge, table } from './table.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(process.pid) },
    json: { type: 'boolean', default: false },
  },
});
const why = missing();
if (why !== '') {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

const buildRecorder = (): string => {
  mkdirSync(OUT, { recursive: true });
  const source = join(import.meta.dir, 'recorder/recorder.c');
  const library = join(OUT, 'librecorder.so');
  const argv = [
    'cc',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-shared',
    '-fPIC',
    '-o',
    library,
    source,
  ];
  const done = Bun.spawnSync(argv, { stderr: 'pipe' });
  if (!done.success || !statSync(library).isFile()) throw new Error(done.stderr.toString());
  return library;
};

interface Counts {
  readonly sent: number;
  readonly ok: number;
  readonly refused: number;
}
type Answers = Readonly<Record<string, Counts>>;
/** Each of these has to be done again and again. */
const KINDS = ['TRIGGER_SLOT', 'UNDO', 'REDO', 'MERGE_SLOTS', 'RECALL_RIFF', 'EXPORT', 'SET_VOL'];

const times = (printed: Printed, clock: 'cpu' | 'wall'): string => {
  const micro = (share: string) => (number(printed, `${clock}${share}Ns`) / 1000).toFixed(1);
  return `median ${micro('Median')}, p99.99 ${micro('P9999')}, worst ${micro('Worst')} µs, ${number(printed, `${clock}Slow`)} above 4 × the median`;
};

const read = async (stream: ReadableStream<Uint8Array>): Promise<string> =>
  await new Response(stream).text();

const folder = mkdtempSync(join(tmpdir(), 'flowzone-soak-'));
try {
  const noise = join(folder, 'noise.wav');
  const report = join(folder, 'blocks.json');
  scene('noise', [noise, 48_000 * 61]);
  process.stderr.write(`soak: ${values.seconds} s, seed ${values.seed} …\n`);
  const runner = Bun.spawn(
    ['bun', join(import.meta.dir, 'soak-runner.ts'), folder, noise, values.seconds, values.seed],
    {
      env: { ...process.env, LD_PRELOAD: buildRecorder(), FZ_RECORDER_REPORT: report },
      stdout: 'pipe',
      stderr: 'inherit',
    },
  );
  const control = Bun.spawn([buildDriver(), 'timer', values.seconds, '64'], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const [said, timed] = await Promise.all([read(runner.stdout), read(control.stdout)]);
  if ((await runner.exited) !== 0) throw new Error('the engine process failed');
  const life = JSON.parse(said) as Printed & { answers: Answers };
  const blocks = JSON.parse(readFileSync(report, 'utf8')) as Printed;
  const timer = JSON.parse(timed) as Printed;
  const micro = (key: string) => number(blocks, key) / 1000;
  const missed = KINDS.reduce((sum, name) => {
    const { sent, ok } = life.answers[name] ?? { sent: 1, ok: 0 };
    return sum + sent - ok;
  }, 0);
  const figures: Figure[] = [
    {
      name: 'soakXruns',
      value: number(life, 'xruns'),
      floor: number(timer, 'missed'),
      note: `${number(life, 'seconds').toFixed(0)} s, ${number(blocks, 'blocks')} blocks; ${number(life, 'riffs')} riffs`,
    },
    {
      name: 'soakWorst',
      value: micro('cpuWorstNs'),
      floor: micro('cpuMedianNs'),
      note: `CPU time: ${times(blocks, 'cpu')}; of the slow ones ${number(blocks, 'slowWithFault')} with a page fault, ${number(blocks, 'slowWithSwitch')} with another thread on the processor; by the clock: ${times(blocks, 'wall')}; the C kernel beside it, CPU time: ${times(timer, 'cpu')}; by the clock: ${times(timer, 'wall')}`,
    },
    {
      name: 'soakWork',
      value: missed,
      note: `sent/applied/refused: ${Object.entries(life.answers)
        .map(([name, { sent, ok, refused }]) => `${name} ${sent}/${ok}/${refused}`)
        .join(', ')}`,
    },
    {
      name: 'soakExports',
      value: (life.answers['EXPORT']?.sent ?? 1) - number(life, 'exportsDone'),
      note: `${number(life, 'exportsDone')} folders of files`,
    },
    {
      name: 'soakLoops',
      value: number(life, 'slots') - number(life, 'loopsLeast'),
      note: `${number(life, 'loopsMean').toFixed(1)} of ${number(life, 'slots')} loops on average`,
    },
    {
      name: 'soakMemory',
      value: number(life, 'memoryEndMiB') - number(life, 'memoryStartMiB'),
      floor: number(life, 'loopsGrewMiB'),
      note: `process at start ${number(life, 'memoryStartMiB').toFixed(0)} MiB, at the end ${number(life, 'memoryEndMiB').toFixed(0)} MiB`,
    },
  ];
  const rows = figures.map(judge);
  const summary = { rows, life, blocks, timer };
  process.stdout.write(values.json ? `${JSON.stringify(summary, null, 2)}\n` : table(rows));
  process.exitCode = rows.every((row) => row.isKept) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
