/**
 * What signals and the clock do to six real hosts: the whole product stopped for a minute, the engine
 * killed; and a plug-in that is too slow, until it is tried again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '../../judge/client.ts';
import { until, withCleanup } from '../../judge/product.ts';
import { isAlive, ok } from '../../judge/stage.ts';
import { buildFixture, NOW } from '../fixture/build.ts';
import { whatIsMissing } from '../sweep/bundles.ts';
import { type Part, reporter } from './part.ts';
import { isHost, marked } from './processes.ts';
import { areOn, hostPids, setSixStage, type SixStage } from './six.ts';
import { setFaultStage } from './stage.ts';
import { wordsOf } from './words.ts';

export interface SignalRow {
  readonly what: string;
  readonly figures: Readonly<Record<string, number | string>>;
  readonly faults: readonly string[];
}

const STOPPED_S = 60;
const BACK_MS_MAX = 30_000;
const BLAMES = [3001, 3002, 3004, 3007, 3008];
const AWAKE_MS = 4000;

const failed = (checks: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(checks).flatMap(([what, isSo]) => (isSo ? [] : [what]));

const retriesOf = ({ client, ids }: SixStage): number =>
  ids.reduce((sum, id) => sum + client.state()['plugins'][id].retries, 0);

/** Those of the six that were heard since it was asked first. */
const watchHeard = (client: Client, ids: readonly string[]) => {
  const heard = new Set<string>();
  return () => {
    for (const id of ids) {
      if (client.state()['plugins'][id].status === 'on') heard.add(id);
    }
    return heard.size === ids.length;
  };
};

/** Where those of the six are that rest. */
const slowPlaces = (client: Client, ids: readonly string[]): (number | 'input')[] =>
  ids
    .map((id) => client.state()['plugins'][id])
    .filter(({ status }) => status === 'slow')
    .map(({ where }) => where);

/** Codes that were told since message number `from`, and those that stand. */
const toldTo = (client: Client, from: number): number[] => {
  const alerts = Object.values(client.state()['alerts'] as Record<string, { code: number }>);
  return [...wordsOf(client, '', from).codes, ...alerts.map(({ code }) => code)];
};

/** Every process of it stands still, as in the sleep of the machine; nobody is to blame. */
export const stopAll = (seed: number, seconds = STOPPED_S): Promise<SignalRow> =>
  withCleanup(async (later) => {
    const stage = await setSixStage({ seed, isUnheard: true }, later);
    const { client, ids, mark, product } = stage;
    const before = marked(mark);
    const pids = hostPids(client).toSorted((a, b) => a - b);
    const from = client.messages.length;
    for (const { pid } of before) process.kill(pid, 'SIGSTOP');
    await Bun.sleep(1000 * seconds);
    const stopped = marked(mark).filter(({ state }) => state === 'T').length;
    for (const { pid } of before) process.kill(pid, 'SIGCONT');
    const again = await connect(product.url);
    later(() => again.close());
    const told = () => [...toldTo(client, from), ...toldTo(again, 0)];
    // Whoever takes the silence for a hang does so within a second and a half.
    await Bun.sleep(AWAKE_MS);
    const areSlow = slowPlaces(again, ids);
    const isHeard = watchHeard(again, ids);
    const areHeard = await until('all six', isHeard, BACK_MS_MAX).catch(() => false);
    const now = hostPids(again).toSorted((a, b) => a - b);
    const health = await product.json<{ enginePid: number }>('/api/health');
    const blamed = told().filter((code) => BLAMES.includes(code));
    const retries = retriesOf({ ...stage, client: again });
    return {
      what: `SIGSTOP of the whole product for ${seconds} s`,
      figures: {
        processes: before.length,
        stopped,
        retries,
        blamed: blamed.join(' '),
        slow: areSlow.join(' '),
      },
      faults: failed({
        'not every process was stopped': stopped === before.length,
        'the engine is another one': health.enginePid === product.ready.enginePid,
        'a host is another one': Bun.deepEquals(now, pids),
        'retries were used up': retries === 0,
        'somebody was blamed': blamed.length === 0,
        // What is heard live is lost with each block that the machine itself is late with.
        'a slot is too slow for the time made up': areSlow.every((place) => place === 'input'),
        'not all were heard again': areHeard,
      }),
    };
  });

/** No host outlives its engine, and the next engine has all six again. */
export const killEngine = (seed: number, times = 3): Promise<SignalRow> =>
  withCleanup(async (later) => {
    const { client, ids, mark, product } = await setSixStage({ seed }, later);
    const orphans: number[] = [];
    const goneMs: number[] = [];
    const backMs: number[] = [];
    let enginePid = product.ready.enginePid;
    for (let time = 0; time < times; time += 1) {
      const hosts = marked(mark).filter(isHost);
      const at = performance.now();
      process.kill(enginePid, 'SIGKILL');
      const left = () => marked(mark).filter(({ pid }) => hosts.some((host) => host.pid === pid));
      await until('their end', () => left().length === 0, 1000).catch(() => undefined);
      goneMs.push(Math.round(performance.now() - at));
      orphans.push(left().length);
      const old = enginePid;
      enginePid = await until(
        'another engine',
        async (): Promise<number | false> => {
          const answer = await product.get('/api/health');
          const health = answer.ok ? ((await answer.json()) as { enginePid: number }) : null;
          return health !== null && health.enginePid !== old && health.enginePid;
        },
        BACK_MS_MAX,
      );
      const isBack = () => {
        const pids = hostPids(client);
        return areOn(client, ids) && pids.every((pid) => hosts.every((host) => host.pid !== pid));
      };
      await until('all six', isBack, BACK_MS_MAX);
      backMs.push(Math.round(performance.now() - at));
      const alive = marked(mark).filter(isHost).length;
      if (alive !== ids.length) orphans.push(alive - ids.length);
    }
    client.close();
    await product.stop();
    const after = marked(mark).length;
    return {
      what: `SIGKILL of the engine, ${times} times`,
      figures: { goneMs: goneMs.join(' '), allHeardMs: backMs.join(' '), leftAtEnd: after },
      faults: failed({
        'a host outlived its engine': orphans.every((count) => count === 0),
        'a process outlived the product': after === 0,
      }),
    };
  });

const HEARD_MS = 500;
const REST_MS = 10_000;
const REST_MS_MAX = 13_000;

/** Dry with 3003, and heard by itself when it has become quick again; its process stays. */
export const breaker = (seed: number, pluginFolder: string): Promise<SignalRow> =>
  withCleanup(async (later) => {
    const stage = await setFaultStage({ seed, path: 'input', pluginFolder }, later);
    const { client } = stage;
    const pluginId = await stage.idOf('Slow');
    const id = (await ok(client, { cmd: 'LOAD_VST', slot: 'input', pluginId })).instanceId;
    const status = () => client.state()['plugins'][id].status as string;
    await until('it is there', () => status() === 'on');
    // It is told before its first block has come back.
    await Bun.sleep(HEARD_MS);
    const pids = hostPids(client);
    const from = client.messages.length;
    const slowAt: number[] = [];
    const set = (val: number) =>
      ok(client, { cmd: 'SET_PARAM', instanceId: id, paramId: NOW, val });
    const start = performance.now();
    await set(1);
    await until('it is slow', () => status() === 'slow', 15_000);
    slowAt.push(performance.now());
    const { codes } = wordsOf(client, id, from);
    await set(0);
    await until('it is tried again', () => status() === 'on', REST_MS_MAX + 5000).catch(
      () => undefined,
    );
    const restedMs = Math.round(performance.now() - (slowAt[0] ?? 0));
    return {
      what: 'a slow plug-in rests and is tried again',
      figures: { slowAfterMs: Math.round((slowAt[0] ?? 0) - start), restedMs },
      faults: failed({
        '3003 was not told': codes.includes(3003),
        'it is not heard again': status() === 'on',
        'it was tried too early': restedMs > REST_MS - 500,
        'it was tried too late': restedMs < REST_MS_MAX,
        'its process is another one': Bun.deepEquals(hostPids(client), pids),
        'retries were used up': client.state()['plugins'][id].retries === 0,
      }),
    };
  });

const STOPS = 5;
const HANG_MS_MIN = 1000;
const HANG_MS_MAX = 1250;
const LOOK_MS = 2;

/** A process that stands still by itself is ended between 1.00 and 1.25 seconds later, and comes back. */
export const stopHost = (seed: number, pluginFolder: string): Promise<SignalRow> =>
  withCleanup(async (later) => {
    const stage = await setFaultStage({ seed, path: 'input', pluginFolder }, later);
    const { client } = stage;
    const pluginId = await stage.idOf('Well');
    const id = (await ok(client, { cmd: 'LOAD_VST', slot: 'input', pluginId })).instanceId;
    const isOn = () => client.state()['plugins'][id].status === 'on';
    const endedMs: number[] = [];
    for (let time = 0; time < STOPS; time += 1) {
      await ok(client, { cmd: 'RETRY_PLUGIN', instanceId: id });
      await until('it is heard', isOn, BACK_MS_MAX);
      await Bun.sleep(HEARD_MS);
      const pid = client.state()['hosts'][client.state()['plugins'][id].hostId].pid;
      const at = performance.now();
      process.kill(pid, 'SIGSTOP');
      while (isAlive(pid) && performance.now() - at < BACK_MS_MAX) await Bun.sleep(LOOK_MS);
      endedMs.push(Math.round(performance.now() - at));
      const isBack = () => isOn() && hostPids(client).every((each) => each !== pid);
      await until('another process', isBack, BACK_MS_MAX);
    }
    return {
      what: `SIGSTOP of one host, ${STOPS} times`,
      figures: { endedMs: endedMs.join(' ') },
      faults: failed({
        'it was ended too early': Math.min(...endedMs) >= HANG_MS_MIN,
        'it was ended too late': Math.max(...endedMs) <= HANG_MS_MAX,
      }),
    };
  });

export const signalsPart: Part = async ({ keep, only, say, seed }) => {
  const rows: SignalRow[] = [];
  const result = reporter('signals', () => ({
    counts: { rows: rows.length },
    faults: rows.flatMap(({ faults, what }) => faults.map((fault) => `${what}: ${fault}`)),
    rows,
  }));
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-signals-'));
  const hasBundles = whatIsMissing() === '';
  if (!hasBundles) say(`left out: ${whatIsMissing()} is missing`);
  const tasks: Record<string, () => Promise<SignalRow>> = {
    breaker: () => breaker(seed, folder),
    host: () => stopHost(seed, folder),
    ...(hasBundles && { engine: () => killEngine(seed), product: () => stopAll(seed) }),
  };
  try {
    await buildFixture(folder);
    for (const [name, act] of Object.entries(tasks)) {
      if (only.length > 0 && !only.includes(name)) continue;
      const row = await act().catch((error: unknown) => ({
        what: name,
        figures: {},
        faults: [String(error)],
      }));
      rows.push(row);
      say(`${row.what}: ${JSON.stringify(row.figures)} ${row.faults.join('; ')}`);
      keep(result());
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result();
};
