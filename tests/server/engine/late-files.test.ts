/** Takes that a life of the engine left without files get them in the next: real core, disk and store. */
import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS } from '../../../protocol/errors.ts';
import { BLOCK_FRAMES, openEngine } from '../../guard/engine.ts';
import { forgetFiles } from '../../support/forget-files.ts';

const BAR_FRAMES = 48_000;
const WAIT_MS_MAX = 30_000;
const DAMAGED = String(ERRORS.ERR_TAKE_DAMAGED.code);

const folder = mkdtempSync(join(tmpdir(), 'flowzone-late-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface File {
  readonly takeId: string;
  readonly part: string;
  readonly sha256: string;
  readonly bytes: number;
}

const filesIn = (data: string): File[] => {
  using db = new Database(join(data, 'flowzone.db'), { readonly: true });
  return db
    .query('SELECT take_id AS takeId, part, sha256, bytes FROM take_file ORDER BY take_id, part')
    .all() as File[];
};

/** One life of the engine in the folder. */
const live = async (data: string) => {
  const engine = await openEngine(data, () => undefined);
  const { core, session } = engine;
  /** Seconds pass as they do in the product. */
  const until = async (what: string, isSo: () => boolean) => {
    const deadline = performance.now() + WAIT_MS_MAX;
    for (let steps = 1; !isSo(); steps += 1) {
      if (performance.now() > deadline) throw new Error(`it never came: ${what}`);
      engine.step();
      if (steps % 8 === 0) session.tick(session.state.system, true);
      await Bun.sleep(1);
    }
  };
  const play = (frames: number) => {
    const end = core.status().frame + frames;
    while (core.status().frame + BLOCK_FRAMES <= end) engine.step();
  };
  return { ...engine, until, play };
};

/** Two bars, then one of them; both have their files. */
const fill = async (data: string): Promise<File[]> => {
  const { end, play, session, until } = await live(data);
  play(4 * BAR_FRAMES);
  for (const [slot, bars] of ([2, 1] as const).entries()) {
    session.onMessage({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { cmd: 'TRIGGER_SLOT', slot, bars, quantized: false },
    });
    play(BAR_FRAMES);
  }
  await until('four files', () => filesIn(data).length === 4);
  await end();
  return filesIn(data);
};

test('they are the same files as if nothing had happened, also of loops that play', async () => {
  const data = join(folder, 'whole');
  const before = await fill(data);
  forgetFiles(data);
  expect(filesIn(data)).toEqual([]);
  const second = await live(data);
  await second.until('the files', () => filesIn(data).length === 4);
  expect(second.session.state.slots.slice(0, 2).map(({ state }) => state)).toEqual([
    'PLAYING',
    'PLAYING',
  ]);
  expect(second.session.state.alerts).toEqual({});
  await second.end();
  expect(filesIn(data)).toEqual(before);
  for (const { sha256 } of before) {
    expect(existsSync(join(data, 'audio', `${sha256}.wav`))).toBeTrue();
  }
}, 90_000);

test('what was around a take is found again', async () => {
  const data = join(folder, 'rolls');
  const before = await fill(data);
  forgetFiles(data, ['rolls']);
  expect(filesIn(data)).toHaveLength(2);
  const second = await live(data);
  await second.until('the files', () => filesIn(data).length === 4);
  await second.end();
  expect(filesIn(data)).toEqual(before);
}, 90_000);

test('of which nothing is left are told as damaged, and nothing is kept for them', async () => {
  const data = join(folder, 'gone');
  await fill(data);
  forgetFiles(data);
  rmSync(join(data, 'spool'), { recursive: true });
  const second = await live(data);
  await second.until('the alert', () => DAMAGED in second.session.state.alerts);
  await second.end();
  expect(filesIn(data)).toEqual([]);
}, 90_000);
