/** A disk that stands still for longer than the ring holds, with small buffers and a real freeze. */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LoopDisk, missingForDisks } from '../faults/stand/loop-disk.ts';
import { connect } from '../judge/client.ts';
import { startProduct, until, withCleanup } from '../judge/product.ts';

interface Books {
  readonly state: string;
  readonly framesIn: number;
  readonly framesDurable: number;
  readonly framesWritten: number;
  readonly framesQueued: number;
  readonly gapFrames: number;
  readonly overflowBytes: number;
}

// A block of 16 MiB holds 10.9 s of stereo at this rate.
const RATE = 192_000;
const RING_SECONDS = 4;
const BLOCK_BYTES = 16_777_216;
const SECOND_MS = 1000;

/** Plays through a freeze and watches the books until all is well again. */
const playThrough = (freezeSeconds: number) =>
  withCleanup(async (later) => {
    const disk = new LoopDisk(512);
    later(() => disk.remove());
    const data = join(disk.folder, 'data');
    mkdirSync(data);
    const env = { FLOWZONE_RING_SECONDS: String(RING_SECONDS), FLOWZONE_OVERFLOW_BLOCKS: '1' };
    const args = ['--device', 'headless', '--rate', String(RATE), '--bpm', '240'];
    const product = await startProduct(args, { data, env });
    later(() => product.stop('SIGKILL'));
    const client = await connect(product.url);
    const seen = { states: new Set<string>(), overflowBytesMax: 0, wrongBooks: 0 };
    const look = async (): Promise<Books> => {
      const { disk: books } = (await product.json('/api/health')) as { disk: Books };
      seen.states.add(books.state);
      seen.overflowBytesMax = Math.max(seen.overflowBytesMax, books.overflowBytes);
      const { framesDurable, framesIn, framesQueued, framesWritten, gapFrames } = books;
      if (framesIn !== framesDurable + framesWritten + framesQueued + gapFrames) {
        seen.wrongBooks += 1;
      }
      return books;
    };
    await until('two seconds are durable', async () => (await look()).framesDurable > 2 * RATE);
    const { thawed } = await disk.freeze(freezeSeconds);
    await until('it is slow', async () => (await look()).state === 'slow', 10 * SECOND_MS);
    // Played and captured as if nothing were.
    const before = performance.now();
    const { result } = await client.ask({
      cmd: 'TRIGGER_SLOT',
      slot: 0,
      quantized: false,
      bars: 1,
    });
    const pressMs = performance.now() - before;
    await Promise.race([
      thawed,
      until('never', async () => !(await look()), freezeSeconds * SECOND_MS * 2),
    ]);
    await until('all is well', async () => (await look()).state === 'ok', 30 * SECOND_MS);
    await until('the take is saved', () => {
      const slot = client.state().slots[0];
      return slot.takeId === result.takeId && slot.saved;
    });
    const last = await look();
    const codes = client.messages.flatMap(({ type, code }) => (type === 'NOTICE' ? [code] : []));
    expect(await product.stop()).toBe(0);
    const db = new Database(join(data, 'flowzone.db'), { readonly: true });
    const gaps = db.query('SELECT to_frame - from_frame AS frames FROM gap').all() as {
      frames: number;
    }[];
    db.close();
    return { ...seen, last, codes, gaps, pressMs };
  });

test.skipIf(missingForDisks() !== null)(
  'a freeze longer than the ring: the overflow takes it, nothing is missing (needs root)',
  async () => {
    const { codes, gaps, last, overflowBytesMax, pressMs, states, wrongBooks } =
      await playThrough(10);
    expect([...states].toSorted()).toEqual(['ok', 'slow']);
    expect(overflowBytesMax).toBe(BLOCK_BYTES);
    expect(last).toMatchObject({ gapFrames: 0, overflowBytes: 0 });
    expect({ gaps, wrongBooks }).toEqual({ gaps: [], wrongBooks: 0 });
    expect(codes).toEqual([1004]);
    expect(pressMs).toBeLessThan(500);
  },
  60_000,
);

test.skipIf(missingForDisks() !== null)(
  'a freeze longer than both buffers: one gap of exactly what is missing (needs root)',
  async () => {
    const { codes, gaps, last, states, wrongBooks } = await playThrough(24);
    expect([...states].toSorted()).toEqual(['critical', 'ok', 'slow']);
    expect(gaps).toEqual([{ frames: last.gapFrames }]);
    // The stall less what ring and overflow hold, to what was not yet written when it began.
    const kept = RING_SECONDS + BLOCK_BYTES / (8 * RATE);
    expect(last.gapFrames / RATE).toBeWithin(24 - kept - 1, 24 - kept + 2);
    expect({ wrongBooks, overflowBytes: last.overflowBytes }).toEqual({
      wrongBooks: 0,
      overflowBytes: 0,
    });
    expect(codes).toEqual([1004, 1002, 1005]);
  },
  90_000,
);
