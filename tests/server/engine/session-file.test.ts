/** The engine process on session files that are not what it wrote. */
import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replicaOf } from '../session/rig.ts';
import { clean, health, start } from './engine-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-session-file-'));
afterAll(() => {
  clean();
  rmSync(folder, { recursive: true, force: true });
});

const engineIn = (dataFolder: string) =>
  start({ dataFolder, runFolder: dataFolder, linkPath: join(dataFolder, 'link.sock') });

describe('the engine process', () => {
  test('starts on a session file that is damaged, and says what became of it', async () => {
    const damaged = mkdtempSync(join(folder, 'damaged-'));
    await Bun.write(join(damaged, 'flowzone.db'), 'x'.repeat(5000));
    const engine = engineIn(damaged);
    await engine.told.find((message) => message.t === 'ready');
    await engine.heard.find(() => replicaOf(engine.heard.items)?.alerts['1014'] !== undefined);
    expect(readdirSync(join(damaged, 'aside'))).toHaveLength(1);
    expect(await engine.end()).toBe(0);
    expect(readdirSync(join(damaged, 'backup'))).toHaveLength(1);
  }, 30_000);

  test('starts on the backup of a damaged session file, and says that nothing is missing', async () => {
    const damaged = mkdtempSync(join(folder, 'mended-'));
    const first = engineIn(damaged);
    await first.told.find((message) => message.t === 'ready');
    expect(await first.end()).toBe(0);
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(damaged, `flowzone.db${end}`), { force: true });
    await Bun.write(join(damaged, 'flowzone.db'), 'x'.repeat(5000));
    const engine = engineIn(damaged);
    await engine.told.find((message) => message.t === 'ready');
    await engine.heard.find(() => replicaOf(engine.heard.items)?.alerts['1013'] !== undefined);
    expect(replicaOf(engine.heard.items)?.alerts['1014']).toBeUndefined();
    expect(await engine.end()).toBe(0);
  }, 30_000);

  test('plays a session of a newer FlowZone, and changes nothing in its file', async () => {
    const newer = mkdtempSync(join(folder, 'newer-'));
    const first = engineIn(newer);
    await first.told.find((message) => message.t === 'ready');
    expect(await first.end()).toBe(0);
    const db = new Database(join(newer, 'flowzone.db'));
    db.run('PRAGMA user_version = 99');
    db.run('PRAGMA journal_mode = DELETE');
    db.close();
    const before = readFileSync(join(newer, 'flowzone.db'));
    const engine = engineIn(newer);
    await engine.told.find((message) => message.t === 'ready');
    await engine.heard.find(() => replicaOf(engine.heard.items)?.alerts['1015'] !== undefined);
    await engine.heard.find((message) => (health(message)?.frame ?? 0) > 48_000);
    engine.link.send({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { cmd: 'TRIGGER_SLOT', slot: 1, quantized: false, bars: 1, reqId: 'n' },
    });
    await engine.heard.find(() => replicaOf(engine.heard.items)?.slots[1]?.state === 'PLAYING');
    expect(replicaOf(engine.heard.items)?.alerts['1012']).toBeUndefined();
    expect(await engine.end()).toBe(0);
    const after = new Database(join(newer, 'flowzone.db'), { readonly: true });
    expect(after.query('SELECT count(*) AS riffs FROM riff').get()).toEqual({ riffs: 1 });
    after.close();
    expect(readFileSync(join(newer, 'flowzone.db')).equals(before)).toBeTrue();
  }, 30_000);
});
