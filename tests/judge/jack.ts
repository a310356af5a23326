/**
 * The judge on a real JACK server: another program plays noise into FlowZone, another records what
 * comes out. Imports nothing of the product.
 *
 *   bun tests/judge/jack.ts [--long] [--seed N]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect, type Json } from './client.ts';
import { makeFolder, startProduct, until, withCleanup } from './product.ts';
import {
  dbfs,
  findTake,
  makeNoise,
  makeRandom,
  readWav,
  readWavFile,
  writeWavFile,
} from './wav.ts';

const RATE = 48_000;
const NOISE_FRAMES = 150 * RATE;
const SEAM_FRAMES = Math.round(0.01 * RATE);

export const missingPrograms = (): string[] =>
  ['jackd', 'jack_lsp', 'jack_connect', 'sndfile-jackplay', 'jack-record'].filter(
    (name) => Bun.which(name) === null,
  );

export interface JackServer {
  readonly pid: number;
  readonly env: Record<string, string>;
  readonly run: (command: string, args: string[]) => ChildProcess;
  /** Waits for two ports of each kind and connects them, left to left. */
  readonly connectAll: (from: RegExp, to: RegExp) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A dummy server of its own name, so that no other server on the machine is touched. */
export const startJack = async (): Promise<JackServer> => {
  const name = `flowzone-${process.pid}`;
  const env = { JACK_DEFAULT_SERVER: name, JACK_NO_START_SERVER: '1' };
  const server = spawn('jackd', ['-n', name, '-d', 'dummy', '-r', String(RATE), '-p', '128'], {
    stdio: 'ignore',
  });
  const both = { ...process.env, ...env };
  const ask = (command: string, args: string[]) =>
    spawnSync(command, args, { env: both, encoding: 'utf8' }).stdout;
  const ports = () =>
    ask('jack_lsp', [])
      .split('\n')
      .filter((port) => port.includes(':'));
  const pair = (pattern: RegExp) =>
    until(`two ports like ${pattern.source}`, () => {
      const found = ports().filter((port) => pattern.test(port));
      return found.length === 2 && found;
    });
  await until('the JACK server', () => ports().length > 0);
  return {
    pid: server.pid ?? 0,
    env,
    run: (command, args) => spawn(command, args, { env: both, stdio: 'ignore' }),
    connectAll: async (from, to) => {
      const [sources, sinks] = [await pair(from), await pair(to)];
      for (const [index, source] of sources.entries())
        ask('jack_connect', [source, sinks[index] ?? '']);
    },
    stop: () =>
      new Promise((done) => {
        server.on('close', () => done());
        server.kill('SIGTERM');
      }),
  };
};

/** How many whole repeats of `take` stand one after the other in `recorded`, and the largest difference. */
export const repeatsOf = (recorded: Float32Array, take: Float32Array) => {
  const length = take.length / 2;
  const frames = recorded.length / 2;
  const isHere = (frame: number) => {
    for (let at = 1000; at < 1512; at += 1) {
      if (recorded[2 * (frame + at)] !== take[2 * at]) return false;
    }
    return true;
  };
  let first = 0;
  while (first < frames - length && !isHere(first)) first += 1;
  let residual = 0;
  let repeats = 0;
  for (let start = first; start + length <= frames; start += length, repeats += 1) {
    for (let at = 2 * SEAM_FRAMES; at < 2 * (length - SEAM_FRAMES); at += 1) {
      residual = Math.max(residual, Math.abs((recorded[2 * start + at] ?? 9) - (take[at] ?? 0)));
    }
  }
  return { repeats, residual };
};

const stopChild = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null) return done();
    child.on('close', () => done());
    child.kill('SIGINT');
  });

export interface JackTrial {
  readonly presses: number;
  readonly repeats: number;
  readonly seed: number;
}

/** Plays noise into FlowZone, captures, and records what FlowZone plays: all by JACK. */
export const judgeJack = (trial: JackTrial) =>
  withCleanup(async (later) => {
    const { presses, repeats, seed } = trial;
    const folder = makeFolder();
    const random = makeRandom(seed);
    const noise = makeNoise(seed, NOISE_FRAMES);
    writeWavFile(`${folder}/noise.wav`, RATE, noise);
    const jack = await startJack();
    later(jack.stop);
    const product = await startProduct(['--device', 'jack', '--bpm', '240'], {
      env: { ...jack.env, FLOWZONE_RING_SECONDS: '140' },
    });
    later(() => product.stop());
    const client = await connect(product.url);
    later(client.close);
    await client.ask({ cmd: 'SET_INPUT', source: 0, monitor: false });
    const frame = async () => (await product.json<Json>('/api/health')).frame as number;

    const player = jack.run('sndfile-jackplay', [`${folder}/noise.wav`]);
    later(() => stopChild(player));
    await jack.connectAll(/jack.?play/i, /^FlowZone.*in/);
    const from = await frame();
    await until('five seconds of noise', async () => (await frame()) > from + 5 * RATE);

    const faults: string[] = [];
    const offsets = new Set<number>();
    let take: Float32Array = new Float32Array(0);
    for (let count = 0; count < presses; count += 1) {
      await Bun.sleep(random() * 700);
      const bars = 1 + Math.floor(random() * 2);
      const quantized = random() < 0.5;
      const { result } = await client.ask({ cmd: 'TRIGGER_SLOT', slot: 0, bars, quantized });
      await until('saved', () => {
        const slot = client.state().slots[0];
        return slot.takeId === result.takeId && slot.saved;
      });
      const audio = await product.get(`/api/takes/${result.takeId}/audio`);
      take = readWav(new Uint8Array(await audio.arrayBuffer())).samples;
      const places = findTake(noise, take);
      if (places.length === 1) offsets.add((result.fromFrame - (places[0] ?? 0)) % NOISE_FRAMES);
      else faults.push(`press ${count}: found ${places.length} times`);
    }
    if (offsets.size !== 1) faults.push(`offsets differ: ${[...offsets].join(', ')}`);

    const seconds = Math.ceil(((repeats + 2) * take.length) / 2 / RATE);
    const recorder = jack.run('jack-record', [
      '-b',
      '65536',
      '-t',
      String(seconds),
      `${folder}/heard.wav`,
    ]);
    const ended = new Promise((done) => recorder.on('close', done));
    await jack.connectAll(/^FlowZone.*out/, /jack.?record/i);
    await ended;
    const heard = repeatsOf(readWavFile(`${folder}/heard.wav`).samples, take);
    const { xruns } = await product.json<Json>('/api/health');
    return {
      seed,
      presses,
      faults,
      repeats: heard.repeats,
      residualDbfs: dbfs(heard.residual),
      xruns,
    };
  });

if (import.meta.main) {
  const long = process.argv.includes('--long');
  const seed = Number(process.argv[process.argv.indexOf('--seed') + 1]) || 48;
  const report = await judgeJack({ presses: long ? 20 : 5, repeats: long ? 16 : 4, seed });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.faults.length > 0 || report.residualDbfs > -120) process.exitCode = 1;
}
