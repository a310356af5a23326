/** Where a take's sound lies, and whether it is the sound that was played. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, type Sound } from '../../judge/wav.ts';
import type { Captured } from './acks.ts';
import { type Code, exactFrames } from './coded.ts';
import type { Stored, StoredFile, StoredTake } from './stored.ts';

/** Where a source lies in a spool, which interleaves all of them. */
const channelOf = (source: number): number => 2 * source;

/** In a run's folder and in the second one, to which a link leads; of namesakes the one that counts is last. */
const segmentsOf = (folder: string): { first: number; path: string }[] =>
  [folder, join(folder, 'second')]
    .flatMap((place) =>
      existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : [],
    )
    .flatMap((path) => {
      const [, first, turn = 0] = /\/seg-(\d{12,})(?:-(\d+))?\.wav$/.exec(path) ?? [];
      return first === undefined ? [] : [{ first: Number(first), turn: Number(turn), path }];
    })
    .toSorted((a, b) => a.first - b.first || a.turn - b.turn);

const soundOf = (path: string): Sound | null => {
  // One that was just begun may lack its header.
  try {
    return readWav(readFileSync(path));
  } catch {
    return null;
  }
};

/** Whether the spool holds these frames bit for bit; of segments that overlap the later one counts. */
const isInSpool = (folder: string, take: StoredTake, code: Code): boolean => {
  let at = take.fromFrame;
  const segments = segmentsOf(folder);
  for (const [index, { first, path }] of segments.entries()) {
    const next = segments[index + 1]?.first ?? Number.POSITIVE_INFINITY;
    if (next <= at || first > at) continue;
    const sound = soundOf(path);
    if (!sound) return false;
    const frames = Math.min(take.toFrame, next, first + sound.frames) - at;
    const exact = exactFrames(code, {
      samples: sound.samples.subarray((at - first) * sound.channels),
      stride: sound.channels,
      channel: channelOf(take.source),
      source: take.source,
      fromFrame: at,
      frames,
    });
    at += exact;
    if (at === take.toFrame) return true;
    if (exact < frames) return false;
  }
  return false;
};

const isInFile = (path: string, take: StoredTake, code: Code): boolean => {
  const sound = soundOf(path);
  if (!sound || sound.frames !== take.toFrame - take.fromFrame) return false;
  const { frames, samples } = sound;
  const { fromFrame, source } = take;
  return (
    exactFrames(code, { samples, stride: 2, channel: 0, source, fromFrame, frames }) === frames
  );
};

const audioPath = (dataFolder: string, { sha256 }: StoredFile): string =>
  join(dataFolder, 'audio', `${sha256}.wav`);

/** The file of a take's window; null where there is none, or none that can be read. */
export const windowSound = (dataFolder: string, { files }: Stored, id: string): Sound | null => {
  const window = files.find(({ part, takeId }) => part === 'window' && takeId === id);
  return window ? soundOf(audioPath(dataFolder, window)) : null;
};

/** Whether the sound of a take can be had, bit for bit, and from where. */
export const findSound = (
  dataFolder: string,
  stored: Stored,
  take: StoredTake,
  code: Code,
): 'file' | 'spool' | null => {
  const window = stored.files.find(({ part, takeId }) => part === 'window' && takeId === take.id);
  if (window && isInFile(audioPath(dataFolder, window), take, code)) return 'file';
  return isInSpool(join(dataFolder, 'spool', take.runId), take, code) ? 'spool' : null;
};

export interface LookBack {
  /** Null = it holds what was played before the outage, silence, and what was played after it. */
  readonly fault: string | null;
  /** Frames that had been heard before the outage and that it lacks. */
  readonly lostFrames: number;
}

/**
 * A capture that reaches over an outage: it has to hold what was played before it, silence where no engine
 * lived, and what was played after it; nothing else.
 *
 * `heardEnd` is one past the last frame that the engine is known to have played: from there on it may lack some.
 */
export const judgeLookBack = (
  dataFolder: string,
  stored: Stored,
  take: Pick<Captured, 'fromFrame' | 'takeId' | 'toFrame'>,
  heardEnd: number,
  code: Code,
): LookBack => {
  const { fromFrame, takeId, toFrame } = take;
  const sound = windowSound(dataFolder, stored, takeId);
  const heard = Math.max(0, Math.min(heardEnd, toFrame) - fromFrame);
  if (!sound) return { fault: 'has no file', lostFrames: heard };
  const { frames, samples } = sound;
  if (frames !== toFrame - fromFrame) {
    return { fault: `has ${frames} of ${toFrame - fromFrame} frames`, lostFrames: heard };
  }
  const claim = { samples, stride: 2, channel: 0, source: 0, fromFrame, frames };
  const before = exactFrames(code, claim);
  const lostFrames = Math.max(0, heard - before);
  let at = before;
  while (at < frames && samples[2 * at] === 0 && samples[2 * at + 1] === 0) at += 1;
  const rest = { ...claim, samples: samples.subarray(2 * at), fromFrame: fromFrame + at };
  const after = exactFrames(code, { ...rest, frames: frames - at });
  if (after === frames - at) return { fault: null, lostFrames };
  const place = `${before} played, ${at - before} silent, ${after} played of ${frames}`;
  return { fault: `is something else after ${place}`, lostFrames };
};

/** A file that the database names is there under that name, whole, and its name is its hash. */
export const isFileWhole = (dataFolder: string, file: StoredFile): boolean => {
  const path = audioPath(dataFolder, file);
  if (!existsSync(path) || statSync(path).size !== file.bytes) return false;
  return createHash('sha256').update(readFileSync(path)).digest('hex') === file.sha256;
};

/** A source of a run from its first frame on, stereo; silent where no segment holds it. */
export const spoolSound = (dataFolder: string, runId: string, source: number): Float32Array => {
  const segments = segmentsOf(join(dataFolder, 'spool', runId)).flatMap(({ first, path }) => {
    const sound = soundOf(path);
    return sound ? [{ first, ...sound }] : [];
  });
  const end = Math.max(0, ...segments.map(({ first, frames }) => first + frames));
  const stereo = new Float32Array(2 * end);
  for (const { channels, first, frames, samples } of segments) {
    for (let at = 0; at < frames; at += 1) {
      const from = at * channels + channelOf(source);
      stereo[2 * (first + at)] = samples[from] ?? 0;
      stereo[2 * (first + at) + 1] = samples[from + 1] ?? 0;
    }
  }
  return stereo;
};

export interface Census {
  /** One past the last frame. */
  readonly end: number;
  /** Frames that are silent or in no segment. */
  readonly missing: number;
  /** Frames that hold something else than what was played. */
  readonly wrong: number;
}

/** Every frame of a run's spool: what was played, a hole, or something else. */
export const spoolCensus = (
  dataFolder: string,
  runId: string,
  source: number,
  code: Code,
): Census => {
  let end = 0;
  let missing = 0;
  let wrong = 0;
  const segments = segmentsOf(join(dataFolder, 'spool', runId));
  for (const [index, { first, path }] of segments.entries()) {
    missing += Math.max(0, first - end);
    end = Math.max(end, first);
    const sound = soundOf(path);
    const next = segments[index + 1]?.first ?? Number.POSITIVE_INFINITY;
    if (!sound) continue;
    const { channels: stride, samples } = sound;
    const channel = channelOf(source);
    const to = Math.min(next, first + sound.frames);
    while (end < to) {
      const from = end - first;
      const rest = { samples: samples.subarray(from * stride), stride, channel, source };
      end += exactFrames(code, { ...rest, fromFrame: end, frames: to - end });
      if (end === to) break;
      const at = (end - first) * stride + channel;
      if (samples[at] === 0 && samples[at + 1] === 0) missing += 1;
      else wrong += 1;
      end += 1;
    }
  }
  return { end, missing, wrong };
};

/** One past the last frame of a run that its spool holds without a fault from its first frame on. */
export const spoolEnd = (dataFolder: string, runId: string, source: number, code: Code): number => {
  let end = 0;
  for (const { first, path } of segmentsOf(join(dataFolder, 'spool', runId))) {
    const sound = soundOf(path);
    if (!sound || first > end) return end;
    const { channels: stride, frames, samples } = sound;
    const exact = exactFrames(code, {
      samples,
      stride,
      channel: channelOf(source),
      source,
      fromFrame: first,
      frames,
    });
    end = Math.max(end, first + exact);
    if (exact < frames) return end;
  }
  return end;
};
