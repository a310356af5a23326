/** Takes that a life of the engine left without files get them in the next: real core, disk and store. */
import { Database } from 'bun:sqlite';
import { afterAll, expect, spyOn, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS } from '../../../protocol/errors.ts';
import { FlowCore } from '../../../server/engine/flow-core.ts';
import { unfiledPins } from '../../../server/session/retention/unfiled.ts';
import { WAV_HEADER_BYTES } from '../../../server/wav-header.ts';
import { BLOCK_FRAMES, openEngine } from '../../guard/engine.ts';
import { forgetFiles } from '../../support/forget-files.ts';

const BAR_FRAMES = 48_000;
const WAIT_MS_MAX = 30_000;
const DAMAGED = String(ERRORS.ERR_TAKE_DAMAGED.code);

const folder = mkdtempSync(join(tmpdir(), 'flowzone-late-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A data folder as the launcher makes it. */
const dataFolder = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};

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

const openData = (data: string) => new Database(join(data, 'flowzone.db'), { readonly: true });

/** Takes of which nothing more is asked for, and how many are waited for. */
const settledIn = (data: string) => {
  using db = openData(data);
  const { settled } = db.query('SELECT count(*) AS settled FROM settled').get() as {
    settled: number;
  };
  return { settled, pins: unfiledPins(db).length };
};

/** How often the core was asked for late files; a life that has nothing to ask for is a minute long. */
const asksOf = async (act: () => Promise<void>): Promise<number> => {
  const keepTake = spyOn(FlowCore.prototype, 'keepTake');
  try {
    await act();
    return keepTake.mock.calls.length;
  } finally {
    keepTake.mockRestore();
  }
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
  const seconds = async (count: number) => {
    let passed = 0;
    await until(`${count} seconds`, () => (passed += 1) > 8 * count);
  };
  return { ...engine, until, play, seconds };
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
  const data = dataFolder('whole');
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
  const data = dataFolder('rolls');
  const before = await fill(data);
  forgetFiles(data, ['rolls']);
  expect(filesIn(data)).toHaveLength(2);
  const second = await live(data);
  await second.until('the files', () => filesIn(data).length === 4);
  await second.end();
  expect(filesIn(data)).toEqual(before);
}, 90_000);

/** A start on what is settled: whether it asks, writes, or keeps anything for it. */
const startAgain = async (data: string) => {
  const before = filesIn(data);
  let alerts: string[] = [];
  const asks = await asksOf(async () => {
    const life = await live(data);
    await life.seconds(70);
    alerts = Object.keys(life.session.state.alerts);
    await life.end();
  });
  expect(filesIn(data)).toEqual(before);
  return { asks, alerts, ...settledIn(data) };
};

/** As retention leaves a run of which nothing is needed. */
const forgetSpool = (data: string) => {
  rmSync(join(data, 'spool'), { recursive: true });
  using db = new Database(join(data, 'flowzone.db'));
  db.run('DELETE FROM spool');
};

test('where nothing lies around a take, that is settled without a question', async () => {
  const data = dataFolder('alone');
  await fill(data);
  forgetFiles(data, ['rolls']);
  forgetSpool(data);
  const asks = await asksOf(async () => {
    const life = await live(data);
    await life.until('both are settled', () => settledIn(data).settled === 2);
    expect(life.session.state.alerts).toEqual({});
    await life.end();
  });
  expect(asks).toBe(0);
  expect(settledIn(data)).toEqual({ settled: 2, pins: 0 });
  expect(await startAgain(data)).toEqual({ asks: 0, alerts: [], settled: 2, pins: 0 });
}, 90_000);

/** One bit of every kilobyte: no block of the proof is spared. */
const rot = (data: string) => {
  for (const run of readdirSync(join(data, 'spool'))) {
    for (const name of readdirSync(join(data, 'spool', run))) {
      if (!name.endsWith('.wav')) continue;
      const path = join(data, 'spool', run, name);
      const bytes = readFileSync(path);
      for (let at = WAV_HEADER_BYTES; at < bytes.length; at += 1024)
        bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    }
  }
};

test('what has rotted is tried three times, and then settled: the next start only tells of it', async () => {
  const data = dataFolder('rotten');
  await fill(data);
  forgetFiles(data);
  rot(data);
  const asks = await asksOf(async () => {
    const life = await live(data);
    await life.until('the alert', () => DAMAGED in life.session.state.alerts);
    // Not at once: a disk may have had a bad moment.
    expect(settledIn(data)).toEqual({ settled: 0, pins: 2 });
    await life.until('both are settled', () => settledIn(data).settled === 2);
    await life.end();
  });
  expect(asks).toBe(6);
  // What is left of them is not removed without a word from the player.
  expect(settledIn(data).pins).toBe(2);
  const again = await startAgain(data);
  expect(again).toMatchObject({ asks: 0, settled: 2, pins: 2 });
  expect(again.alerts).toContain(DAMAGED);
}, 90_000);

test('nothing is settled while the recording cannot be looked at', async () => {
  const data = dataFolder('away');
  await fill(data);
  forgetFiles(data);
  const [runId = ''] = readdirSync(join(data, 'spool'));
  const run = join(data, 'spool', runId);
  const life = await live(data);
  renameSync(run, `${run}-away`);
  await life.until('the alert', () => DAMAGED in life.session.state.alerts);
  await life.seconds(200);
  expect(settledIn(data)).toEqual({ settled: 0, pins: 2 });
  renameSync(`${run}-away`, run);
  await life.end();
  const next = await live(data);
  await next.until('the files', () => filesIn(data).length === 4);
  await next.end();
}, 90_000);

test('of which nothing is left are told as damaged, and asked for no more', async () => {
  const data = dataFolder('gone');
  await fill(data);
  forgetFiles(data);
  forgetSpool(data);
  const second = await live(data);
  await second.until('the alert', () => DAMAGED in second.session.state.alerts);
  await second.until('both are settled', () => settledIn(data).settled === 2);
  await second.end();
  expect(filesIn(data)).toEqual([]);
  const again = await startAgain(data);
  expect(again).toMatchObject({ asks: 0, settled: 2 });
  expect(again.alerts).toContain(DAMAGED);
}, 90_000);
