/** The last step of Safe Mode loads no loop; the first engine that starts as ever has them all again. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowZoneConfig } from '../../../server/config.ts';
import { folderTag } from '../../../server/data-folder.ts';
import { replicaOf } from '../session/rig.ts';
import { clean, health, start as startIn } from './engine-process.ts';

// What others captured must not be among it.
const own = mkdtempSync(join(tmpdir(), 'fz-safe-'));
afterAll(() => {
  clean();
  rmSync(own, { recursive: true });
});
const start = (more: Partial<FlowZoneConfig> = {}) =>
  startIn({
    dataFolder: own,
    runFolder: own,
    linkPath: join(own, 'link.sock'),
    ringName: `/flowzone-${folderTag(own)}`,
    ...more,
  });

type Process = ReturnType<typeof start>;

const send = ({ link }: Process, command: { readonly cmd: string }) =>
  link.send({ t: 'command', clientId: 'c', loopback: true, command: command as never });
const stateOf = ({ heard }: Process) => replicaOf(heard.items);

const capture = async (engine: Process, slot: number) => {
  send(engine, { cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1 } as never);
  await engine.heard.find(() => stateOf(engine)?.slots[slot]?.saved === true);
};

test('what its last step left is there again, however often it was begun', async () => {
  const first = start();
  await first.told.find((message) => message.t === 'ready');
  // A bar of 300 bpm is 0.8 s.
  await first.heard.find((message) => (health(message)?.frame ?? 0) > 48_000);
  for (const slot of [2, 3]) await capture(first, slot);
  const before = stateOf(first)?.history;
  expect(await first.end()).toBe(0);

  for (const why of ['Three deaths.', 'Three more.']) {
    const safe = start({ safe: { step: 2, reason: why, suspects: [], sinceMs: 5 } });
    await safe.told.find((message) => message.t === 'ready');
    expect(stateOf(safe)?.history).toMatchObject({ count: 3, canUndo: false });
    send(safe, { cmd: 'LEAVE_SAFE_MODE' });
    await safe.told.find((message) => message.t === 'leaveSafe');
    expect(await safe.child.exited).toBe(0);
    safe.link.close();
  }

  const next = start();
  await next.told.find((message) => message.t === 'ready');
  expect(stateOf(next)?.history).toMatchObject({ head: before?.head, canUndo: true });
  for (const slot of [2, 3]) expect(stateOf(next)?.slots[slot]?.state).toBe('PLAYING');
  expect(await next.end()).toBe(0);
}, 30_000);
