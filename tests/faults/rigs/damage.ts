/**
 * Files that rot between two starts: bits are flipped, ends are cut off, pages of the database are zeros.
 *
 * The next start may play the loop as it was, or say that it cannot; it never plays anything else.
 */
import { Database } from 'bun:sqlite';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Product, until } from '../../judge/product.ts';
import { forgetRing } from '../../judge/rings.ts';
import { makeRandom } from '../../judge/wav.ts';
import { connect, type Json } from '../../judge/client.ts';
import type { Captured } from '../judge/acks.ts';
import { STEREO } from '../judge/coded.ts';
import { loopFaults } from '../judge/loop-faults.ts';
import { readMaster } from '../judge/master.ts';
import { readStored } from '../judge/stored.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { BAR_FRAMES, killAll, RATE, startLife } from '../stand/lives.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { type Mutation, mutantEnv } from '../stand/mutant.ts';
import { openStand } from '../stand/stand.ts';
import { forgetFiles } from '../../support/forget-files.ts';

type Random = () => number;

/** Damages the folder and says what it did. */
export type Damage = (data: string, random: Random) => string;

const pick = <T>(all: readonly T[], random: Random): T => {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error('there is nothing to damage');
  return one;
};

const soundFiles = (data: string): string[] =>
  ['audio', 'spool']
    .filter((folder) => existsSync(join(data, folder)))
    .flatMap((folder) =>
      readdirSync(join(data, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => /\.(wav|jsonl)$/.test(name))
    .toSorted();

const named = (files: readonly string[]): string =>
  files.map((name) => name.replace(/[0-9a-f]{32,}/, '…')).join(', ');

/** One bit in each of one to all of the sound files. */
export const flipBits: Damage = (data, random) => {
  const files = soundFiles(data);
  const chosen = random() < 0.5 ? files : [pick(files, random)];
  for (const name of chosen) {
    const bytes = readFileSync(join(data, name));
    // Half of them in the header, where a single bit can mean anything.
    const at = Math.floor(random() * (random() < 0.5 ? Math.min(64, bytes.length) : bytes.length));
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
    writeFileSync(join(data, name), bytes);
  }
  return `one bit in ${named(chosen)}`;
};

/** The take never had a file, and what the spool holds of it is not what was played. */
export const flipSpool: Damage = (data, random) => {
  forgetFiles(data);
  const [name = ''] = soundFiles(data).filter((file) => file.endsWith('.wav'));
  const path = join(data, name);
  const bytes = readFileSync(path);
  const [take] = readStored(data).takes.values();
  const { fromFrame = 0, toFrame = 0 } = take ?? {};
  const frame = fromFrame + Math.floor(random() * (toFrame - fromFrame));
  const at = bytes.indexOf('data') + 8 + 8 * frame;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(path, bytes);
  return `one bit in frame ${frame} of ${named([name])}`;
};

const cut = (data: string, chosen: readonly string[], random: Random): string => {
  for (const name of chosen) {
    const path = join(data, name);
    const { length } = readFileSync(path);
    truncateSync(path, Math.floor(random() * (random() < 0.5 ? Math.min(64, length) : length)));
  }
  return `cut: ${named(chosen)}`;
};

export const cutFiles: Damage = (data, random) => {
  const files = soundFiles(data);
  return cut(data, random() < 0.5 ? files : [pick(files, random)], random);
};

/** No copy is whole, and something has to be said. */
export const cutAllFiles: Damage = (data, random) => cut(data, soundFiles(data), random);

const PAGE_BYTES = 4096;

const DATABASE_PARTS = ['page', 'wal', 'shm'] as const;

const rot = (data: string, random: Random, parts: readonly string[]): string => {
  const path = join(data, 'flowzone.db');
  const what = pick(parts, random);
  if (what === 'shm') rmSync(`${path}-shm`, { force: true });
  if (what === 'wal') {
    truncateSync(`${path}-wal`, Math.floor(random() * readFileSync(`${path}-wal`).length));
  }
  if (what === 'page') {
    // What lies in the log would be read instead.
    const db = new Database(path);
    db.run('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(path);
    const at = PAGE_BYTES * Math.floor((random() * bytes.length) / PAGE_BYTES);
    bytes.fill(0, at, at + PAGE_BYTES);
    writeFileSync(path, bytes);
  }
  return what;
};

export const rotDatabase: Damage = (data, random) => rot(data, random, DATABASE_PARTS);

/** Without the journal the loop is gone with it. */
export const zeroPage: Damage = (data, random) => rot(data, random, ['page']);

const LOOK_MS_MAX = 4000;
const HEARD_FRAMES = 1.3 * BAR_FRAMES;

interface Base {
  readonly home: string;
  readonly data: string;
  readonly loop: Captured;
}

/** A session with one loop, ended as by a power cut, so that everything is still as it was written. */
const makeBase = async (home: string): Promise<Base> => {
  const data = join(home, 'base');
  const stand = await openStand({ home, data });
  await stand.press();
  const [loop] = stand.player.captured;
  if (!loop) throw new Error('nothing could be captured');
  // Its rolls are written a bar later; then it has all the copies it will ever have.
  const hasBoth = () => readStored(data).files.length === 2;
  await until('both files are stored', hasBoth, LOOK_MS_MAX);
  const faults = await stand.cut(data);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return { home, data, loop };
};

/** Session file mended, not wholly, or changed; a take's file is not what it was, or cannot be read. */
const DAMAGES = [1013, 1014, 1016, 1017, 2010];

/** What the page shows of the loop: that it plays, or that something is wrong with it. */
const look = async (
  product: Product,
  { slot, takeId }: Captured,
): Promise<'plays' | 'says so' | 'gone'> => {
  const client = await connect(product.url);
  const slots = (): Json => client.state().slots[slot];
  const isTold = () =>
    Object.values<Json>(client.state().alerts).some(({ code }) => DAMAGES.includes(code));
  const plays = () => slots().takeId === takeId && slots().state === 'PLAYING';
  await until('something', () => plays() || isTold(), LOOK_MS_MAX).catch(() => false);
  const seen = plays() ? 'plays' : isTold() ? 'says so' : 'gone';
  client.close();
  return seen;
};

const openDamage = async (damage: Damage, mutations: readonly Mutation[]): Promise<RigSession> => {
  const home = makeDiskFolder();
  const base = await makeBase(home);
  const env = mutations.length > 0 ? mutantEnv(...mutations) : {};
  let copies = 0;

  const trial = async (seed: number): Promise<TrialResult> => {
    copies += 1;
    const data = join(home, `copy-${copies}`);
    const master = join(home, 'master.wav');
    cpSync(base.data, data, { recursive: true, filter: (from) => !from.endsWith('.sock') });
    const what = damage(data, makeRandom(seed));
    const started = await startLife(data, join(home, 'input-2.wav'), {
      env,
      more: ['--output', master],
    }).catch((error: unknown) => String(error));
    try {
      if (typeof started === 'string') {
        // One that is broken on purpose must be found by what it shows.
        if (mutations.length > 0) throw new Error(started);
        return { faults: [`${what}: ${started}`], counts: {} };
      }
      const seen = await look(started, base.loop);
      await until('it was heard', () => readMaster(master, 0).length > HEARD_FRAMES, LOOK_MS_MAX);
      const code = await started.stop();
      const heard = readMaster(master, 0);
      const wrong = loopFaults(STEREO, heard, base.loop, RATE);
      return {
        faults: [
          ...(code === 0 ? [] : [`${what}: it ended with ${code}`]),
          ...(wrong > 0 ? [`${what}: ${wrong} frames were heard that were never played`] : []),
          ...(seen === 'gone' ? [`${what}: the loop is gone and nothing is said`] : []),
          ...(seen === 'plays' && heard.every((sample) => sample === 0)
            ? [`${what}: shown as playing, and silent`]
            : []),
        ],
        counts: { plays: Number(seen === 'plays'), saysSo: Number(seen === 'says so') },
      };
    } finally {
      if (typeof started !== 'string') await killAll(started);
      forgetRing(data);
      rmSync(data, { recursive: true });
      rmSync(master, { force: true });
    }
  };

  const close = (): Promise<string[]> => {
    removeDiskFolder(home);
    return Promise.resolve([]);
  };

  return { trial, close };
};

/** @param mutations Of a FlowZone that is broken on purpose. */
export const damaged = (damage: Damage, ...mutations: readonly Mutation[]): Rig => ({
  missing: () => (process.platform === 'linux' ? null : 'the ring is found in /dev/shm of Linux'),
  open: () => openDamage(damage, mutations),
});
