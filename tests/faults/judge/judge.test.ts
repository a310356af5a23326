/** The judge finds what was planted: one sample, one row, one file; and lets a whole folder pass. */
import { Database } from 'bun:sqlite';
import { beforeEach, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../judge/product.ts';
import { writeWavFile } from '../../judge/wav.ts';
import { AckLog, readAcks, savedTakes, type Captured } from './acks.ts';
import { judgeLookBack, spoolEnd } from './audio.ts';
import { codedSample, codedSound, placeOf, STEREO } from './coded.ts';
import { judgeLog } from './log-lines.ts';
import { inWords, loopFaults, wrongStretches } from './loop-faults.ts';
import { outside, touchedFiles } from './touched-files.ts';
import { judgeFolder } from './verdict.ts';

const RATE = 48_000;
const FROM = 1000;
const TO = 5000;
const FIRST_SEGMENT = 3000;
const RUN = 'run';

let data: string;
beforeEach(() => {
  data = makeFolder();
});

const TABLES = `
CREATE TABLE take (id, run_id, source, from_frame, to_frame, recipe);
CREATE TABLE take_file (take_id, part, sha256, bytes, pre_frames);
CREATE TABLE riff (id, session_id, seq, prev_hash, hash);
CREATE TABLE riff_slot (riff_id, slot, take_id);
CREATE TABLE head (session_id, riff_id);
CREATE TABLE run (id, started_ms);
CREATE TABLE gap (run_id, from_frame, to_frame);
INSERT INTO run VALUES ('run', 1);
INSERT INTO take VALUES ('a', 'run', 0, ${FROM}, ${TO}, NULL);
INSERT INTO riff VALUES ('r0', 's', 0, '', 'h0'), ('r1', 's', 1, 'h0', 'h1');
INSERT INTO riff_slot VALUES ('r1', 0, 'a');
INSERT INTO head VALUES ('s', 'r1');
`;

const change = (sql: string): void => {
  const db = new Database(join(data, 'flowzone.db'), { create: true });
  db.run(sql);
  db.close();
};

/** Two segments of the coded signal; the take reaches over both. */
const writeSpool = (): string[] => {
  const folder = join(data, 'spool', RUN);
  mkdirSync(folder, { recursive: true });
  return [0, FIRST_SEGMENT].map((first) => {
    const path = join(folder, `seg-${String(first).padStart(12, '0')}.wav`);
    writeWavFile(path, RATE, codedSound(STEREO, first, first === 0 ? FIRST_SEGMENT : TO));
    return path;
  });
};

const writeTakeFile = (): string => {
  mkdirSync(join(data, 'audio'));
  const path = join(data, 'audio', 'take.wav');
  writeWavFile(path, RATE, codedSound(STEREO, FROM, TO - FROM));
  const bytes = readFileSync(path);
  const sha = createHash('sha256').update(bytes).digest('hex');
  const named = join(data, 'audio', `${sha}.wav`);
  renameSync(path, named);
  change(`INSERT INTO take_file VALUES ('a', 'window', '${sha}', ${bytes.length}, 0)`);
  return named;
};

const ACK: Captured = {
  t: 'captured',
  takeId: 'a',
  slot: 0,
  fromFrame: FROM,
  toFrame: TO,
  atMs: 1,
};

const damage = (path: string, frame: number): void => {
  const bytes = readFileSync(path);
  const at = 44 + 8 * frame;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(path, bytes);
};

test('every sample of the coded signal says where it belongs, and none is silent', () => {
  for (const frame of [0, 1, 77, STEREO.periodFrames - 1]) {
    for (const channel of [0, 1]) {
      const sample = Math.fround(codedSample(STEREO, frame, channel));
      expect(placeOf(STEREO, sample)).toEqual({ frame, channel });
    }
  }
  expect(placeOf(STEREO, 0)).toBeNull();
  expect(placeOf(STEREO, 0.5)).toBeNull();
});

test('a saved take in the spool passes, over two segments; so does one in a file', () => {
  change(TABLES);
  writeSpool();
  const inSpool = judgeFolder(data, [ACK]);
  expect(inSpool.lost).toEqual([]);
  expect(inSpool.faults).toEqual([]);
  expect([...inSpool.inSpoolOnly]).toEqual(['a']);
  writeTakeFile();
  const inFile = judgeFolder(data, [ACK]);
  expect(inFile.lost).toEqual([]);
  expect(inFile.inSpoolOnly.size).toBe(0);
});

test('one bit in one sample of the spool is a loss', () => {
  change(TABLES);
  const [first = '', second = ''] = writeSpool();
  damage(first, FROM - 1);
  expect(judgeFolder(data, [ACK]).lost).toEqual([]);
  damage(second, TO - FIRST_SEGMENT - 1);
  expect(judgeFolder(data, [ACK]).lost).toHaveLength(1);
});

test('a file that was damaged, cut, or has not its name is a fault, and without a spool a loss', () => {
  change(TABLES);
  const path = writeTakeFile();
  damage(path, 7);
  expect(judgeFolder(data, [ACK]).faults).toHaveLength(1);
  expect(judgeFolder(data, [ACK]).lost).toHaveLength(1);
  damage(path, 7);
  expect(judgeFolder(data, [ACK]).faults).toEqual([]);
  truncateSync(path, 44);
  expect(judgeFolder(data, [ACK]).faults).toHaveLength(1);
  rmSync(path);
  expect(judgeFolder(data, [ACK]).lost).toHaveLength(1);
});

test('a row that is missing, other frames, a take in no riff and a broken chain are found', () => {
  expect(judgeFolder(data, [ACK]).lost).toHaveLength(1);
  change(TABLES);
  writeSpool();
  expect(judgeFolder(data, [{ ...ACK, toFrame: TO - 1 }]).lost).toHaveLength(1);
  change("UPDATE riff SET prev_hash = 'x' WHERE seq = 1");
  expect(judgeFolder(data, [ACK]).faults).toHaveLength(1);
  change('DELETE FROM riff_slot');
  expect(judgeFolder(data, [ACK]).lost).toHaveLength(1);
});

test('a database that is no database is a fault and no crash', () => {
  writeFileSync(join(data, 'flowzone.db'), 'x'.repeat(5000));
  expect(judgeFolder(data, []).faults).toHaveLength(1);
});

test('the spool ends where it stops being what was played', () => {
  const [, second = ''] = writeSpool();
  expect(spoolEnd(data, RUN, 0, STEREO)).toBe(FIRST_SEGMENT + TO);
  damage(second, 10);
  expect(spoolEnd(data, RUN, 0, STEREO)).toBe(FIRST_SEGMENT + 10);
});

test('of what was said only saved takes count, and only once the log is on disk', () => {
  const path = join(data, 'acks.jsonl');
  const log = new AckLog(path);
  log.add(ACK);
  log.add({ ...ACK, takeId: 'b' });
  log.add({ t: 'saved', takeId: 'a', atMs: 2 });
  log.close();
  expect(savedTakes(readAcks(path))).toEqual([ACK]);
});

test('a take called saved whose press was never answered is judged by its row, and without one is lost', () => {
  const path = join(data, 'acks.jsonl');
  const log = new AckLog(path);
  for (const takeId of ['a', 'b', 'a']) log.add({ t: 'saved', takeId, atMs: 2 });
  log.close();
  const claims = savedTakes(readAcks(path));
  change(TABLES);
  const [, second = ''] = writeSpool();
  const verdict = judgeFolder(data, claims);
  expect([verdict.acks, verdict.lost]).toEqual([2, ['b: no row']]);
  damage(second, 0);
  expect(judgeFolder(data, claims).lost).toHaveLength(2);
});

test('of what strace saw, only names made, changed or removed outside the folders are told', () => {
  const touched = touchedFiles(
    [
      '7 openat(AT_FDCWD</work-folder>, "/data/read", O_RDONLY) = 3</data/read>',
      '7 openat(AT_FDCWD</work-folder>, "/data/own", O_WRONLY|O_CREAT, 0600) = 3</data/own>',
      '7 openat(AT_FDCWD</work-folder>, "/etc/denied", O_WRONLY|O_CREAT, 0600) = -1 EACCES (denied)',
      '7 openat(AT_FDCWD</work-folder>, "left", O_RDWR|O_CREAT, 0600 <unfinished ...>',
      '7 <... openat resumed>) = 3',
      '7 rename("/data/a", "/tmp/b") = 0',
      '7 mkdir("/data/../climbed", 0700) = 0',
      '7 unlink("/database/x") = 0',
    ].join('\n'),
  );
  expect(outside(touched, ['/data'])).toEqual([
    '/work-folder/left',
    '/tmp/b',
    '/data/../climbed',
    '/database/x',
  ]);
});

test('the log tells how many lines it left out, and a line that came too early', () => {
  const line = (monoMs: number, more: object) => ({ pid: 1, monoMs, event: 'storm', ...more });
  const whole = [
    line(1, { fzMade: 0 }),
    line(2, { fzMade: 1, lost: 3 }),
    line(2, { suppressed: 7 }),
  ];
  expect(judgeLog(whole)).toEqual({ written: 3, lost: 3, stormLines: 9, faults: [] });
  expect(judgeLog([...whole, { ...line(1, {}), pid: 2 }]).faults).toEqual([]);
  expect(judgeLog([...whole, line(1, {})]).faults).toHaveLength(1);
});

test('a loop is judged by where most of it says that it is, and one wrong frame is one', () => {
  const left = (from: number, frames: number) =>
    codedSound(STEREO, from, frames).filter((_, at) => at % 2 === 0);
  const loop = { fromFrame: FROM, toFrame: TO };
  const heard = new Float32Array([...left(FROM, TO - FROM), ...left(FROM, TO - FROM)]);
  expect(loopFaults(STEREO, heard, loop, RATE)).toBe(0);
  // Behind the ramp a sum of two places that looks like a third, where the seam is.
  const summed = heard.slice();
  summed[490] = codedSample(STEREO, FROM + 2222, 0);
  expect(loopFaults(STEREO, summed, loop, RATE)).toBe(0);
  summed[1500] = codedSample(STEREO, FROM + 1501, 0);
  expect(loopFaults(STEREO, summed, loop, RATE)).toBe(1);
});

test('where a loop is wrong is told with what is heard there', () => {
  const left = (from: number, frames: number) =>
    codedSound(STEREO, from, frames).filter((_, at) => at % 2 === 0);
  const loop = { fromFrame: FROM, toFrame: TO };
  const length = TO - FROM;
  const heard = new Float32Array([1, 2, 3, 4].flatMap(() => [...left(FROM, length)]));
  heard.fill(0, length - 1000, length + 2000);
  heard.set(left(FROM + 1000, 500), 2 * length + 1300);
  heard.fill(0.7, 3 * length + 2000, 3 * length + 2001);
  const seam = Math.ceil(0.0105 * RATE);
  const wrongs = wrongStretches(STEREO, heard, loop, RATE);
  const whole = { silent: 0, displaced: 0, lateFrames: 0 };
  const silent = 3000 - 2 * seam;
  const moved = 2 * length + 1300;
  expect(wrongs).toEqual([
    { ...whole, from: length - 1000, to: length + 2000, frames: silent, silent },
    { ...whole, from: moved, to: moved + 500, frames: 500, displaced: 500, lateFrames: 300 },
    { ...whole, from: 3 * length + 2000, to: 3 * length + 2001, frames: 1 },
  ]);
  expect(inWords(wrongs)).toBe(
    `3000–6000: ${silent} silent; 9300–9800: 500 of the loop, 300 late; 14000–14001: 1 of something else`,
  );
});

test('a look-back must hold all that was heard before the outage; one silent frame of it is told', () => {
  change(TABLES);
  const sound = codedSound(STEREO, FROM, TO - FROM);
  const [killed, back] = [1500, 2500];
  sound.fill(0, 2 * (killed - FROM), 2 * (back - FROM));
  mkdirSync(join(data, 'audio'));
  writeWavFile(join(data, 'audio', 'sha.wav'), RATE, sound);
  change(`INSERT INTO take_file VALUES ('a', 'window', 'sha', 1, 0)`);
  const stored = judgeFolder(data, []).stored;
  const judge = (heardEnd: number) => judgeLookBack(data, stored, ACK, heardEnd, STEREO);
  expect(judge(killed)).toEqual({ fault: null, lostFrames: 0 });
  expect(judge(killed + 1).lostFrames).toBe(1);
  expect(judge(back).lostFrames).toBe(back - killed);
  sound.fill(0, 2 * (TO - FROM - 1));
  writeWavFile(join(data, 'audio', 'sha.wav'), RATE, sound);
  expect(judge(killed).fault).toMatch(/something else after 500 played, 1000 silent/);
});
