/**
 * The judge on a real JACK server: another program plays noise into FlowZone, another records what
 * comes out. Imports nothing of the product.
 *
 *   bun tests/judge/jack.ts [--long] [--seed N]
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect, type Json } from './client.ts';
import { makeFolder, startProduct, until } from './product.ts';
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
const SEAM_FRAMES = Math.round(0.01 * RATE);

export const missingPrograms = (): string[] =>
  ['jackd', 'jack_lsp', 'jack_connect', 'jack-play', 'jack-record'].filter(
    (name) => Bun.which(name) === null,
  );

interface JackServer {
  readonly env: Record<string, string>;
  readonly ports: () => string[];
  readonly link: (from: string, to: string) => void;
  readonly stop: () => Promise<void>;
}

/** A dummy server of its own name, so that no other server on the machine is touched. */
export const startJack = async (): Promise<JackServer> => {
  const name = `flowzone-${process.pid}`;
  const env = { JACK_DEFAULT_SERVER: name, JACK_NO_START_SERVER: '1' };
  const server = spawn('jackd', ['-n', name, '-d', 'dummy', '-r', String(RATE), '-p', '128'], {
    stdio: 'ignore',
  });
  const run = (command: string, args: string[]) =>
    spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  const ports = () =>
    run('jack_lsp', [])
      .stdout.split('\n')
      .filter((port) => port.includes(':'));
  await until('the JACK server', () => ports().length > 0);
  return {
    env,
    ports,
    link: (from, to) => {
      run('jack_connect', [from, to]);
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

export const judgeJack = async ({
  presses,
  repeats,
  seed,
}: {
  presses: number;
  repeats: number;
  seed: number;
}) => {
  const folder = makeFolder();
  const random = makeRandom(seed);
  const noise = makeNoise(seed, 150 * RATE);
  writeWavFile(`${folder}/noise.wav`, RATE, noise);
  const jack = await startJack();
  const product = await startProduct(['--device', 'jack', '--bpm', '240'], {
    env: { ...jack.env, FLOWZONE_RING_SECONDS: '140' },
  });
  const client = await connect(product.url);
  await client.ask({ cmd: 'SET_INPUT', source: 0, monitor: false });
  const env = { ...process.env, ...jack.env };
  const own = (direction: 'in' | 'out') =>
    jack.ports().filter((port) => port.startsWith('FlowZone') && port.includes(direction));
  const player = spawn('jack-play', ['-b', '65536', `${folder}/noise.wav`], {
    env,
    stdio: 'ignore',
  });
  const playerPorts = await until('the player', () => {
    const ports = jack.ports().filter((port) => /jack.?play/i.test(port));
    return ports.length === 2 && ports;
  });
  const faults: string[] = [];
  try {
    for (const [index, port] of playerPorts.entries()) jack.link(port, own('in')[index] ?? '');
    const frame = async () => (await product.json<Json>('/api/health')).frame as number;
    const from = await frame();
    await until('five bars of noise', async () => (await frame()) > from + 5 * RATE);

    const offsets = new Set<number>();
    let take = { samples: new Float32Array(0), frames: 0 };
    for (let count = 0; count < presses; count += 1) {
      await Bun.sleep(random() * 700);
      const answer = await client.ask({
        cmd: 'TRIGGER_SLOT',
        slot: 0,
        bars: 1 + Math.floor(random() * 2),
        quantized: random() < 0.5,
      });
      const { takeId, fromFrame } = answer.result;
      await until(
        'saved',
        () => client.state().slots[0].takeId === takeId && client.state().slots[0].saved,
      );
      take = readWav(
        new Uint8Array(await (await product.get(`/api/takes/${takeId}/audio`)).arrayBuffer()),
      );
      const places = findTake(noise, take.samples);
      if (places.length !== 1) faults.push(`press ${count}: found ${places.length} times`);
      else offsets.add((fromFrame - (places[0] ?? 0)) % (150 * RATE));
    }
    if (offsets.size !== 1)
      faults.push(`takes are not where they were played: offsets ${[...offsets].join(', ')}`);

    const seconds = Math.ceil(((repeats + 2) * take.frames) / RATE);
    const recorder = spawn(
      'jack-record',
      ['-b', '65536', '-t', String(seconds), `${folder}/heard.wav`],
      { env, stdio: 'ignore' },
    );
    const ended = new Promise((done) => recorder.on('close', done));
    const recorderPorts = await until('the recorder', () => {
      const ports = jack.ports().filter((port) => /jack.?record/i.test(port));
      return ports.length === 2 && ports;
    });
    for (const [index, port] of recorderPorts.entries()) jack.link(own('out')[index] ?? '', port);
    await ended;
    const heard = repeatsOf(readWavFile(`${folder}/heard.wav`).samples, take.samples);
    const { xruns } = await product.json<Json>('/api/health');
    return {
      seed,
      presses,
      faults,
      repeats: heard.repeats,
      residualDbfs: dbfs(heard.residual),
      xruns,
    };
  } finally {
    await stopChild(player);
    client.close();
    await product.stop();
    await jack.stop();
  }
};

if (import.meta.main) {
  const long = process.argv.includes('--long');
  const seed = Number(process.argv[process.argv.indexOf('--seed') + 1]) || 48;
  const report = await judgeJack({ presses: long ? 20 : 5, repeats: long ? 16 : 4, seed });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.faults.length > 0 || report.residualDbfs > -120) process.exitCode = 1;
}
