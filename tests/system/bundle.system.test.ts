/** A bundle fetched by ctl from the running product is opened, and its log gives the same sound again. */
import { expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Json } from '../judge/client.ts';
import { makeFolder, startProduct, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, healthOf, ok, waitBars } from '../judge/stage.ts';

const root = join(import.meta.dirname, '../..');

const run = (...argv: string[]) => {
  const done = Bun.spawnSync(['bun', ...argv], { cwd: root });
  return { code: done.exitCode, says: done.stdout.toString() + done.stderr.toString() };
};

test(
  'the log in it is equal bit for bit, and different when a command in it is moved by a frame',
  () =>
    withCleanup(async (later) => {
      const [logs, out] = [makeFolder(), makeFolder()];
      const device = ['--device', 'headless', '--bpm', '240', '--log', logs];
      const product = await startProduct(device, { data: makeFolder() });
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      const play = (command: Json) => ok(client, command);
      await waitBars(product, 3);
      await play({ cmd: 'TRIGGER_SLOT', slot: 0, bars: 2, quantized: true });
      await waitBars(product, 1);
      await play({ cmd: 'TRIGGER_SLOT', slot: 1, bars: 1, quantized: false });
      await play({ cmd: 'SET_VOL', slot: 0, val: 0.4 });
      await play({ cmd: 'UNDO', scope: 'SESSION' });
      await waitBars(product, 5);
      const { enginePid } = await healthOf(product);

      const file = join(out, 'b.tar.gz');
      expect(run('scripts/ctl.ts', 'bundle', '--url', product.url, '--to', file)).toEqual({
        code: 0,
        says: `${file}\n`,
      });
      mkdirSync(join(out, 'open'));
      Bun.spawnSync(['tar', 'xzf', file, '--strip-components=1'], { cwd: join(out, 'open') });
      const inside = (path: string) => readFileSync(join(out, 'open', path), 'utf8');
      expect(JSON.parse(inside('config.json'))).toMatchObject({ device: 'headless', bpm: 240 });
      expect(JSON.parse(inside('health.json'))).toMatchObject({ enginePid, trouble: null });
      expect(JSON.parse(inside('metrics.json')).series.blocks.length).toBeGreaterThan(2);
      expect(inside('logs/engine.jsonl')).toContain('"engine started"');

      const [name = ''] = readdirSync(join(out, 'open/replay'));
      expect(readdirSync(join(out, 'open/replay', name))).toEqual(['log.jsonl']);
      const log = join(out, 'open/replay', name);
      const { code, says } = run('scripts/replay.ts', log, '--block', '61');
      expect({ code, says }).toMatchObject({ code: 0 });
      expect(Number(/(\d+) frames/.exec(says)?.[1])).toBeGreaterThan(5 * BAR_FRAMES);

      const lines = inside(`replay/${name}/log.jsonl`).split('\n');
      const first = lines.findIndex(
        (line) => line.includes('"t":"do"') && line.includes('"kind":1,'),
      );
      expect(first).toBeGreaterThan(0);
      const moved = (lines[first] ?? '').replace(
        /"frame":(\d+)/g,
        (_, frame: string) => `"frame":${Number(frame) + 1}`,
      );
      writeFileSync(join(log, 'log.jsonl'), lines.with(first, moved).join('\n'));
      expect(run('scripts/replay.ts', log).code).toBe(1);
    }),
  60_000,
);
