/** What outgrew the ring on a disk that stands still outlives its engine: nothing that was played is lost. */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GAP_REASON } from '../../protocol/abi.ts';
import { spoolCensus } from '../faults/judge/audio.ts';
import { STEREO, writeCodedInput } from '../faults/judge/coded.ts';
import { judgeFolder } from '../faults/judge/verdict.ts';
import { LoopDisk, missingForDisks } from '../faults/stand/loop-disk.ts';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { ringsOf } from '../judge/rings.ts';

// A block of 16 MiB holds 10.9 s of stereo at this rate.
const RATE = 192_000;
const RING_SECONDS = 4;
const END_SECONDS = 13;
const LOOPS = 4;
const WAIT_MS = 60_000;

interface Take {
  readonly takeId: string;
  readonly fromFrame: number;
  readonly toFrame: number;
}

const healthOf = (product: Product) => product.json<Json>('/api/health');

/** One bar each, half a bar apart. */
const press = async (client: Client, product: Product): Promise<Take[]> => {
  const takes: Take[] = [];
  for (let slot = 0; slot < LOOPS; slot += 1) {
    const { frame } = await healthOf(product);
    const command = { cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1 };
    const { result, type } = await client.ask(command);
    expect(type).toBe('OK');
    takes.push(result as Take);
    await until('half a bar', async () => (await healthOf(product)).frame > frame + RATE / 2);
  }
  return takes;
};

const isSaved = (client: Client, takes: readonly Take[]): boolean =>
  takes.every(({ takeId }, slot) => {
    const now = client.state().slots[slot];
    return now.takeId === takeId && now.saved;
  });

const gapsOf = (data: string): { frames: number; reason: number }[] => {
  const db = new Database(join(data, 'flowzone.db'), { readonly: true });
  const gaps = db.query('SELECT to_frame - from_frame AS frames, reason FROM gap').all();
  db.close();
  return gaps as { frames: number; reason: number }[];
};

/** Ends it in the middle of a freeze; the one that goes on, in the end or by itself. */
type Ending = (
  product: Product,
  thawed: Promise<void>,
  again: () => Promise<Product>,
) => Promise<Product>;

const byKill: Ending = async (product, thawed) => {
  const { enginePid } = product.ready;
  process.kill(enginePid, 'SIGKILL');
  // A thread that sleeps in the disk dies with the thaw.
  await thawed;
  const isBack = async () => {
    const answer = await product.get('/api/health');
    return answer.ok && ((await answer.json()) as Json).enginePid !== enginePid;
  };
  await until('the engine is back', isBack, WAIT_MS);
  return product;
};

const byQuit: Ending = async (product, thawed, again) => {
  const ended = product.stop();
  await thawed;
  await ended;
  return again();
};

const endInFreeze = (ending: Ending, freezeSeconds: number) =>
  withCleanup(async (later) => {
    const disk = new LoopDisk(512);
    later(() => disk.remove());
    const data = join(disk.folder, 'data');
    mkdirSync(data);
    const input = join(makeFolder(), 'input.wav');
    writeCodedInput(input, STEREO, RATE);
    const sound = ['--device', 'headless', '--rate', String(RATE), '--input', input];
    const env = { FLOWZONE_RING_SECONDS: String(RING_SECONDS) };
    const start = async () => {
      const started = await startProduct([...sound, '--bpm', '240'], { data, env });
      later(() => started.stop('SIGKILL'));
      return started;
    };
    const first = await start();
    const client = await connect(first.url);
    await until(
      'two seconds are durable',
      async () => (await healthOf(first)).disk.framesDurable > 2 * RATE,
    );
    const { thawed } = await disk.freeze(freezeSeconds);
    const { frame: frozenAt } = await healthOf(first);
    const takes = await press(client, first);
    const isTime = async () => (await healthOf(first)).frame > frozenAt + END_SECONDS * RATE;
    await until('the ring has none of them', isTime, 2 * END_SECONDS * 1000);
    const { disk: frozen } = await healthOf(first);
    const wasSaved = isSaved(client, takes);

    const last = await ending(first, thawed, start);
    const player = await connect(last.url);
    await until('all are saved', () => isSaved(player, takes), WAIT_MS);
    const isWell = async () => {
      const { backlogFrames, overflowBytes } = (await healthOf(last)).disk;
      return backlogFrames < RATE && overflowBytes === 0;
    };
    await until('the disk has caught up', isWell, WAIT_MS);
    const { disk: books } = await healthOf(last);
    expect(await last.stop()).toBe(0);
    const verdict = judgeFolder(data, takes);
    const census = spoolCensus(data, verdict.stored.runs.at(-1) ?? '', 0, STEREO);
    const { lost, faults, stored } = verdict;
    return {
      frozen,
      wasSaved,
      books,
      lost,
      faults,
      runs: stored.runs.length,
      census,
      gaps: gapsOf(data),
      left: ringsOf(data),
    };
  });

// An end is waited for while the disk takes something: that freeze outlasts the patience of the launcher.
for (const [how, ending, freezeSeconds] of [
  ['SIGKILL of the engine', byKill, 18],
  ['SIGTERM of all', byQuit, 30],
] as const) {
  test.skipIf(missingForDisks() !== null)(
    `${how} while what outgrew the ring waits for the disk: nothing is lost (needs root)`,
    async () => {
      const seen = await endInFreeze(ending, freezeSeconds);
      process.stdout.write(`${JSON.stringify(seen)}\n`);
      expect(seen.frozen.overflowBytes).toBeGreaterThan(0);
      expect(seen).toMatchObject({ wasSaved: false, runs: 1, lost: [], faults: [], left: [] });
      expect(seen.books).toMatchObject({ gapFrames: 0, state: 'ok' });
      // Silence where no engine lived, and nowhere else.
      const pauses = seen.gaps.filter(({ reason }) => reason === GAP_REASON.engineRestart);
      expect(seen.gaps).toEqual(pauses);
      const paused = pauses.reduce((sum, { frames }) => sum + frames, 0);
      expect(seen.census).toMatchObject({ missing: paused, wrong: 0 });
    },
    180_000,
  );
}
