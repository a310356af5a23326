/**
 * The judge of exports: asks for one, downloads its files, and has other programs read them.
 *
 * Imports nothing of the product; sound is read through ffmpeg.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, Json } from './client.ts';
import { makeFolder, type Product, until } from './product.ts';

export interface Exported {
  readonly jobId: string;
  /** Of the JSON beside the files. */
  readonly document: Json;
  /** Where each file was downloaded to, in the order of the document. */
  readonly paths: readonly string[];
}

const EXPORT_MS_MAX = 60_000;

const run = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

export const hasJudges = (): boolean =>
  [
    ['sndfile-info', '--help'],
    ['sox', '--version'],
    ['ffprobe', '-version'],
    ['ffmpeg', '-version'],
  ].every(([command = '', argument = '']) => run(command, [argument]).error === undefined);

/** Begins an export; its id in the state. */
export const beginExport = async (client: Client, fields: Json): Promise<string> => {
  const answer = await client.ask({ cmd: 'EXPORT', ...fields });
  if (answer['type'] !== 'OK') throw new Error(JSON.stringify(answer));
  return String(answer['result'].jobId);
};

export const endOfJob = (client: Client, jobId: string): Promise<Json> =>
  until(
    'the end of the export',
    () => {
      const job = client.state()['jobs'][jobId];
      return job !== undefined && job['state'] !== 'running' && job;
    },
    EXPORT_MS_MAX,
  );

const download = async (product: Product, folder: string, name: string): Promise<Uint8Array> => {
  const path = `/api/exports/${encodeURIComponent(folder)}/${encodeURIComponent(name)}`;
  const answer = await product.get(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};

/** Throws unless it ends well and every file has the bytes that its document says. */
export const exported = async (
  product: Product,
  client: Client,
  fields: Json,
): Promise<Exported> => {
  const jobId = await beginExport(client, fields);
  const job = await endOfJob(client, jobId);
  if (job['state'] !== 'done') throw new Error(JSON.stringify(job));
  const target = mkdtempSync(join(makeFolder(), 'export-'));
  const names = job['files'] as string[];
  const paths: string[] = [];
  const text = await download(product, job['folder'], names.at(-1) ?? '');
  const document = JSON.parse(new TextDecoder().decode(text)) as Json;
  for (const [index, file] of (document['files'] as Json[]).entries()) {
    const bytes = await download(product, job['folder'], file['file']);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const isSame = sha256 === file['sha256'] && bytes.length === file['bytes'];
    if (!isSame || file['file'] !== names[index]) throw new Error(`${file['file']} is another`);
    paths.push(join(target, file['file']));
    writeFileSync(paths.at(-1) ?? '', bytes);
  }
  return { jobId, document, paths };
};

/** Frames, rate and channels as three programs that are not ours tell them. */
export const readersOf = (path: string): Record<'sndfile' | 'sox' | 'ffprobe', string> => {
  const sndfile = run('sndfile-info', [path]).stdout;
  const told = (label: string) => new RegExp(`${label} +: (\\d+)`).exec(sndfile)?.[1] ?? 'none';
  const sox = ['-s', '-r', '-c'].map((flag) => run('soxi', [flag, path]).stdout.trim());
  const entries = 'stream=sample_rate,channels,duration_ts';
  const probe = run('ffprobe', ['-v', 'error', '-of', 'csv=p=0', '-show_entries', entries, path]);
  const [rate, channels, frames] = probe.stdout.trim().split(',');
  return {
    sndfile: [told('Frames'), told('Sample Rate'), told('Channels')].join(' '),
    sox: sox.join(' '),
    ffprobe: [frames, rate, channels].join(' '),
  };
};

/** Interleaved samples, as ffmpeg reads them. */
export const samplesOf = (path: string): Float32Array => {
  const { stderr, stdout } = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'f32le', '-'], {
    maxBuffer: 1 << 28,
  });
  if (stderr.length > 0) throw new Error(stderr.toString());
  return new Float32Array(
    stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length),
  );
};

/** The largest difference; infinite for sounds of two lengths. */
export const largestDifference = (a: Float32Array, b: Float32Array): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let at = 0; at < a.length; at += 1) {
    worst = Math.max(worst, Math.abs((a[at] ?? 0) - (b[at] ?? 0)));
  }
  return worst;
};

export const sumOf = (sounds: readonly Float32Array[]): Float32Array => {
  const total = new Float32Array(sounds[0]?.length ?? 0);
  for (const sound of sounds) {
    for (let at = 0; at < sound.length; at += 1) total[at] = (total[at] ?? 0) + (sound[at] ?? 0);
  }
  return total;
};

/** What a tape that repeats for ever plays from a frame on. */
export const tapeFrom = (tape: Float32Array, frame: number, frames: number): Float32Array =>
  Float32Array.from({ length: 2 * frames }, (_, at) => tape[(2 * frame + at) % tape.length] ?? NaN);
