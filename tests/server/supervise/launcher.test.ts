import { afterEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowZoneConfig } from '../../../server/config.ts';
import { BlockCount } from '../../../server/supervise/block-count.ts';
import { CrashGuard } from '../../../server/supervise/crash-guard.ts';
import { Launcher, type LauncherOptions, type Pids } from '../../../server/supervise/launcher.ts';
import { makeInbox } from '../../support/inbox.ts';

const CHILD = join(import.meta.dirname, 'fixture-child.ts');
const folder = mkdtempSync(join(tmpdir(), 'fz-launcher-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const running: Launcher[] = [];
let count = 0;

/** Ends what a test started, at once. */
afterEach(async () => {
  for (const launcher of running.splice(0)) {
    launcher.end();
    launcher.end();
  }
});

const child = (how: string) => ['env', `FIXTURE=${how}`, process.execPath, CHILD];

const start = (engine: string, gateway: string, more: Partial<LauncherOptions> = {}) => {
  const ready = makeInbox<{ url: string } & Pids>();
  const pids = makeInbox<Pids>();
  const logged = makeInbox<{ event: string; fields: Record<string, unknown> }>();
  const failures: string[] = [];
  const own = join(folder, `${(count += 1)}`);
  const guard = new CrashGuard({
    path: `${own}.crashes`,
    clock: () => performance.now(),
    isOff: false,
    firstStep: 0,
    onUnkept: () => undefined,
  });
  const launcher = new Launcher({
    config: { host: '127.0.0.1', port: 0 } as FlowZoneConfig,
    engineArgv: child(engine),
    gatewayArgv: child(gateway),
    guard,
    takeRisk: () => null,
    blocks: new BlockCount(`${own}.blocks`),
    log: (_, event, fields = {}) => logged.put({ event, fields }),
    isAnswering: () => Promise.resolve(),
    onReady: (url, now) => ready.put({ url, ...now }),
    onPids: (_, now) => pids.put(now),
    onFailed: (says) => failures.push(says),
    env: process.env,
    ...more,
  });
  running.push(launcher);
  const exit = launcher.run();
  return {
    launcher,
    exit,
    ready,
    pids,

    logged,
    failures,
    guard,
    blocksPath: `${own}.blocks`,
  };
};

const first = async (from: ReturnType<typeof start>) => {
  await from.ready.reach(1);
  const [now] = from.ready.items;
  if (now?.enginePid === undefined || now.enginePid === null || now.gatewayPid === null) {
    throw new Error('not both are there');
  }
  return { url: now.url, enginePid: now.enginePid, gatewayPid: now.gatewayPid };
};

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the launcher', () => {
  test('says once that both are ready, with the real port, and ends both in order', async () => {
    const started = start('live', 'live');
    const { url, enginePid, gatewayPid } = await first(started);
    expect(url).toBe('http://127.0.0.1:4321');
    started.launcher.end();
    expect(await started.exit).toBe(0);
    expect([isAlive(enginePid), isAlive(gatewayPid)]).toEqual([false, false]);
    expect(started.ready.items).toHaveLength(1);
  });

  test('replaces a gateway that was killed, at once, and touches no engine', async () => {
    const started = start('live', 'live');
    const { enginePid, gatewayPid } = await first(started);
    process.kill(gatewayPid, 'SIGKILL');
    const next = await started.pids.find(
      (now) => now.gatewayPid !== null && now.gatewayPid !== gatewayPid,
    );
    expect(next.enginePid).toBe(enginePid);
    expect(started.ready.items).toHaveLength(1);
    expect(started.guard.safe).toBeNull();
  });

  test('kills and replaces a gateway that hangs', async () => {
    const started = start('live', 'live');
    const { gatewayPid } = await first(started);
    process.kill(gatewayPid, 'SIGSTOP');
    await started.logged.find(({ event }) => event.startsWith('gateway hangs'));
    await started.pids.find((now) => now.gatewayPid !== null && now.gatewayPid !== gatewayPid);
    expect(isAlive(gatewayPid)).toBeFalse();
  }, 10_000);

  test('counts engine deaths and starts the next one in Safe Mode after the third', async () => {
    const started = start('live', 'live');
    const seen = new Set<number | null>([null]);
    let { enginePid } = await first(started);
    for (let death = 0; death < 3; death += 1) {
      process.kill(enginePid, 'SIGKILL');
      // Pids wrap: a later one may be smaller.
      seen.add(enginePid);
      const next = await started.pids.find((now) => !seen.has(now.enginePid));
      enginePid = next.enginePid ?? 0;
    }
    expect(started.guard.safe?.step).toBe(1);
    const deaths = started.logged.items.filter(({ event }) => event === 'engine process died');
    expect(deaths.map(({ fields }) => fields['safeMode'])).toEqual([false, false, true]);
  });

  /** How the engine and those after it died, of which none can start: code and whether that led to a step. */
  const refusals = async (code: number, deathCount: number) => {
    const hears = join(folder, `${(count += 1)}.hears`);
    const gatewayArgv = ['env', `HEARS=${hears}`, ...child('live')];
    const started = start(`refuse-${code}`, 'live', { gatewayArgv });
    const { enginePid } = await first(started);
    process.kill(enginePid, 'SIGKILL');
    const deaths = () =>
      started.logged.items.filter(({ event }) => event === 'engine process died');
    await started.logged.find(() => deaths().length === deathCount);
    const how = deaths().map(({ fields }) => [fields['code'], fields['safeMode']]);
    const heard = readFileSync(hears, 'utf8').split('\n').filter(Boolean);
    return { ...started, how, heard: heard.map((line) => JSON.parse(line) as unknown) };
  };

  test('an engine that lacks its device is told once, and counted as one that died', async () => {
    const { failures, guard, how } = await refusals(2, 3);
    expect(how).toEqual([
      [null, false],
      [2, false],
      [2, true],
    ]);
    expect(guard.safe?.step).toBe(1);
    expect(failures).toEqual(['it lacks something']);
  });

  test('one that lacks its data folder is told once, tried again, and leads to no Safe Mode', async () => {
    const { failures, guard, heard, how } = await refusals(4, 4);
    expect(how).toEqual([
      [null, false],
      [4, false],
      [4, false],
      [4, false],
    ]);
    // The gateway was told, too.
    expect(heard[0]).toEqual({ t: 'engineRefused', says: 'it lacks something' });
    expect(guard.safe).toBeNull();
    expect(failures).toEqual(['it lacks something']);
  });

  test('on a full disk the engine comes back all the same', async () => {
    const path = join(folder, `${(count += 1)}.folder`);
    mkdirSync(path);
    const unkept: unknown[] = [];
    const onUnkept = (error: unknown) => unkept.push(error);
    const guard = new CrashGuard({ path, clock: () => 0, isOff: false, firstStep: 0, onUnkept });
    const pids = makeInbox<Pids>();
    const onPids = (_: string | null, now: Pids) => {
      pids.put(now);
      throw new Error('ENOSPC');
    };
    const { enginePid } = await first(start('live', 'live', { guard, onPids }));
    process.kill(enginePid, 'SIGKILL');
    await pids.find((now) => now.enginePid !== null && now.enginePid !== enginePid);
    expect(unkept).toHaveLength(1);
  });

  test('a death that cannot be counted is no reason to stay dead', async () => {
    const guard = {
      safe: null,
      onDeath() {
        throw new Error('cannot count');
      },
    } as unknown as CrashGuard;
    const started = start('live', 'live', { guard });
    const { enginePid } = await first(started);
    process.kill(enginePid, 'SIGKILL');
    await started.pids.find((now) => now.enginePid !== null && now.enginePid !== enginePid);
    expect(started.logged.items.map(({ event }) => event)).toContain('supervision');
  });

  test('an engine whose JavaScript stands still is reported, and killed when its sound does too', async () => {
    const started = start('stand-still', 'live', { frozenMs: 400, killMs: 900 });
    const { enginePid } = await first(started);
    await started.logged.find(({ event }) => event === 'control frozen');
    await started.logged.find(({ event }) => event === 'engine process is stuck; killed');
    await started.logged.find(({ event }) => event === 'engine process died');
    expect(isAlive(enginePid)).toBeFalse();
  }, 10_000);

  test('while the block counter moves it is reported and left alone', async () => {
    const started = start('stand-still', 'live', { frozenMs: 400, killMs: 900 });
    const { enginePid } = await first(started);
    const moving = setInterval(() => {
      void Bun.write(
        started.blocksPath,
        new BigUint64Array([BigInt(Math.ceil(performance.now()))]),
      );
    }, 50);
    const frozen = await started.logged.find(({ event }) => event === 'control frozen');
    expect(frozen.fields).toEqual({});
    const { promise, resolve } = Promise.withResolvers<void>();
    // Twice the time after which it would have been killed: nothing may happen, so time is awaited.
    setTimeout(resolve, 1800);
    await promise;
    clearInterval(moving);
    expect(isAlive(enginePid)).toBeTrue();
    process.kill(enginePid, 'SIGKILL');
  }, 10_000);

  test('what cannot start ends everything with its code and one sentence', async () => {
    const started = start('live', 'fail');
    expect(await started.exit).toBe(3);
    expect(started.failures).toEqual(['port 4800 is in use']);
    expect(started.ready.items).toEqual([]);
  });

  test('a second signal does not wait for a child that is deaf', async () => {
    const started = start('deaf', 'live');
    await first(started);
    started.launcher.end();
    started.launcher.end();
    expect(await started.exit).toBe(0);
  });

  test.each(['die', 'brief'])(
    'what never lives long is started less and less often (%s)',
    async (how) => {
      const started = start('live', how);
      const deaths = async (wanted: number) => {
        await started.logged.find(() => {
          const died = started.logged.items.filter(({ event }) => event === 'gateway died');
          return died.length >= wanted;
        });
        return performance.now();
      };
      const second = await deaths(2);
      expect((await deaths(4)) - second).toBeGreaterThan(1200);
    },
  );

  test('one that cannot be spawned is tried again, and more patiently, until it can', async () => {
    const program = join(folder, `${(count += 1)}.program`);
    const refused = (event: string) => event === 'supervision';
    const started = start('live', 'live', { gatewayArgv: [program] });
    await started.logged.find(
      () => started.logged.items.filter(({ event }) => refused(event)).length === 3,
    );
    const text = `#!/bin/sh\nexec ${child('live').join(' ')}\n`;
    writeFileSync(`${program}.new`, text, { mode: 0o755 });
    renameSync(`${program}.new`, program);
    const { gatewayPid } = await first(started);
    expect(isAlive(gatewayPid)).toBeTrue();
    // Nothing has died: nothing is held against anybody.
    expect(started.guard.safe).toBeNull();
    expect(started.logged.items.map(({ event }) => event)).not.toContain('gateway died');
  });

  test('nothing is spawned any more when all is ending', async () => {
    const started = start('live', 'live', { gatewayArgv: [join(folder, 'nowhere')] });
    await started.logged.find(({ event }) => event === 'supervision');
    started.launcher.end();
    expect(await started.exit).toBe(0);
  });
});
