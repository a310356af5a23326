/** Exports from outside: files that other programs open, and that are what was played. */
import { expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../judge/client.ts';
import {
  beginExport,
  endOfJob,
  exported,
  hasJudges,
  largestDifference,
  readersOf,
  samplesOf,
  sumOf,
  tapeFrom,
} from '../judge/export.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { frameOf } from '../judge/stage.ts';
import { dbfs, makeNoise, writeWavFile } from '../judge/wav.ts';

const RATE_HZ = 48_000;
const SEED = 2026;
const FORMATS = ['wav32f', 'wav24', 'flac'] as const;
/** Half a step of 24 bit: so far a sample may be from what it was. */
const STEP_24 = 2 ** -24;
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8' });
const say = (text: string) => process.stdout.write(`${text}\n`);

const reach = (product: Product, frame: number) =>
  until(`frame ${frame}`, async () => (await frameOf(product)) >= frame, 60_000);

const left = (data: string): string[] => {
  const root = join(data, 'exports');
  return existsSync(root) ? readdirSync(root, { recursive: true }).map(String) : [];
};

test.skipIf(!hasJudges())(
  'every format is opened by libsndfile, sox and ffprobe; stems sum to the mix (needs the judges of sound files)',
  () =>
    withCleanup(async (later) => {
      const product = await startProduct(['--device', 'headless', '--bpm', '240']);
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      await client.ask({ cmd: 'RENAME_SESSION', name: 'Jam: "one"/two' });
      await reach(product, 5 * RATE_HZ);
      for (const [slot, bars, val] of [
        [0, 4, 0.31],
        [1, 2, 0.4],
        [2, 1, 0.25],
      ]) {
        await client.ask({ cmd: 'SET_VOL', slot, val });
        await client.ask({ cmd: 'SET_PAN', slot, val: (val ?? 0) - 0.3 });
        await client.ask({ cmd: 'TRIGGER_SLOT', slot, bars, quantized: true });
      }
      await until('three loops', () => client.state()['history'].count === 4);
      const riffId = client.state()['history'].head;
      for (const format of FORMATS) {
        const { document, paths } = await exported(product, client, {
          what: { riffId },
          format,
          stems: true,
        });
        expect(paths).toHaveLength(4);
        expect(document['session'].name).toBe('Jam: "one"/two');
        for (const path of paths) {
          const told = `${document['frames']} ${RATE_HZ} 2`;
          expect(readersOf(path)).toEqual({ sndfile: told, sox: told, ffprobe: told });
        }
        const sounds = paths.map(samplesOf);
        const [mix] = sounds.splice(-1);
        if (!mix) throw new Error('no mix');
        expect(largestDifference(mix, new Float32Array(mix.length))).toBeGreaterThan(0.05);
        const error = largestDifference(sumOf(sounds), mix);
        say(`${format}: ${document['frames']} frames in 4 files; stems − mix ${dbfs(error)} dBFS`);
        expect(error).toBeLessThanOrEqual(format === 'wav32f' ? 0 : 4 * STEP_24);
        // A stem too few is seen.
        expect(largestDifference(sumOf(sounds.slice(1)), mix)).toBeGreaterThan(0.01);
      }
      const { items } = await product.json<{ items: object[] }>('/api/exports');
      expect(items).toHaveLength(3);
      expect(left(product.data).filter((name) => name.includes('.part'))).toEqual([]);
      const { data } = await product.json<{ data: { jobs: object } }>('/api/state');
      expect(client.state()['jobs']).toEqual(data.jobs);
      client.close();
      await product.stop();
    }),
  120_000,
);

test.skipIf(!hasJudges())(
  'the past is what was on the tape, also what the ring no longer holds (needs the judges of sound files)',
  () =>
    withCleanup(async (later) => {
      const tape = makeNoise(SEED, 30 * RATE_HZ);
      const input = join(makeFolder(), 'tape.wav');
      writeWavFile(input, RATE_HZ, tape);
      const product = await startProduct(
        ['--device', 'headless', '--bpm', '240', '--input', input],
        { env: { FLOWZONE_RING_SECONDS: '5' } },
      );
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      await reach(product, 12 * RATE_HZ);
      const wanted = [{ fromFrame: 30_000, toFrame: 500_000 }, { bars: 2 }, { bars: 4096 }];
      for (const what of wanted) {
        const { document, paths } = await exported(product, client, {
          what,
          format: 'wav32f',
          stems: true,
        });
        const [path = ''] = paths;
        const past = samplesOf(path);
        const played = tapeFrom(tape, document['fromFrame'], document['frames']);
        const error = largestDifference(past, played);
        say(
          `past ${document['fromFrame']}…${document['toFrame']}: ${document['frames']} frames, largest difference ${error}`,
        );
        expect(document['fromFrame'] % 48_000).toBe(0);
        expect(document['gaps']).toEqual([]);
        expect(error).toBe(0);
        const late = tapeFrom(tape, document['fromFrame'] + 1, document['frames']);
        expect(largestDifference(past, late)).toBeGreaterThan(0.1);
      }
      for (const format of ['wav24', 'flac']) {
        const { document, paths } = await exported(product, client, {
          what: wanted[0],
          format,
          stems: false,
        });
        const played = tapeFrom(tape, document['fromFrame'], document['frames']);
        expect(largestDifference(samplesOf(paths[0] ?? ''), played)).toBeLessThanOrEqual(STEP_24);
      }
      client.close();
      await product.stop();
    }),
  120_000,
);

test(
  'an engine killed in the middle leaves no file; the hole is told, and is silence',
  () =>
    withCleanup(async (later) => {
      const product = await startProduct(['--device', 'headless', '--bpm', '30']);
      later(() => product.stop('SIGKILL'));
      const first = await connect(product.url);
      await reach(product, RATE_HZ);
      // A bar takes 8 s: it waits for its end.
      const toFrame = await frameOf(product);
      await beginExport(first, { what: { fromFrame: 0, toFrame }, format: 'wav32f', stems: true });
      await until('a file that is begun', () =>
        left(product.data).some((n) => n.includes('.part')),
      );
      const before = await frameOf(product);
      process.kill(product.ready.enginePid, 'SIGKILL');
      first.close();
      const second = await until(
        'the next engine',
        async () => {
          const health = await product.get('/api/health');
          if (!health.ok) return false;
          const { enginePid } = (await health.json()) as { enginePid: number };
          return enginePid !== product.ready.enginePid && connect(product.url);
        },
        30_000,
      );
      expect(second.state()['jobs']).toEqual({});
      const after = await frameOf(product);
      const what = { fromFrame: 0, toFrame: Math.max(before, after) };
      const { document } = await exported(product, second, {
        what,
        format: 'wav32f',
        stems: false,
      });
      expect(left(product.data).filter((name) => name.includes('.part'))).toEqual([]);
      expect(document['gaps']).toHaveLength(1);
      const [gap] = document['gaps'] as { fromFrame: number; toFrame: number }[];
      expect(gap?.fromFrame).toBeGreaterThanOrEqual(before);
      expect(gap?.toFrame).toBeLessThanOrEqual(after);
      say(`killed: the hole ${gap?.fromFrame}…${gap?.toFrame} is in the JSON`);
      second.close();
      await product.stop();
    }),
  120_000,
);

test.skipIf(!isRoot)(
  'a full disk is 1020: nothing is left of it, nothing is lost, the next one succeeds (needs root for a small tmpfs)',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const mounted = run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder]);
      expect(mounted.stderr).toBe('');
      later(() => run('umount', ['-l', folder]));
      const data = join(folder, 'data');
      mkdirSync(data);
      const product = await startProduct(['--device', 'headless', '--bpm', '240'], {
        data,
        env: { FLOWZONE_RING_SECONDS: '140' },
      });
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      await reach(product, 3 * RATE_HZ);
      await client.ask({ cmd: 'TRIGGER_SLOT', slot: 0, bars: 1, quantized: true });
      await until('the take is saved', () => client.state()['slots'][0].saved);
      run('dd', ['if=/dev/zero', `of=${folder}/fill`, 'bs=1M', 'count=45']);
      const fields = { what: { bars: 2 }, format: 'wav32f', stems: true };
      const failed = await endOfJob(client, await beginExport(client, fields));
      expect(failed).toMatchObject({ state: 'failed', code: 1020 });
      await until('everybody is told', () =>
        client.messages.some(({ type, code }) => type === 'NOTICE' && code === 1020),
      );
      expect(left(data).filter((name) => /wav|json|tmp/.test(name))).toEqual([]);
      const { disk } = await product.json<{ disk: { gapFrames: number } }>('/api/health');
      expect(disk.gapFrames).toBe(0);
      expect(client.state()['slots'][0].saved).toBe(true);
      rmSync(`${folder}/fill`);
      expect((await endOfJob(client, await beginExport(client, fields)))['state']).toBe('done');
      client.close();
      await product.stop();
    }),
  60_000,
);

test.skipIf(!isRoot)(
  'without libsndfile FLAC is 1021 and WAV goes on (needs root to hide the library)',
  () =>
    withCleanup(async (later) => {
      const found = run('sh', ['-c', 'ldconfig -p | grep -o "/.*libsndfile.so.1$"']).stdout;
      const hide = found
        .trim()
        .split('\n')
        .filter((path) => path !== '')
        .map((path) => `mount --bind /dev/null '${path}' && `);
      const product = await startProduct(['--device', 'headless', '--bpm', '240'], {
        inside: ['unshare', '-m', 'sh', '-c', `${hide.join('')}exec "$0" "$@"`],
      });
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      await reach(product, 3 * RATE_HZ);
      const fields = { cmd: 'EXPORT', what: { bars: 1 }, stems: false };
      const refused = await client.ask({ ...fields, format: 'flac' });
      expect(refused).toMatchObject({ type: 'ERROR', code: 1021 });
      const { errors } = await product.json<{ errors: Record<string, { action: string }> }>(
        '/api/protocol',
      );
      expect(errors['ERR_EXPORT_FORMAT']?.action).toContain('libsndfile1');
      const wav = await beginExport(client, { ...fields, format: 'wav24' });
      expect((await endOfJob(client, wav))['state']).toBe('done');
      client.close();
      await product.stop();
    }),
  60_000,
);
