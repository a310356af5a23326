/** An engine that is killed comes back with its chains, and its plug-ins with what was set. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionCommand } from '../../../protocol/commands.ts';
import type { LoadResult } from '../../../protocol/messages.ts';
import { folderTag } from '../../../server/data-folder.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { GAIN } from '../../plugins/fixture/build.ts';
import { replicaOf } from '../session/rig.ts';
import { clean, start } from './engine-process.ts';
import { type Fixture, makeFixture } from './plugin-stage.ts';

type Engine = ReturnType<typeof start>;

const WAIT_MS_MAX = 20_000;
const LOOK_MS = 20;
const folder = mkdtempSync(join(tmpdir(), 'flowzone-chains-'));
let fixture: Fixture;

beforeAll(async () => {
  if (canCompile()) fixture = await makeFixture();
});
afterAll(() => {
  clean();
  if (canCompile()) fixture.end();
  rmSync(folder, { recursive: true, force: true });
});

const begin = (isRestart: boolean) =>
  start({
    dataFolder: folder,
    runFolder: folder,
    linkPath: join(folder, 'link.sock'),
    ringName: `/flowzone-${folderTag(folder)}`,
    pluginFolders: [fixture.folder],
    isRestart,
  });

const stateOf = (engine: Engine) => replicaOf(engine.heard.items);

const ask = async (engine: Engine, command: SessionCommand): Promise<unknown> => {
  const reqId = crypto.randomUUID();
  engine.link.send({
    t: 'command',
    clientId: 'c',
    loopback: true,
    command: { ...command, reqId },
  });
  const answered = await engine.heard.find(
    (each) => each.t === 'answer' && 'reqId' in each.message && each.message.reqId === reqId,
  );
  if (answered.t !== 'answer' || answered.message.type !== 'OK') {
    throw new Error(JSON.stringify(answered));
  }
  return answered.message.result;
};

const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + WAIT_MS_MAX;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it never came: ${what}`);
    await Bun.sleep(LOOK_MS);
  }
};

let asked = 0;

const gainOf = async (engine: Engine, instanceId: string): Promise<number | undefined> => {
  const id = (asked += 1);
  engine.link.send({
    t: 'query',
    id,
    query: { kind: 'params', instanceId, from: 0, isFresh: false },
  });
  const answer = await engine.heard.find((each) => each.t === 'result' && each.id === id);
  const result = answer.t === 'result' ? answer.result : null;
  const params = result?.kind === 'params' ? result.params : null;
  return params?.items.find(({ paramId }) => paramId === GAIN)?.value;
};

/** Both of its states: as it was loaded, and as it was set. */
const isStored = (instanceId: string): boolean => {
  const db = new Database(join(folder, 'flowzone.db'), { readonly: true });
  try {
    const sql = 'SELECT 1 FROM plugin WHERE id = ? AND earlier_state IS NOT NULL';
    return db.query(sql).get(instanceId) !== null;
  } finally {
    db.close();
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is none.
    return false;
  }
};

describe.skipIf(!canCompile())('an engine with a plug-in', () => {
  test('that is killed comes back with it as it was, and leaves no process behind', async () => {
    const first = begin(false);
    await first.told.find((message) => message.t === 'ready');
    await until('the plug-ins', () => (stateOf(first)?.pluginList.count ?? 0) > 0);
    const pluginId = fixture.idOf('Well');
    const result = await ask(first, { cmd: 'LOAD_VST', slot: 'input', pluginId });
    const { instanceId } = result as LoadResult;
    await ask(first, { cmd: 'SET_PARAM', instanceId, paramId: GAIN, val: 0.25 });
    await until('its states', () => isStored(instanceId));
    await until('its host', () => Object.keys(stateOf(first)?.hosts ?? {}).length === 1);
    const [host] = Object.values(stateOf(first)?.hosts ?? {});
    expect(host).toMatchObject({ status: 'running', plugins: 1 });
    first.child.kill('SIGKILL');
    await first.child.exited;
    first.link.close();
    await until('the end of its host', () => !isRunning(host?.pid ?? 0));

    const second = begin(true);
    await second.told.find((message) => message.t === 'ready');
    await until('it is back', () => stateOf(second)?.plugins[instanceId]?.status === 'on');
    expect(stateOf(second)).toMatchObject({ inputChain: [instanceId], alerts: {} });
    expect(stateOf(second)?.history.undoLabel).toBe('Well into the input');
    await until('its parameters', async () => (await gainOf(second, instanceId)) === 0.25);
    const pids = Object.values(stateOf(second)?.hosts ?? {}).map(({ pid }) => pid);
    expect(await second.end()).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
  }, 60_000);
});
