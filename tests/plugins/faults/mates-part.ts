/**
 * Real plug-ins in one process with one that falls again and again, all of the same maker: how often the
 * others lose that process before it is put into one of its own, and never after that.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until, withCleanup } from '../../judge/product.ts';
import { ok } from '../../judge/stage.ts';
import { buildFixture, NOW } from '../fixture/build.ts';
import { BUNDLES, bundleEnv, whatIsMissing } from '../sweep/bundles.ts';
import { judgeMates, type MatesRow, OUTAGES_MAX } from './judge-mates.ts';
import { type Part, type PartResult, reporter } from './part.ts';
import { type FaultStage, setFaultStage } from './stage.ts';

const MAKER = 'mda';
const MATES = ['mda Overdrive', 'mda Delay', 'mda Limiter'] as const;
/** Each falls in a way of its own. */
const OFFENDERS = ['Crash', 'Abort', 'Exit', 'Hang'] as const;
const TIMES = 3;
/** Falls of the offender alone, when it has been found out. */
const FALLS_ALONE = 3;
const LOADED_MS_MAX = 30_000;
const BACK_MS_MAX = 20_000;
const HEARD_MS = 300;
const LOOK_MS = 5;

interface Rack {
  readonly stage: FaultStage;
  readonly offender: string;
  readonly mates: readonly string[];
}

const hostOf = ({ stage }: Rack, id: string) => {
  const { hosts, plugins } = stage.state();
  const { hostId } = plugins[id];
  return { id: hostId as string, pid: 0, isQuarantine: false, ...hosts[hostId] };
};

const isOn = ({ stage }: Rack, id: string): boolean => stage.state().plugins[id].status === 'on';

const load = async (stage: FaultStage, name: string, slot: number | 'input'): Promise<string> => {
  const pluginId = await stage.idOf(name);
  return (await ok(stage.client, { cmd: 'LOAD_VST', slot, pluginId })).instanceId;
};

/** One fall of the offender; ends when all are heard again. */
const fall = async (rack: Rack): Promise<void> => {
  const { mates, offender, stage } = rack;
  const set = (val: number) =>
    ok(stage.client, { cmd: 'SET_PARAM', instanceId: offender, paramId: NOW, val });
  const before = hostOf(rack, offender).pid;
  await set(1);
  const isBack = () => ![0, before].includes(hostOf(rack, offender).pid);
  await until('another process', isBack, BACK_MS_MAX);
  await until('all are heard', () => [offender, ...mates].every((id) => isOn(rack, id)));
  await Bun.sleep(HEARD_MS);
  await set(0);
};

/** Each process in which a mate has lived since; they last for a while, so that looking now and then is enough. */
const watchLives = (rack: Rack): (() => number) => {
  const pids = new Set<number>();
  const look = () => {
    for (const id of rack.mates) pids.add(hostOf(rack, id).pid);
    pids.delete(0);
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    look();
    return pids.size;
  };
};

const runRow = (offender: string, pluginFolder: string, seed: number): Promise<MatesRow> =>
  withCleanup(async (later) => {
    const stage = await setFaultStage(
      { seed, path: 'slot', pluginFolder, env: bundleEnv(), isTimed: false },
      later,
    );
    const mates: string[] = [];
    for (const name of MATES) mates.push(await load(stage, name, 'input'));
    const rack: Rack = { stage, mates, offender: await load(stage, offender, 0) };
    const all = [rack.offender, ...mates];
    await until('all are heard', () => all.every((id) => isOn(rack, id)), LOADED_MS_MAX);
    await Bun.sleep(HEARD_MS);
    const wereTogether = new Set(all.map((id) => hostOf(rack, id).id)).size === 1;
    const isAlone = () => hostOf(rack, rack.offender).isQuarantine === true;
    let falls = 0;
    const livesBefore = watchLives(rack);
    while (!isAlone() && falls <= OUTAGES_MAX) {
      await fall(rack);
      falls += 1;
    }
    const outages = livesBefore() - 1;
    const isQuarantined = isAlone();
    const livesAfter = watchLives(rack);
    for (let time = 0; time < FALLS_ALONE; time += 1) {
      await ok(stage.client, { cmd: 'RETRY_PLUGIN', instanceId: rack.offender });
      await until('it is heard', () => isOn(rack, rack.offender), BACK_MS_MAX);
      await fall(rack);
      falls += 1;
    }
    const outagesAfter = livesAfter() - 1;
    return { offender, outages, outagesAfter, falls, wereTogether, isQuarantined };
  });

const countsOf = (rows: readonly MatesRow[]): PartResult['counts'] => ({
  rows: rows.length,
  falls: rows.reduce((sum, { falls }) => sum + falls, 0),
  outagesMax: Math.max(0, ...rows.map(({ outages }) => outages)),
  outagesAfter: rows.reduce((sum, { outagesAfter }) => sum + outagesAfter, 0),
});

export const matesPart: Part = async ({ count, keep, only, say, seed }) => {
  const rows: MatesRow[] = [];
  const extra: string[] = [];
  const result = reporter('mates', () => ({
    counts: countsOf(rows),
    faults: [...rows.flatMap(judgeMates), ...extra],
    rows,
  }));
  if (whatIsMissing() !== '') {
    say(`left out: ${whatIsMissing()} is missing`);
    return result();
  }
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-mates-'));
  try {
    cpSync(join(BUNDLES, 'mda-vst3.vst3'), join(folder, 'mda-vst3.vst3'), { recursive: true });
    await buildFixture(folder, MAKER);
    const chosen = OFFENDERS.filter(
      (name) => only.length === 0 || only.some((text) => name.includes(text)),
    );
    for (const [index, offender] of chosen.entries()) {
      for (let time = 0; time < (count ?? TIMES); time += 1) {
        const row = await runRow(offender, folder, seed + TIMES * index + time).catch(String);
        if (typeof row === 'string') extra.push(`${offender} beside plug-ins of its maker: ${row}`);
        else rows.push(row);
        say(typeof row === 'string' ? (extra.at(-1) ?? '') : JSON.stringify(row));
        keep(result());
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(JSON.stringify(result().counts));
  return result();
};
