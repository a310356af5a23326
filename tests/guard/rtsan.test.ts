/**
 * A second opinion on promise 1: the blocks of a random life with every kind of command, repeated from
 * its log on the release library under RealtimeSanitizer.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_KIND } from '../../protocol/abi.ts';
import {
  readReplayReport,
  ReplayRequestBytes,
  writeReplayRequest,
} from '../../server/engine/flow-core.generated.ts';
import { libraryPath } from '../../server/engine/library-path.ts';
import { BLOCK_FRAMES, makeSteppedCore, RATE_HZ } from '../server/engine/stepped.ts';
import { playAtRandom } from '../support/random-run.ts';
import { printedSeed } from '../support/seed.ts';
import { buildReplay, buildWatchedSwift, whatIsMissing } from './rtsan.ts';

const BLOCKS = 40_000;
const SLOTS = 8;
const FOUND = 43;
const missing = whatIsMissing();

const run = (argv: readonly string[], env: Record<string, string> = {}) => {
  const done = Bun.spawnSync([...argv], {
    env: { ...process.env, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  return { code: done.exitCode, said: done.stdout.toString(), warned: done.stderr.toString() };
};

if (missing !== '') test.skip(`RealtimeSanitizer cannot be asked: missing is ${missing}`, () => {});

describe.skipIf(missing !== '')('RealtimeSanitizer', () => {
  let folder = '';
  let log = '';
  const request = () => join(folder, 'request');
  const report = () => join(folder, 'report');
  const repeat = (plant = '') =>
    run(
      [buildReplay(), libraryPath(), request(), report()],
      plant === '' ? {} : { FZ_PLANT: plant },
    );

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flowzone-rtsan-'));
    log = join(folder, 'log');
    const core = makeSteppedCore(240, SLOTS, { logPath: log });
    const frames = BLOCKS * BLOCK_FRAMES;
    playAtRandom(core, {
      seed: printedSeed(),
      frames,
      rateHz: RATE_HZ,
      slotCount: SLOTS,
      sourceCount: 1,
    });
    core.stop();
    core.destroy();
    const asked = new Uint8Array(ReplayRequestBytes);
    writeReplayRequest(new DataView(asked.buffer), 0, {
      blockFrames: BLOCK_FRAMES,
      logPath: log,
      outputPath: '',
    });
    writeFileSync(request(), asked);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test(`finds nothing in ${BLOCKS} blocks with every command in flight`, () => {
    const { code, said, warned } = repeat();
    expect({ code, warned }).toEqual({ code: 0, warned: '' });
    expect(Number.parseInt(said, 10)).toBeGreaterThanOrEqual(BLOCKS);
    // They were the blocks of that life: the same master came out.
    const bytes = readFileSync(report());
    const told = readReplayReport(new DataView(bytes.buffer, bytes.byteOffset), 0);
    expect(told).toMatchObject({ isEqual: 1, isWhole: 1 });
    const lines = readFileSync(join(log, 'log.jsonl'), 'utf8').matchAll(/"kind":(\d+)/g);
    const kinds = new Set([...lines].map(([, kind]) => Number(kind)));
    expect([...kinds].toSorted()).toEqual(Object.values(COMMAND_KIND).toSorted());
    process.stderr.write(`${said.trim()}, ${told.groups} groups of commands, 0 hits\n`);
  }, 120_000);

  test.each([
    ['malloc', 'malloc'],
    ['mutex', 'pthread_mutex_lock'],
  ])(
    'catches a %s planted in block 700',
    (what, name) => {
      const { code, warned } = repeat(`${what}:700`);
      expect(code).toBe(FOUND);
      expect(warned).toContain('RealtimeSanitizer: unsafe-library-call');
      expect(warned).toContain(name);
    },
    60_000,
  );

  test('catches a Swift array that grows', () => {
    expect(run([buildWatchedSwift()]).code).toBe(0);
    const { code, warned } = run([buildWatchedSwift(), 'grow']);
    expect(code).toBe(FOUND);
    expect(warned).toContain('swift');
  }, 60_000);
});
