import { describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftovers } from '../../../server/supervise/leftovers.ts';

const CHILD = join(import.meta.dirname, 'fixture-child.ts');
const CONFIG = JSON.stringify({ port: 1 });

/** A stand-in launcher that starts one child and tells its pid. */
const parentSource = (how: string, sign: string, orphanMs: number) => `
  const child = Bun.spawn(['env', 'FIXTURE=${how}', 'ORPHAN_MS=${orphanMs}', ${JSON.stringify(process.execPath)}, ${JSON.stringify(CHILD)}, 'tag-of-this-test'], {
    env: { ...process.env, FLOWZONE_CONFIG: ${JSON.stringify(CONFIG)} },
    stdout: 2, stderr: 'ignore', ipc: (message) => { if (${sign}) console.log(child.pid); },
  });
  setInterval(() => undefined, 1000);
`;

const startParent = async (how: string, sign: string, orphanMs = 600_000) => {
  const folder = mkdtempSync(join(tmpdir(), 'fz-orphan-'));
  const file = join(folder, 'parent.ts');
  await Bun.write(file, parentSource(how, sign, orphanMs));
  const parent = Bun.spawn([process.execPath, file], { stdout: 'pipe', stderr: 'inherit' });
  const reader = parent.stdout.getReader();
  const { value } = await reader.read();
  rmSync(folder, { recursive: true });
  return { parent, childPid: Number(new TextDecoder().decode(value)) };
};

/** Zombies count as dead: in a container nobody may reap them. */
const isRunning = (pid: number): boolean => {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
};

const untilGone = async (pid: number, deadlineMs: number): Promise<boolean> => {
  const end = performance.now() + deadlineMs;
  while (isRunning(pid)) {
    if (performance.now() > end) return false;
    await new Promise(setImmediate);
  }
  return true;
};

describe.if(process.platform === 'linux')('a launcher that was killed', () => {
  test('leaves no child behind', async () => {
    const { parent, childPid } = await startParent('live', "message.t === 'ready'");
    expect(isRunning(childPid)).toBeTrue();
    parent.kill('SIGKILL');
    expect(await untilGone(childPid, 2000)).toBeTrue();
  });

  test('leaves none that spins in JavaScript: it ends itself when it has not in time', async () => {
    const { parent, childPid } = await startParent('stand-still', 'message.port === 99', 500);
    parent.kill('SIGKILL');
    expect(await untilGone(childPid, 30_000)).toBeTrue();
  });

  test('one that spins lives on while its launcher does', async () => {
    const { parent, childPid } = await startParent('stand-still', 'message.port === 99', 0);
    // Three looks at it: nothing may happen, so time is awaited.
    expect(await untilGone(childPid, 1600)).toBeFalse();
    parent.kill('SIGKILL');
    expect(await untilGone(childPid, 30_000)).toBeTrue();
  });

  test('what is left of it all the same, the next launcher ends by its tag', async () => {
    const { parent, childPid } = await startParent('stand-still', 'message.port === 99');
    parent.kill('SIGKILL');
    expect(await untilGone(childPid, 300)).toBeFalse();
    expect(await endLeftovers({ pids: [childPid, null], tag: 'another-tag', waitMs: 100 })).toEqual(
      [],
    );
    expect(isRunning(childPid)).toBeTrue();
    const tag = 'tag-of-this-test';
    expect(await endLeftovers({ pids: [childPid, undefined], tag, waitMs: 2000 })).toEqual([
      childPid,
    ]);
    expect(await untilGone(childPid, 0)).toBeTrue();
  });

  test('pids that are gone or belong to others are left alone', async () => {
    expect(
      await endLeftovers({ pids: [process.pid, 1, 0, 4_000_000], tag: 'no-such-tag', waitMs: 0 }),
    ).toEqual([]);
  });
});
