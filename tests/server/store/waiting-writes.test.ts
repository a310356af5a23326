/** What an engine asked for and never heard was written: the next one finds it, and does it once. */
import { afterAll, describe, expect, test } from 'bun:test';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStore } from '../../../server/engine/store-watch.ts';
import { StoreClient } from '../../../server/session/store/client.ts';
import { readWaiting } from '../../../server/session/store/read-waiting.ts';
import { type WaitingPlaces, WaitingWrites } from '../../../server/session/store/waiting-writes.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';
import { makePuppets, name } from './store-puppets.ts';

const home = mkdtempSync(join(tmpdir(), 'fz-waiting-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const never = (why: string) => {
  throw new Error(why);
};

const makePlaces = () => {
  const folder = mkdtempSync(join(home, 'place-'));
  return { near: join(folder, 'near'), far: join(folder, 'far') };
};

const writesIn = (places: WaitingPlaces) => readWaiting(places).lines.map(({ write }) => write);

const begun = (places: ReturnType<typeof makePlaces>, stored?: (text: string) => void) => {
  const waiting = new WaitingWrites({
    places,
    onTrouble: never,
    ...(stored && { store: async (_: string, text: string) => stored(text) }),
  });
  waiting.begin();
  return waiting;
};

describe('writes that wait', () => {
  test('stand in a file of their owner until all are answered for', () => {
    const places = makePlaces();
    const { asked, makeWorker, workers } = makePuppets();
    const waiting = begun(places);
    const store = new StoreClient({ makeWorker, onFailure: () => undefined, waiting });
    const refused: string[] = [];
    store.write(name('a'));
    store.write(name('b'), undefined, () => refused.push('b'));
    expect(writesIn(places)).toEqual([name('a'), name('b')]);
    expect(statSync(places.near).mode & 0o777).toBe(0o600);
    workers[0]?.events.onAnswer({ seq: 1, value: null });
    expect(writesIn(places)).toHaveLength(2);
    workers[0]?.events.onAnswer({ seq: 2, error: 'constraint', isPermanent: true });
    expect(refused).toEqual(['b']);
    expect(asked.items).toHaveLength(2);
    expect(readFileSync(places.near, 'utf8')).toBe('');
    store.write(name('c'));
    expect(writesIn(places)).toEqual([name('c')]);
    workers[0]?.events.onAnswer({ seq: 3, value: null });
    waiting.close();
    expect(existsSync(places.near)).toBeFalse();
  });

  test('before the files of an engine before this one are read, they stay as they are', () => {
    const places = makePlaces();
    begun(places).note(name('earlier'));
    const next = new WaitingWrites({ places, onTrouble: never });
    next.note(name('now'));
    expect(writesIn(places)).toEqual([name('earlier')]);
    next.begin();
    expect(writesIn(places)).toEqual([name('now')]);
  });

  test('a line that was torn or changed is left out; what is no file of ours is nothing', () => {
    const places = makePlaces();
    const waiting = begun(places);
    waiting.note(name('a'));
    waiting.note(name('b'));
    const text = readFileSync(places.near, 'utf8');
    writeFileSync(places.near, text.replace('"a"', '"x"'));
    appendFileSync(places.near, text.slice(0, 20));
    expect(writesIn(places)).toEqual([name('b')]);
    expect(writesIn({ near: home, far: null })).toEqual([]);
  });

  test('are in the farther place while the store fails, and not a moment longer', async () => {
    const places = makePlaces();
    const texts: string[] = [];
    const waiting = begun(places, (text) => {
      writeFileSync(places.far, text);
      texts.push(text);
    });
    const settle = waiting.note(name('a'));
    expect(texts).toEqual([]);
    waiting.setFailing(true);
    const second = waiting.note(name('b'));
    const far = () => writesIn({ near: null, far: places.far });
    while (far().length < 2) await Bun.sleep(1);
    expect(far()).toEqual([name('a'), name('b')]);
    settle();
    second();
    waiting.setFailing(false);
    while (existsSync(places.far)) await Bun.sleep(1);
  });

  test('of captures that wait for their sound it is known where they were pressed', () => {
    const places = makePlaces();
    const waiting = begun(places);
    const takes = [makeTake('t1')];
    const riff = makeRiff('r1', 'root', 1, { 0: 't1' });
    const about = { kind: 'riff', sessionId: 's1', gridShift: 0, moveId: 'm', takes } as const;
    waiting.note({ ...about, riff }, true);
    const opening = { kind: 'openSession', sessionId: 's2', gridShift: 0, atMs: 1 } as const;
    waiting.note({ ...opening, openId: 'o' }, true);
    expect(readWaiting(places).pressedIn).toEqual(new Map([['t1', 's1']]));
  });
});

/** Lives of an engine on real files. */
const live = async (
  dataFolder: string,
  places: { near: string; far: string },
  act: (sessionId: string) => readonly StoreWrite[] = () => [],
) => {
  const told: unknown[] = [];
  const log = (_: string, event: string, about: unknown) => void told.push([event, about]);
  const { open, store } = startStore(log, places);
  const { opened, writeLeft } = await open({ dataFolder, atMs: 1, newSessionName: 'S' });
  writeLeft();
  for (const write of act(opened.sessionId)) store.write(write);
  const { sessionId } = opened;
  const riffs = await store.read({ kind: 'riffs', sessionId, afterSeq: -1 });
  await store.end(1);
  return { told, opened, riffIds: riffs.map(({ id }) => id) };
};

const first = (sessionId: string): StoreWrite[] => [
  { kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 },
  riffWrite(sessionId, makeRiff('root', null, 0)),
];

const riffWrite = (sessionId: string, riff: ReturnType<typeof makeRiff>, takeId?: string) =>
  ({
    kind: 'riff',
    sessionId,
    riff,
    takes: takeId === undefined ? [] : [makeTake(takeId)],
    gridShift: 0,
    moveId: `to-${riff.id}`,
  }) as const;

const mixOf = (sessionId: string, bpm: number): StoreWrite => ({
  kind: 'mix',
  sessionId,
  mix: {
    slots: [],
    bpm,
    meter: { beats: 4, unit: 4 },
    metronome: { on: false, gainDb: -6 },
    loopBars: 2,
  },
});

describe('the next engine', () => {
  const begin = async () => {
    const dataFolder = mkdtempSync(join(home, 'data-'));
    const places = makePlaces();
    const { opened } = await live(dataFolder, places, first);
    return { dataFolder, places, sessionId: opened.sessionId };
  };
  /** Killed before the store said anything. */
  const killed = (places: ReturnType<typeof makePlaces>, writes: readonly StoreWrite[]) => {
    const waiting = begun(places);
    for (const write of writes) waiting.note(write);
  };

  test('has the loops, the head and the mix that were asked for, and nothing twice', async () => {
    const { dataFolder, places, sessionId } = await begin();
    const writes = [
      mixOf(sessionId, 97),
      riffWrite(sessionId, makeRiff('r1', 'root', 1, { 0: 't1' }), 't1'),
      riffWrite(sessionId, makeRiff('r2', 'r1', 2, { 0: 't1', 1: 't2' }), 't2'),
    ];
    // The first riff was committed before the kill; its answer was not heard.
    await live(dataFolder, places, () => writes.slice(0, 2));
    killed(places, writes);
    const { opened, riffIds } = await live(dataFolder, places);
    expect(riffIds).toEqual(['root', 'r1', 'r2']);
    expect(opened.head).toMatchObject({ riffId: 'r2' });
    expect(opened.mix?.bpm).toBe(97);
    // The control: without the file there is none of it.
    const other = await begin();
    expect((await live(other.dataFolder, other.places)).riffIds).toEqual(['root']);
  });

  test('where a later one went on, what is found late is in the history and moves nothing', async () => {
    const { dataFolder, places, sessionId } = await begin();
    await live(dataFolder, places, () => [
      mixOf(sessionId, 130),
      riffWrite(sessionId, makeRiff('later', 'root', 1)),
    ]);
    killed(places, [
      mixOf(sessionId, 97),
      riffWrite(sessionId, makeRiff('r1', 'root', 1, { 0: 't1' }), 't1'),
    ]);
    const { opened, riffIds } = await live(dataFolder, places);
    expect(riffIds.toSorted()).toEqual(['later', 'r1', 'root']);
    expect(opened.head).toMatchObject({ riffId: 'later' });
    expect(opened.mix?.bpm).toBe(130);
  });

  test('keeps aside what hangs on something that nobody has, and says so', async () => {
    const { dataFolder, places, sessionId } = await begin();
    killed(places, [riffWrite(sessionId, makeRiff('r9', 'nobody', 9))]);
    const { riffIds, told } = await live(dataFolder, places);
    expect(riffIds).toEqual(['root']);
    expect(told).toContainEqual([
      'what an engine before this one left to be written',
      { count: 1, refused: 1, later: 0 },
    ]);
    const kept = readFileSync(join(dataFolder, 'aside', 'refused-writes.jsonl'), 'utf8');
    expect(kept).toContain('"nobody"');
  });
});
