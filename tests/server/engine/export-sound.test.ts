/** What is exported is what was heard, and what was played: bit for bit. */
import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandOf } from '../../../protocol/commands.ts';
import type { ExportResult } from '../../../protocol/messages.ts';
import type { JobOf } from '../../../protocol/state.ts';
import { barZero } from '../../../server/session/riffs/riff.ts';
import { dbfs, readWavFile } from '../../judge/wav.ts';
import { printedSeed } from '../../support/seed.ts';
import { BAR_FRAMES, BEAT_FRAMES, RAMP_FRAMES, SoundStage } from './sound-stage.ts';
import { RATE_HZ } from './stepped.ts';

type Fields = Pick<CommandOf<'EXPORT'>, 'what' | 'stems'>;

const exported = async (stage: SoundStage, fields: Fields): Promise<JobOf> => {
  const command = { cmd: 'EXPORT', format: 'wav32f', ...fields } as const;
  const { jobId } = (await stage.ask(command)) as ExportResult;
  const state = () => stage.session.state.jobs[jobId];
  await stage.waitFor('the end of the export', () => state()?.state !== 'running');
  const job = state();
  if (job?.state !== 'done') throw new Error(JSON.stringify(job));
  return job;
};

const read = (stage: SoundStage, job: JobOf, index: number): Float32Array =>
  readWavFile(join(stage.folder, 'exports', job.folder, job.files[index] ?? '')).samples;

const said = (stage: SoundStage, job: JobOf) =>
  JSON.parse(
    readFileSync(join(stage.folder, 'exports', job.folder, job.files.at(-1) ?? ''), 'utf8'),
  ) as { fromFrame: number; toFrame: number; frames: number; gaps: object[]; files: object[] };

const largestDifference = (a: Float32Array, b: Float32Array): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (b[at] ?? NaN))), 0);
};

const sum = (sounds: readonly Float32Array[]): Float32Array => {
  const total = new Float32Array(sounds[0]?.length ?? 0);
  for (const sound of sounds) {
    for (const [at, value] of sound.entries()) total[at] = (total[at] ?? 0) + value;
  }
  return total;
};

describe('an export', () => {
  test('of a riff is what the mixer played, its stems sum to its mix', async () => {
    const stage = new SoundStage(printedSeed());
    await stage.step(5 * BAR_FRAMES + 200);
    await stage.press(0, 4);
    await stage.toNextBar();
    await stage.press(3, 2);
    await stage.toNextBar();
    await stage.press(5, 1);
    await stage.ask({ cmd: 'SET_VOL', slot: 0, val: 0.37 });
    await stage.ask({ cmd: 'SET_PAN', slot: 3, val: -0.31 });
    await stage.ask({ cmd: 'MUTE_SLOT', slot: 5, muted: true });
    await stage.press(6, 1);
    // No riff holds this mix.
    await stage.ask({ cmd: 'SET_VOL', slot: 6, val: 0.59 });
    await stage.step(RAMP_FRAMES);
    const what = { riffId: stage.history.head.id };
    const job = await exported(stage, { what, stems: true });
    const riff = stage.history.head;
    const frames = said(stage, job).frames;
    expect(frames).toBe(4 * BAR_FRAMES);
    const first = barZero(riff) * BEAT_FRAMES;
    const from = first + (Math.floor((stage.frame - first) / frames) + 1) * frames;
    await stage.step(from + frames - stage.frame);
    const files = [0, 1, 2, 3].map((index) => read(stage, job, index));
    const heard = stage.end().slice(2 * from, 2 * (from + frames));
    const [mix] = files.slice(-1);
    if (!mix) throw new Error('no mix');
    const stemError = largestDifference(sum(files.slice(0, -1)), mix);
    const heardError = largestDifference(mix, heard);
    process.stderr.write(
      `stems − mix: ${dbfs(stemError)} dBFS; mix − master: ${dbfs(heardError)} dBFS\n`,
    );
    expect(stemError).toBe(0);
    expect(heardError).toBe(0);
    // A stem too few, or one frame off, would be seen.
    expect(dbfs(largestDifference(sum(files.slice(0, -2)), mix))).toBeGreaterThan(-20);
    expect(dbfs(largestDifference(mix.slice(2), heard.slice(0, -2)))).toBeGreaterThan(-20);
  }, 60_000);

  test('of derived loops sounds as they do: laid over, with tails, at another tempo', async () => {
    const stage = new SoundStage(printedSeed());
    await stage.step(5 * BAR_FRAMES + 200);
    await stage.press(0, 2);
    await stage.toNextBar();
    await stage.press(0, 1, 'overdub');
    await stage.press(1, 1);
    await stage.step(2 * BAR_FRAMES);
    await stage.ask({ cmd: 'SET_TAIL', slot: 1, on: true });
    await stage.playUntil('the overdub and the tail', () => stage.swaps >= 2);
    await stage.step(RAMP_FRAMES);
    const heardAt: { bpm: number; mix: Float32Array; from: number }[] = [];
    for (const bpm of [240, 200]) {
      const beatFrames = (60 * RATE_HZ) / bpm;
      if (bpm !== 240) {
        // On a line, so that the lines of the new tempo are whole frames too.
        await stage.step(BAR_FRAMES - (stage.frame % BAR_FRAMES));
        await stage.ask({ cmd: 'SET_TEMPO', bpm });
        const swaps = stage.swaps;
        await stage.playUntil('loops made for the tempo', () => stage.swaps >= swaps + 2);
      }
      await stage.step(RAMP_FRAMES);
      const riff = stage.history.head;
      const job = await exported(stage, { what: { riffId: riff.id }, stems: false });
      const frames = said(stage, job).frames;
      expect(frames).toBe(8 * beatFrames);
      const mix = read(stage, job, 0);
      const { beat, beatFrac, frame } = stage.core.status();
      const sinceFirst = (beat + beatFrac - barZero(riff)) * beatFrames;
      const from = frame + Math.round(frames - (sinceFirst % frames));
      await stage.step(from + frames - frame + 1);
      heardAt.push({ bpm, mix, from });
    }
    const master = stage.end();
    for (const { bpm, from, mix } of heardAt) {
      const beside = (by: number) => master.slice(2 * (from + by), 2 * (from + by) + mix.length);
      const error = dbfs(largestDifference(mix, beside(0)));
      process.stderr.write(`derived at ${bpm} bpm: mix − master ${error} dBFS\n`);
      expect(error).toBeLessThan(-100);
      expect(dbfs(largestDifference(mix, beside(1)))).toBeGreaterThan(-30);
    }
  }, 60_000);

  test('of the past is what came in, though nothing was pressed', async () => {
    const stage = new SoundStage(printedSeed());
    await stage.step(9 * BAR_FRAMES + 777);
    const asked = { fromFrame: 2 * BAR_FRAMES + 5, toFrame: 7 * BAR_FRAMES - 5 };
    const ranges = [
      { what: { bars: 4 }, from: 5, to: 9 },
      { what: asked, from: 2, to: 7 },
      { what: { bars: 4000 }, from: 0, to: 9 },
    ];
    for (const { from, to, what } of ranges) {
      const job = await exported(stage, { what, stems: true });
      const fromFrame = from * BAR_FRAMES;
      expect(said(stage, job)).toMatchObject({ fromFrame, toFrame: to * BAR_FRAMES, gaps: [] });
      const played = stage.noise.slice(2 * fromFrame, 2 * to * BAR_FRAMES);
      const past = read(stage, job, 0);
      expect(largestDifference(past, played)).toBe(0);
      expect(dbfs(largestDifference(past.slice(2), played.slice(0, -2)))).toBeGreaterThan(-20);
    }
    const names = readdirSync(join(stage.folder, 'exports'));
    expect(names).toHaveLength(3);
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
    stage.end();
  }, 60_000);

  test('cancelled leaves nothing', async () => {
    const stage = new SoundStage(printedSeed());
    await stage.step(BAR_FRAMES);
    // It waits for its last bar line, so it cannot be over.
    const what = { fromFrame: 0, toFrame: BAR_FRAMES + 1000 };
    const command = { cmd: 'EXPORT', what, format: 'flac', stems: true } as const;
    const { jobId } = (await stage.ask(command)) as ExportResult;
    const folder = join(stage.folder, 'exports');
    const job = () => stage.session.state.jobs[jobId];
    const names = () => (existsSync(folder) ? readdirSync(folder) : []);
    await stage.waitFor('files that are begun', () => names().length === 1);
    expect(names()).toEqual([`.part-${jobId}`]);
    await stage.ask({ cmd: 'CANCEL_JOB', jobId });
    await stage.waitFor('the end of the job', () => job()?.state !== 'running');
    expect(job()?.state).toBe('cancelled');
    expect(names()).toEqual([]);
    stage.end();
  });
});
