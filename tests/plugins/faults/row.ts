/** One row of the fault table: a plug-in in the running product goes wrong, and what comes of it is noted. */
import { GAIN, NOW } from '../fixture/build.ts';
import { until, withCleanup } from '../../judge/product.ts';
import { ok } from '../../judge/stage.ts';
import { monotonicMs, readBlocks, timesOf, type BlockTimes } from './block-clock.ts';
import { hearRow, type RowHearing } from './hear-row.ts';
import { type Mode, type Path, SET_GAIN, titleOf } from './modes.ts';
import { countInGroup, holds } from './processes.ts';
import { type FaultStage, setFaultStage } from './stage.ts';
import { outcomeOf, type Words, wordsOf } from './words.ts';

export interface Row {
  readonly title: string;
  readonly path: Path;
  readonly outcome: string;
  readonly words: Words;
  readonly retries: number;
  /** Null = the control, or it was refused. */
  readonly heard: RowHearing | null;
  /** The audio thread from the fault on. */
  readonly times: BlockTimes;
  /** From the load on, and in the same engine before it: what the machine does by itself. */
  readonly xruns: number;
  readonly xrunSeconds: number;
  readonly xrunsBefore: number;
  readonly beforeSeconds: number;
  readonly gapFrames: number;
  readonly missedBlocks: number;
  readonly hasRealTime: boolean;
  /** Of the process in which the fault began: as much more it held at most, and who is left of its group. */
  readonly grewMiB: number;
  readonly leftCount: number;
  /** Another plug-in of its maker is heard in the end. */
  readonly isMateOn: boolean | null;
  readonly seconds: number;
  readonly tries: number;
  /** What was not as the table says, in those before the last too. */
  readonly differed: readonly string[];
}

const LOAD_MS_MAX = 30_000;
const OUTCOME_MS_MAX = 20_000;
/** From the fault on, at least; what is not to happen has so long to happen. */
const WATCH_MS = 1500;
/** The outcome must last. */
const HOLD_MS = 600;
/** Sound before the fault. */
const BEFORE_MS = 500;

const LOOK_MS = 10;

/** The engine plays alone for so long, beside what follows. */
const CONTROL_MS = 1500;

/** A row without plug-ins. */
const CONTROL_ROW_MS = 4000;

const xrunsOf = async ({ product }: FaultStage): Promise<number> =>
  (await product.json<{ xruns: number }>('/api/health')).xruns;

interface Target {
  readonly mode: Mode;
  readonly id: string;
  readonly mate: string | null;
}

/** A number is the code with which it was refused. */
const load = async (stage: FaultStage, mode: Mode, path: Path): Promise<Target | number> => {
  const place = (where: Path) => (where === 'slot' ? 0 : 'input');
  const ask = async (name: string, where: Path) =>
    await stage.client.ask({
      cmd: 'LOAD_VST',
      slot: place(where),
      pluginId: await stage.idOf(name),
    });
  const answer = await ask(mode.name, path);
  if (answer.type !== 'OK') return answer.code;
  const other = path === 'slot' ? 'input' : 'slot';
  const mate = mode.hasMate ? (await ask('Well', other)).result.instanceId : null;
  return { mode, id: answer.result.instanceId, mate };
};

const settled = async (stage: FaultStage, { id, mode }: Target, from: number): Promise<void> => {
  const isDone = () => {
    const outcome = outcomeOf(stage.state(), id);
    const { codes } = wordsOf(stage.client, id, from);
    const needed = Object.entries(mode.outcomes).find(([name]) => name === outcome)?.[1];
    return needed?.every((code) => codes.includes(code)) ?? false;
  };
  await Bun.sleep(WATCH_MS);
  // One that never comes is a row that fails, with what came instead.
  await until('its outcome', isDone, OUTCOME_MS_MAX).catch(() => undefined);
  await Bun.sleep(HOLD_MS);
};

const fire = async (stage: FaultStage, { id, mode }: Target): Promise<void> => {
  const set = (paramId: number, val: number) =>
    ok(stage.client, { cmd: 'SET_PARAM', instanceId: id, paramId, val });
  if (mode.isUntouched) return;
  if (mode.signal) {
    const { hosts, plugins } = stage.state();
    process.kill(hosts[plugins[id].hostId].pid, mode.signal);
    return;
  }
  for (let time = 0; time < (mode.times ?? 1); time += 1) {
    if (time > 0) {
      const isBack = () => {
        const { plugins } = stage.state();
        return plugins[id].status === 'on' && plugins[id].retries === time;
      };
      await until('it is back', isBack);
      await Bun.sleep(BEFORE_MS);
      await set(NOW, 0);
    }
    await set(NOW, 1);
  }
};

/** Looks at a process until it is gone, or until nobody wants to know. */
const watchGrowth = (pid: number): (() => number) => {
  const base = holds(pid).residentMiB;
  let most = base;
  const look = () => {
    most = Math.max(most, holds(pid).residentMiB);
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    look();
    clearInterval(timer);
    return Math.round(most - base);
  };
};

interface Spans {
  /** Of the process that the fault was in. */
  readonly grewMiB: number;
  readonly leftCount: number;
  readonly wetFrame: number;
  readonly faultFrame: number;
  readonly endFrame: number;
  readonly faultMs: number;
}

const play = async (stage: FaultStage, target: Target, from: number): Promise<Spans> => {
  const { id, mode } = target;
  const isOn = () => stage.state().plugins[id]?.status === 'on';
  if (mode.name !== 'Crash At Start') {
    await until('it is heard', isOn, LOAD_MS_MAX);
    await ok(stage.client, {
      cmd: 'SET_PARAM',
      instanceId: id,
      paramId: GAIN,
      val: SET_GAIN,
    });
    // Heard, and in the journal.
    await Bun.sleep(mode.settleMs ?? BEFORE_MS / 2);
  }
  const wetFrame = await stage.frame();
  await Bun.sleep(BEFORE_MS);
  const faultFrame = await stage.frame();
  const faultMs = monotonicMs();
  const { hosts, plugins } = stage.state();
  const pid: number = hosts[plugins[id]?.hostId]?.pid ?? 0;
  const grown = watchGrowth(pid);
  await fire(stage, target);
  await settled(stage, target, from);
  const grewMiB = grown();
  const isGone = Object.values<{ pid: number }>(stage.state().hosts).every(
    (host) => host.pid !== pid,
  );
  const leftCount = pid > 0 && isGone ? countInGroup(pid) : 0;
  return { wetFrame, faultFrame, endFrame: await stage.frame(), faultMs, grewMiB, leftCount };
};

/** Without a mode: the control, no plug-in. */
export const runRow = (
  mode: Mode | null,
  { path, pluginFolder, seed }: { path: Path; pluginFolder: string; seed: number },
): Promise<Row> =>
  withCleanup(async (later) => {
    const start = performance.now();
    const stage = await setFaultStage({ seed, path, pluginFolder }, later);
    await Bun.sleep(CONTROL_MS);
    const xrunsBefore = await xrunsOf(stage);
    const loadMs = performance.now();
    const beforeSeconds = Math.round((await stage.frame()) / 48) / 1000;
    const from = stage.client.messages.length;
    const loaded = mode === null ? 0 : await load(stage, mode, path);
    const target = typeof loaded === 'number' ? null : loaded;
    let spans: Spans | null = null;
    if (target !== null) spans = await play(stage, target, from);
    else await Bun.sleep(mode === null ? CONTROL_ROW_MS : HOLD_MS);
    const state = structuredClone(stage.state());
    const faultMs = spans?.faultMs ?? monotonicMs() - WATCH_MS;
    const words = wordsOf(stage.client, target?.id ?? '', from);
    if (typeof loaded === 'number' && loaded > 0) words.codes.push(loaded);
    const xruns = await xrunsOf(stage);
    const endMs = performance.now();
    stage.client.close();
    await stage.product.stop();
    const one = target && state.plugins[target.id];
    const hosts = Object.values(state.hosts) as { missedBlocks: number }[];
    return {
      title: mode === null ? 'no plug-in' : titleOf(mode),
      path,
      outcome: target === null ? 'refused' : outcomeOf(state, target.id),
      words,
      retries: one?.retries ?? 0,
      heard: mode && spans ? hearRow(stage, mode, path, spans) : null,
      times: timesOf(readBlocks(stage.clockPath).filter(({ startMs }) => startMs >= faultMs)),
      xruns: xruns - xrunsBefore,
      xrunSeconds: Math.round(endMs - loadMs) / 1000,
      xrunsBefore,
      beforeSeconds,
      gapFrames: state.system.gapFrames,
      missedBlocks: hosts.reduce((sum, { missedBlocks }) => sum + missedBlocks, 0),
      hasRealTime: state.devices.hasRealTime,
      grewMiB: spans?.grewMiB ?? 0,
      leftCount: spans?.leftCount ?? 0,
      isMateOn: target?.mate ? state.plugins[target.mate]?.status === 'on' : null,
      seconds: Math.round((performance.now() - start) / 100) / 10,
      tries: 1,
      differed: [],
    };
  });
