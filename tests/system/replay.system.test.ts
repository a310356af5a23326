/** The product writes a log of what it plays, its engine is killed, and the log gives the same sound. */
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../protocol/errors.ts';
import { connect, type Json } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, healthOf, ok, waitBars } from '../judge/stage.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/replay.ts');

const replay = (log: string, blockFrames: number) => {
  const done = Bun.spawnSync(['bun', SCRIPT, log, '--block', String(blockFrames)]);
  return { code: done.exitCode, says: done.stdout.toString() + done.stderr.toString() };
};

const framesIn = (says: string): number => Number(/(\d+) frames/.exec(says)?.[1] ?? 0);

test(
  'the log of an engine that was killed gives the same sound, at any block size; one that lies does not',
  () =>
    withCleanup(async (later) => {
      const logs = makeFolder();
      const device = ['--device', 'headless', '--bpm', '240', '--log', logs];
      const product = await startProduct(device, { data: makeFolder() });
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      const play = (command: Json) => ok(client, command);

      await waitBars(product, 4);
      await play({ cmd: 'TRIGGER_SLOT', slot: 0, bars: 2, quantized: true });
      await play({ cmd: 'TRIGGER_SLOT', slot: 1, bars: 1, quantized: false });
      await waitBars(product, 1);
      await play({ cmd: 'TRIGGER_SLOT', slot: 0, bars: 1, quantized: true, mode: 'overdub' });
      await waitBars(product, 1);
      await play({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 2 });
      await play({ cmd: 'SET_TEMPO', bpm: 201 });
      await play({ cmd: 'UNDO', scope: 'SESSION' });
      await waitBars(product, 3);
      process.kill((await healthOf(product)).enginePid, 'SIGKILL');

      // The next engine goes on with the run, and its log says what it lacks.
      const found = () =>
        readdirSync(logs)
          .toSorted()
          .filter((name) => Bun.file(join(logs, name, 'log.jsonl')).size > 0)
          .map((name) => join(logs, name));
      await until('the next engine has begun a log', () => found().length > 1);
      const [log = '', next = ''] = found();
      const refused = replay(next, 128);
      expect(refused.code).toBe(2);
      expect(refused.says).toContain(ERRORS.ERR_LOG_CONTINUED.action);
      for (const blockFrames of [128, 37, 512]) {
        const { code, says } = replay(log, blockFrames);
        expect({ code, says }).toMatchObject({ code: 0 });
        expect(says).toContain('equal');
        expect(framesIn(says)).toBeGreaterThan(7 * BAR_FRAMES);
      }

      // A command that came one frame later than the log says is heard, and found.
      const file = join(log, 'log.jsonl');
      const later1 = (line: string) =>
        line.replace(/"frame":(\d+)/g, (_, frame: string) => `"frame":${Number(frame) + 1}`);
      const lines = readFileSync(file, 'utf8').split('\n');
      const first = lines.findIndex(
        (line) => line.includes('"t":"do"') && line.includes('"kind":1,'),
      );
      expect(first).toBeGreaterThan(0);
      writeFileSync(file, lines.with(first, later1(lines[first] ?? '')).join('\n'));
      expect(replay(log, 128)).toMatchObject({ code: 1 });
    }),
  60_000,
);
