/** A closed data folder with every kind of text, of which a byte rots; and what is read of it then. */
import { expect } from 'bun:test';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyOf, loadSession, restoreTakes } from '../../../server/session/load-session.ts';
import { EMPTY_SLOT, type Riff } from '../../../server/session/riffs/riff.ts';
import { makeBackup } from '../../../server/session/store/backup.ts';
import type { StoreReader } from '../../../server/session/store/client.ts';
import { Journal } from '../../../server/session/store/journal.ts';
import { databasePath, openStore } from '../../../server/session/store/mend.ts';
import { openSession } from '../../../server/session/store/open.ts';
import type { OpenedStore } from '../../../server/session/store/stored.ts';
import type { MixDocument, StoreWrite } from '../../../server/session/store/write-requests.ts';
import { read } from '../../../server/session/store/read.ts';
import { checkSeals } from '../../../server/session/store/seals.ts';
import { write } from '../../../server/session/store/write.ts';
import { type Take, Takes } from '../../../server/session/takes/takes.ts';
import { makeFolder } from '../../judge/product.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

export const MIX: MixDocument = {
  slots: [{ gain: 0.5, pan: 0, muted: false, soloed: false, name: 'Bass' }],
  bpm: 97,
  meter: { beats: 4, unit: 4 },
  metronome: { on: false, gainDb: -6 },
  loopBars: 2,
};
const LAYER = {
  takeId: 't1',
  originBeat: 0,
  lengthBeats: 16,
  offsetFrames: 0,
  gainLeft: 1,
  gainRight: 1,
  mode: 'repitch',
  tail: false,
} as const;
export const RECIPE = {
  kind: 'merge',
  lengthBeats: 16,
  framesPerBeat: 24_000,
  layers: [LAYER],
} as const;
export const NOTE = { frame: 97_000, instanceId: 'p1', note: 60, velocity: 90, on: true };

/** What is read of a data folder as an engine that begins does. */
export const loaded = async (folder: string) => {
  const { db, mended } = openStore(folder, 900_000);
  const anyOpen = { kind: 'open', dataFolder: folder, atMs: 5, newSessionName: 'S' } as const;
  const opened = openSession(db, anyOpen) as OpenedStore;
  const store: StoreReader = {
    read: (request) => Promise.resolve(read(db, request as never) as never),
  };
  const session = await loadSession(store, opened);
  const takes = new Takes(folder);
  restoreTakes(session, takes);
  const history = historyOf(session, takes, () => makeRiff('made', null, 0));
  const broken = [...checkSeals(db)].flatMap((page) => page.broken);
  db.close();
  return { mended, mix: opened.mix, takes, history, riffs: session.riffs, broken };
};

/** A riff with chains, one with a loop made of another, a dry side and a mix; a backup of half of it. */
export const makeClosed = (): string => {
  const folder = makeFolder();
  const { db } = openStore(folder, 1);
  const journal = new Journal(folder);
  const commit = (request: StoreWrite) => journal.add(write(db, request), request);
  const anyOpen = { kind: 'open', dataFolder: folder, atMs: 5, newSessionName: 'S' } as const;
  const { sessionId } = openSession(db, anyOpen, commit);
  const riff = (id: string, parent: string | null, seq: number, takeId?: string) =>
    makeRiff(id, parent, seq, takeId === undefined ? {} : { 0: takeId });
  const add = (each: Riff, takes: readonly Take[]) =>
    commit({ kind: 'riff', sessionId, riff: each, takes, gridShift: 0, moveId: `m${each.id}` });
  commit({ kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 });
  add(riff('r0', null, 0), []);
  makeBackup(db, folder, 500_000);
  const chained = riff('r1', 'r0', 1, 't1');
  const [slot = EMPTY_SLOT] = chained.slots;
  add(
    { ...chained, slots: [{ ...slot, chain: ['chain-of-slot'] }], inputChain: ['chain-of-input'] },
    [makeTake('t1')],
  );
  add(riff('r2', 'r1', 2, 'd1'), [{ ...makeTake('d1'), recipe: RECIPE }]);
  const dry = makeTake('dry1');
  commit({ kind: 'dry', sessionId, takeId: 't1', take: dry, notes: [NOTE] });
  commit({ kind: 'mix', sessionId, mix: MIX });
  db.close();
  return folder;
};

export const TEXTS = {
  'a mix': JSON.stringify(MIX),
  'the chain of a slot': '["chain-of-slot"]',
  'the chain of the input': '["chain-of-input"]',
  'a recipe': JSON.stringify(RECIPE),
  'the keys of an instrument': JSON.stringify([NOTE]),
};

/** In the session file alone. */
export const damage = (folder: string, text: string, place: number, byte: number) => {
  const path = databasePath(folder);
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  bytes[at + place] = byte;
  writeFileSync(path, bytes);
};

export const keptTexts = (folder: string) => join(folder, 'aside', 'rotten-texts.jsonl');

export const withoutCopies = (folder: string) => {
  for (const copies of ['backup', 'journal']) rmSync(join(folder, copies), { recursive: true });
};

export const copyOf = (folder: string) => {
  const copy = makeFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
};
