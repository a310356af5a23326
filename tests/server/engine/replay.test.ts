/**
 * A log gives the same master again, at any block size; and a log that lies is caught.
 *
 * FZ_REPLAY_MINUTES: length of the random session in virtual minutes.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { FlowCoreError } from '../../../server/engine/core-library.ts';
import { FlowCore } from '../../../server/engine/flow-core.ts';
import { libraryPath } from '../../../server/engine/library-path.ts';
import { playAtRandom } from '../../support/random-run.ts';
import { printedSeed } from '../../support/seed.ts';
import { writePairs } from '../../support/pairs.ts';
import { makeSteppedCore, RATE_HZ } from './stepped.ts';

const MINUTES = Number(process.env['FZ_REPLAY_MINUTES'] ?? 1);
const SHORT_SECONDS = 20;
const SLOTS = 8;
const PAIRS = 2;
const INPUT_SECONDS = 7;

let folder = '';
let input = '';
const seed = printedSeed();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowzone-replay-'));
  input = join(folder, 'noise.wav');
  writePairs(input, { rateHz: RATE_HZ, pairs: PAIRS, frames: INPUT_SECONDS * RATE_HZ, seed });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (name: string, shape: { seed: number; frames: number; inputPath?: string }) => {
  const { frames, inputPath } = shape;
  const log = join(folder, name);
  const core = makeSteppedCore(240, SLOTS, { logPath: log, ...(inputPath && { inputPath }) });
  const sourceCount = inputPath === undefined ? 1 : 1 + PAIRS;
  const rest = { rateHz: RATE_HZ, slotCount: SLOTS, sourceCount };
  const run = playAtRandom(core, { seed: shape.seed, frames, ...rest });
  core.stop();
  core.destroy();
  return { log, run };
};

const replay = (logPath: string, blockFrames: number) =>
  FlowCore.replay(libraryPath(), { logPath, blockFrames, outputPath: '' });

const refusal = (logPath: string): string => {
  try {
    replay(logPath, 128);
    return 'not refused';
  } catch (error) {
    if (!(error instanceof FlowCoreError)) throw error;
    expect(error.code).toBe(ERRORS.ERR_LOG_FILE.code);
    return error.message;
  }
};

describe('a random session', () => {
  test(`${MINUTES} virtual minutes come out bit for bit, twice and in blocks of other sizes`, () => {
    const frames = Math.round(MINUTES * 60 * RATE_HZ);
    const { log, run } = record('long', { seed, frames, inputPath: input });
    const first = replay(log, 128);
    process.stderr.write(`${JSON.stringify({ seed, ...run, ...first })}\n`);
    expect(first).toMatchObject({ differentSecond: -1, isEqual: 1, isWhole: 1, frames });
    expect(first.secondsCompared).toBe(Math.floor(MINUTES * 60));
    expect(first.groups).toBe(run.taken);
    expect(run.taken).toBeGreaterThan(40 * MINUTES);
    expect(run.captures * run.overdubs * run.merges).toBeGreaterThan(0);
    for (const block of [128, 37, 512, 4096]) {
      expect({ block, ...replay(log, block) }).toEqual({ block, ...first });
    }
    const digests = readFileSync(join(log, 'log.jsonl'), 'utf8').matchAll(
      /"sha":"(\w+)","t":"sec/g,
    );
    // Hardly a second sounds like another one: the log is not of silence.
    expect(new Set([...digests].map((match) => match[1])).size).toBeGreaterThan(MINUTES * 40);
  }, 900_000);

  test('that ends as a merge comes has no command that no block took in', () => {
    const shape = { seed: seed + 2, frames: 20 * RATE_HZ };
    const { firstMergeFrame } = record('whole', shape).run;
    expect(firstMergeFrame).toBeGreaterThan(0);
    const { log, run } = record('to-merge', { ...shape, frames: firstMergeFrame });
    expect(run.firstMergeFrame).toBe(-1);
    expect(replay(log, 128)).toMatchObject({ groups: run.taken, isEqual: 1, isWhole: 1 });
  }, 60_000);

  test('a pair whose gain changes while it is heard and captured comes again as loud', () => {
    const shaOf = (name: string, gain: number) => {
      const log = join(folder, name);
      const core = makeSteppedCore(240, SLOTS, { logPath: log, inputPath: input });
      core.step(RATE_HZ + 77);
      core.send([{ kind: COMMAND_KIND.input, slot: PAIRS, flags: COMMAND_FLAGS.on, a: gain }]);
      core.step(RATE_HZ);
      core.send([{ kind: COMMAND_KIND.capture, a: 1, b: 0, id: [1, 2, 3, 4] }]);
      core.step(RATE_HZ);
      core.stop();
      core.destroy();
      const reports = [61, 512].map((block) => replay(log, block));
      for (const report of reports) {
        expect(report).toMatchObject({ isEqual: 1, isWhole: 1, groups: 2 });
      }
      return reports.map(({ sha }) => [...sha].join());
    };
    const half = shaOf('half', 0.5);
    expect(new Set(half).size).toBe(1);
    // The gain is in what was compared.
    expect(shaOf('whole-gain', 1)).not.toContain(half[0] ?? '');
  });

  test('block sizes from 1 on give the same, the demo player too', () => {
    const { log, run } = record('short', { seed: seed + 1, frames: SHORT_SECONDS * RATE_HZ });
    // What workers finish comes between blocks: it is in what is compared.
    expect(run.captures * run.merges).toBeGreaterThan(0);
    for (const block of [1, 2, 3, 7, 16, 61, 100, 256, 333, 511, 1000, 4095]) {
      const { isEqual, isWhole } = replay(log, block);
      expect({ block, isEqual, isWhole }).toEqual({ block, isEqual: 1, isWhole: 1 });
    }
  }, 240_000);
});

describe('a log that is not as it was', () => {
  const SECOND = 3;
  const FRAME = SECOND * RATE_HZ + 12_345;
  const HEADER_BYTES = 44;
  const FRAME_BYTES = 4 * 2 * (1 + PAIRS);
  /** The place that is named lies at most a hundredth of a second before the fault. */
  const expectPlace = ({ differentFrame }: { differentFrame: number }, frame: number) => {
    expect(differentFrame).toBeGreaterThan(frame - RATE_HZ / 100);
    expect(differentFrame).toBeLessThanOrEqual(frame);
  };
  let log = '';

  /** The log in a folder of its own, with the lines changed. */
  const changed = (name: string, change: (lines: string[]) => string, from = log): string => {
    const copy = join(folder, name);
    cpSync(from, copy, { recursive: true });
    const file = join(copy, 'log.jsonl');
    writeFileSync(file, change(readFileSync(file, 'utf8').split('\n')));
    return copy;
  };

  beforeAll(() => {
    log = join(folder, 'plain');
    const core = makeSteppedCore(240, SLOTS, { logPath: log, inputPath: input });
    core.send([{ kind: COMMAND_KIND.input, flags: COMMAND_FLAGS.on, a: 1 }]);
    core.step(FRAME);
    core.send([{ kind: COMMAND_KIND.metronome, flags: COMMAND_FLAGS.on, a: 0.5 }]);
    core.send([{ kind: COMMAND_KIND.input, a: 0 }]);
    core.step(2 * RATE_HZ);
    core.send([{ kind: COMMAND_KIND.input, flags: COMMAND_FLAGS.on, a: 1 }]);
    core.step(RATE_HZ);
    core.stop();
    core.destroy();
    expect(replay(log, 500)).toMatchObject({ isEqual: 1, isWhole: 1, groups: 4 });
  });

  test('one command one frame late is caught at its frame', () => {
    const late = changed('late', (lines) =>
      lines
        .join('\n')
        .replaceAll(`"at":${FRAME}`, `"at":${FRAME + 1}`)
        .replaceAll(`"frame":${FRAME}`, `"frame":${FRAME + 1}`),
    );
    const report = replay(late, 128);
    expect(report).toMatchObject({ isEqual: 0, differentSecond: SECOND });
    expectPlace(report, FRAME + 1);
  });

  test('a pair that is heard in place of one that is not is caught: it is read earlier', () => {
    const { flags, kind, slot } = { flags: 0, kind: COMMAND_KIND.input, slot: PAIRS };
    const pairs = join(folder, 'pairs');
    const core = makeSteppedCore(240, SLOTS, { logPath: pairs, inputPath: input });
    core.send([
      { kind: COMMAND_KIND.latency, a: 700 },
      { kind, flags, slot, a: 1 },
    ]);
    core.step(2 * RATE_HZ);
    core.send([{ kind: COMMAND_KIND.capture, a: 1, b: PAIRS, id: [1, 2, 3, 4] }]);
    core.step(RATE_HZ);
    core.stop();
    core.destroy();
    expect(replay(pairs, 61)).toMatchObject({ isEqual: 1, isWhole: 1, groups: 2 });
    const turnOn = (lines: string[]) => lines.join('\n').replaceAll('"flags":0', '"flags":1');
    const on = changed('on', turnOn, pairs);
    expect(replay(on, 61)).toMatchObject({ isEqual: 0, differentSecond: 2 });
  });

  test('one sample of the input changed is caught at its frame', () => {
    const other = changed('sample', (lines) => lines.join('\n'));
    const file = join(other, 'input.wav');
    const bytes = readFileSync(file);
    const at = HEADER_BYTES + FRAME_BYTES * (FRAME - RATE_HZ);
    bytes.writeFloatLE(bytes.readFloatLE(at) + 0.001, at);
    writeFileSync(file, bytes);
    const report = replay(other, 128);
    expect(report).toMatchObject({ isEqual: 0, differentSecond: SECOND - 1 });
    expectPlace(report, FRAME - RATE_HZ);
  });

  test('a torn last line is passed over: what is whole is compared', () => {
    const torn = changed('torn', (lines) => lines.slice(0, -3).join('\n').slice(0, -20));
    const report = replay(torn, 128);
    expect(report).toMatchObject({ isEqual: 1, isWhole: 0, differentSecond: -1 });
    expect(report.secondsCompared).toBeGreaterThanOrEqual(4);
  });

  test('a cut input is refused where the run ended, else played as far as it goes', () => {
    const cut = (name: string, change: (lines: string[]) => string) => {
      const copy = changed(name, change);
      const file = join(copy, 'input.wav');
      writeFileSync(file, readFileSync(file).subarray(0, HEADER_BYTES + FRAME_BYTES * FRAME));
      return copy;
    };
    expect(refusal(cut('cut', (lines) => lines.join('\n')))).toContain(`ends at frame ${FRAME}`);
    const killed = replay(
      cut('killed', (lines) => lines.slice(0, -2).join('\n') + '\n'),
      128,
    );
    expect(killed).toMatchObject({ isEqual: 1, isWhole: 0, secondsCompared: SECOND });
  });

  test('a damaged line, a foreign file and no file are refused and named', () => {
    const damaged = changed('damaged', (lines) => lines.with(2, '{"t":"do"}').join('\n'));
    expect(refusal(damaged)).toContain('line 3');
    const foreign = changed('foreign', () => 'Dear diary,\n');
    expect(refusal(foreign)).toContain('is not a log of FlowZone');
    const other = changed('other', (lines) =>
      lines.join('\n').replace('"version":1', '"version":99'),
    );
    expect(refusal(other)).toContain('format 99');
    const broken = changed('broken', (lines) =>
      lines.with(1, '{"t":"broken","says":"too slow"}').join('\n'),
    );
    expect(refusal(broken)).toContain('too slow');
    expect(refusal(join(folder, 'nowhere'))).toContain('cannot be read');
  });
});
