import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TakeInfo } from '../../../protocol/link.ts';
import { makeInbox } from '../../support/inbox.ts';
import type { FakeEngine } from './support/fake-engine.ts';
import { type Stage, useStages } from './support/stage.ts';
import {
  makeSound,
  makeTake,
  segmentPath,
  writeProof,
  writeSegment,
  writeTakeFile,
  writeWideSegment,
} from './support/take-files.ts';

const setStage = useStages();
const root = mkdtempSync(join(tmpdir(), 'fz-takes-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const nextFolder = () => join(root, crypto.randomUUID());

const FRAMES = 20_000;
const SIZE = 58 + 8 * FRAMES;

/** A gateway whose engine knows these takes; they may change while it runs. */
const setTakes = async (...takes: TakeInfo[]) => {
  const stage = setStage();
  const known = new Map(takes.map((take) => [take.id, take]));
  const asked = makeInbox<string>();
  const engine: FakeEngine = stage.engine({
    onMessage: (fake, message) => {
      if (message.t !== 'query' || message.query.kind !== 'take') return;
      const { takeId } = message.query;
      asked.put(takeId);
      const take = known.get(takeId) ?? null;
      fake.send({ t: 'result', id: message.id, result: { kind: 'take', take } });
    },
  });
  await (await stage.join()).barrier();
  return { stage, engine, known, asked };
};

const audioOf = (
  stage: Stage,
  take: TakeInfo,
  headers: Record<string, string> = {},
  method = 'GET',
) => stage.fetch(`/api/takes/${take.id}/audio`, { headers, method });

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

/** One file take and one spool take of the same sound, across three segments. */
const setBoth = async () => {
  const folder = nextFolder();
  const [from, to] = [5000, 5000 + FRAMES];
  writeSegment(folder, 0, 9000);
  writeSegment(folder, 9000, 9100);
  writeSegment(folder, 9100, to + 500);
  const file = writeTakeFile(folder, makeSound(from, to));
  const filed = makeTake(from, to, { kind: 'file', path: file.path }, file.sha256);
  const spooled = makeTake(from, to, { kind: 'spool', folder });
  return { ...(await setTakes(filed, spooled)), file, filed, spooled, folder };
};

/** Range header, status, first and last byte. */
const RANGES: [string | null, number, [number, number]][] = [
  [null, 200, [0, SIZE - 1]],
  ['bytes=0-', 206, [0, SIZE - 1]],
  ['bytes=0-0', 206, [0, 0]],
  ['bytes=0-57', 206, [0, 57]],
  ['bytes=57-58', 206, [57, 58]],
  ['bytes=58-65', 206, [58, 65]],
  ['bytes=32050-32900', 206, [32_050, 32_900]],
  [`bytes=${SIZE - 1}-`, 206, [SIZE - 1, SIZE - 1]],
  [`bytes=100-${SIZE + 5}`, 206, [100, SIZE - 1]],
  ['bytes=-100', 206, [SIZE - 100, SIZE - 1]],
  [`bytes=-${SIZE + 9}`, 206, [0, SIZE - 1]],
  ['BYTES=3-4', 206, [3, 4]],
  ['bytes=0-1,4-5', 200, [0, SIZE - 1]],
  ['bytes=9-3', 200, [0, SIZE - 1]],
  ['bytes=-', 200, [0, SIZE - 1]],
  ['bytes=a-b', 200, [0, SIZE - 1]],
  ['frames=0-1', 200, [0, SIZE - 1]],
];

describe('take audio', () => {
  test('a bit that flips in the spool is found where there is a proof, and only there', async () => {
    const { stage, file, spooled, folder } = await setBoth();
    writeProof(folder, 0, 2000);
    expect((await bytesOf(await audioOf(stage, spooled))).equals(file.bytes)).toBe(true);
    const path = segmentPath(folder, 0);
    const flip = (frame: number) => {
      const bytes = readFileSync(path);
      bytes.writeUInt8(bytes.readUInt8(58 + 8 * frame) ^ 1, 58 + 8 * frame);
      writeFileSync(path, bytes);
    };
    flip(3000);
    expect((await audioOf(stage, spooled)).status).toBe(200);
    flip(6000);
    expect((await audioOf(stage, spooled)).status).toBe(500);
    rmSync(path.replace('.wav', '.crc'));
    const unproven = await audioOf(stage, spooled);
    expect(unproven.status).toBe(200);
    expect((await bytesOf(unproven)).equals(file.bytes)).toBe(false);
  });

  test.each(RANGES)('Range %p: %i, from file and spool alike', async (range, status, span) => {
    const { stage, file, filed, spooled } = await setBoth();
    const [first, last] = span;
    for (const take of [filed, spooled]) {
      const response = await audioOf(stage, take, range === null ? {} : { range });
      expect(response.status).toBe(status);
      const told = response.headers.get('content-range');
      expect(told).toBe(status === 206 ? `bytes ${first}-${last}/${SIZE}` : null);
      expect(response.headers.get('content-length')).toBe(String(last - first + 1));
      expect(response.headers.get('content-type')).toBe('audio/wav');
      expect(response.headers.get('accept-ranges')).toBe('bytes');
      expect((await bytesOf(response)).equals(file.bytes.subarray(first, last + 1))).toBeTrue();
    }
  });

  test.each([`bytes=${SIZE}-`, 'bytes=9999999-99999999', 'bytes=-0'])(
    'Range %p cannot be satisfied: 416',
    async (range) => {
      const { stage, filed, spooled } = await setBoth();
      for (const take of [filed, spooled]) {
        const response = await audioOf(stage, take, { range });
        expect(response.status).toBe(416);
        expect(response.headers.get('content-range')).toBe(`bytes */${SIZE}`);
        expect(await response.json()).toMatchObject({ code: 5013 });
      }
    },
  );

  test('HEAD tells the size, an ETag known is not sent again, an old one gives all', async () => {
    const { stage, file, filed, spooled } = await setBoth();
    for (const take of [filed, spooled]) {
      const head = await audioOf(stage, take, {}, 'HEAD');
      expect(head.status).toBe(200);
      expect(head.headers.get('content-length')).toBe(String(SIZE));
      const etag = head.headers.get('etag') ?? '';
      const known = await audioOf(stage, take, { 'if-none-match': etag });
      expect(known.status).toBe(304);
      const range = 'bytes=10-19';
      expect((await audioOf(stage, take, { range, 'if-range': etag })).status).toBe(206);
      const whole = await audioOf(stage, take, { range, 'if-range': '"old"' });
      expect(whole.status).toBe(200);
      expect((await bytesOf(whole)).equals(file.bytes)).toBeTrue();
    }
    const etagOf = async (take: TakeInfo) => (await audioOf(stage, take)).headers.get('etag');
    expect(await etagOf(filed)).toBe(`"${file.sha256}"`);
    expect(await etagOf(spooled)).toContain(spooled.id);
  });

  test('a long take is streamed whole', async () => {
    const folder = nextFolder();
    const frames = 500_000;
    for (let first = 0; first < frames; first += 100_000) {
      writeSegment(folder, first, first + 100_000);
    }
    const file = writeTakeFile(folder, makeSound(7, frames - 7));
    const spooled = makeTake(7, frames - 7, { kind: 'spool', folder });
    const { stage } = await setTakes(spooled);
    expect((await bytesOf(await audioOf(stage, spooled))).equals(file.bytes)).toBeTrue();
  });

  test.each([0, 1, 2])('source %i of three is read out of the frames of all', async (source) => {
    const folder = nextFolder();
    const [from, to] = [5000, 5000 + FRAMES];
    writeWideSegment(folder, { firstFrame: 0, endFrame: 9001, source, sources: 3 });
    writeWideSegment(folder, { firstFrame: 9001, endFrame: to + 500, source, sources: 3 });
    const file = writeTakeFile(folder, makeSound(from, to));
    const take = { ...makeTake(from, to, { kind: 'spool', folder }), source };
    const other = { ...makeTake(from, to, { kind: 'spool', folder }), source: 3 };
    const { stage } = await setTakes(take, other);
    expect((await bytesOf(await audioOf(stage, take))).equals(file.bytes)).toBeTrue();
    for (const [first, last] of [
      [50, 71],
      [59, 60],
      [61, 130_000],
    ] as const) {
      const part = await audioOf(stage, take, { range: `bytes=${first}-${last}` });
      expect((await bytesOf(part)).equals(file.bytes.subarray(first, last + 1))).toBeTrue();
    }
    expect(await (await audioOf(stage, other)).json()).toMatchObject({ code: 2010 });
  });

  test('a segment that was just begun is waited for, not refused', async () => {
    const folder = nextFolder();
    writeSegment(folder, 0, 1000);
    writeFileSync(segmentPath(folder, 1000), '');
    const take = makeTake(500, 2000, { kind: 'spool', folder });
    const { stage, asked } = await setTakes(take);
    const response = audioOf(stage, take);
    await asked.reach(2);
    writeSegment(folder, 1000, 2500);
    expect((await response).status).toBe(200);
  });

  test('where two segments hold the same frames the later one counts', async () => {
    const folder = nextFolder();
    writeSegment(folder, 0, 3000);
    writeSegment(folder, 2000, 5000);
    const wrong = Buffer.alloc(8 * 1000, 0x3f);
    const first = Buffer.from(await Bun.file(segmentPath(folder, 0)).arrayBuffer());
    wrong.copy(first, 58 + 8 * 2000);
    writeFileSync(segmentPath(folder, 0), first);
    const file = writeTakeFile(folder, makeSound(100, 5000));
    const take = makeTake(100, 5000, { kind: 'spool', folder });
    const { stage } = await setTakes(take);
    expect((await bytesOf(await audioOf(stage, take))).equals(file.bytes)).toBeTrue();
  });

  test('a press is answered before its sound is written: the request waits for the spool', async () => {
    const folder = nextFolder();
    writeSegment(folder, 0, 1000);
    const take = makeTake(500, 2000, { kind: 'spool', folder });
    const { stage, asked } = await setTakes(take);
    const response = audioOf(stage, take);
    await asked.reach(2);
    writeSegment(folder, 0, 2500);
    expect((await response).status).toBe(200);
  });

  test('a take that meanwhile got its file is read from there', async () => {
    const folder = nextFolder();
    const take = makeTake(500, 2000, { kind: 'spool', folder });
    const { stage, asked, known } = await setTakes(take);
    const response = audioOf(stage, take);
    await asked.reach(2);
    const { path, sha256, bytes } = writeTakeFile(folder, makeSound(500, 2000));
    known.set(take.id, { ...take, sha256, location: { kind: 'file', path } });
    expect((await bytesOf(await response)).equals(bytes)).toBeTrue();
  });

  test('a damaged or missing file is 2010, never other sound', async () => {
    const { stage, filed, spooled, folder, known } = await setBoth();
    const { path } = filed.location as { path: string };
    truncateSync(path, SIZE - 8);
    const wrong = { ...spooled, rateHz: 44_100, id: crypto.randomUUID() };
    const gone = makeTake(0, 10, { kind: 'file', path: join(folder, 'gone.wav') });
    for (const take of [filed, wrong, gone]) {
      known.set(take.id, take);
      const response = await audioOf(stage, take);
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ code: 2010 });
    }
  });

  test('a disk that refuses to be read is 2010 as well: it is not the engine that is frozen', async () => {
    const folder = nextFolder();
    // A folder in the place of the segment: it has a size, and every read of it fails.
    for (let entry = 0; entry < 20; entry += 1) {
      mkdirSync(join(segmentPath(folder, 0), String(entry)), { recursive: true });
    }
    const take = makeTake(0, 10, { kind: 'spool', folder });
    const { stage } = await setTakes(take);
    const response = await audioOf(stage, take);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 2010 });
    expect(stage.logged).toContain('error: request failed');
  });

  test('a take that nobody knows is 404 with 4008', async () => {
    const { stage, asked } = await setTakes();
    for (const id of [crypto.randomUUID(), 'x', '..%2f..%2fetc%2fpasswd', '0'.repeat(400)]) {
      for (const what of ['', '/audio', '/peaks?n=16']) {
        const response = await stage.fetch(`/api/takes/${id}${what}`);
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ code: 4008 });
      }
    }
    expect(asked.items).toHaveLength(3);
  });

  test('a take is described without its place on disk', async () => {
    const { stage, filed } = await setBoth();
    const { location: _, ...described } = filed;
    expect(await (await stage.fetch(`/api/takes/${filed.id}`)).json()).toEqual(described);
  });
});
