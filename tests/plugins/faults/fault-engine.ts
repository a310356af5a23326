/**
 * Runs in a process of its own with the guard preloaded: an engine in real time, on noise, whose input
 * and slots go through the misbehaving plug-in in real hosts, and faults that dice choose.
 *
 *   bun tests/plugins/faults/fault-engine.ts PLAN   (JSON, see `Plan`; prints what it did as JSON)
 */
import { dlopen } from 'bun:ffi';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { NOW } from '../fixture/build.ts';
import type { Told } from './fault-plan.ts';
import {
  core,
  counts,
  deal,
  dice,
  frame,
  load,
  moves,
  newId,
  pass,
  plan,
  type Plugin,
  plugins,
  retryAll,
  seats,
  send,
  setParam,
  SLOTS,
  turn,
  until,
} from './fault-rack.ts';

/** These go on being wrong until they are told to stop. */
const LASTING = ['Not A Number', 'Loud'];
const faults: Record<string, number> = {};
let onInput: Plugin | undefined;
let faultsOnInput = 0;

/** Deals the places anew. */
const dealFor = (first: Plugin): void => {
  onInput = first;
  deal(first);
};

const disarm = (one: Plugin): void => {
  if (!one.isArmed) return;
  one.isArmed = false;
  setParam(one, NOW, 0);
};

const SIGNALS = { 'SIGKILL of the host': 'SIGKILL', 'SIGSTOP of the host': 'SIGSTOP' } as const;
const signal = (one: Plugin, name: keyof typeof SIGNALS): boolean => {
  const host = core.plugins.pluginHosts().find(({ group }) => group === one.name);
  if (!host || host.pid === 0) return false;
  process.kill(host.pid, SIGNALS[name]);
  return true;
};

/** False when nothing could go wrong. */
const fault = (): boolean => {
  const one = dice.of(plugins);
  const roll = dice.next();
  const name = roll < 0.12 ? 'SIGKILL of the host' : roll < 0.2 ? 'SIGSTOP of the host' : one.name;
  if (!one.isWet || one.isArmed) return false;
  if (name === 'SIGKILL of the host' || name === 'SIGSTOP of the host') {
    if (!signal(one, name)) return false;
  } else {
    if (one.name === 'Well') return false;
    setParam(one, NOW, 1);
    one.isArmed = true;
  }
  faults[name] = (faults[name] ?? 0) + 1;
  if (one === onInput) faultsOnInput += 1;
  return true;
};

const DEAL_EVERY = 10;
const FAULT_MS = 260;

const isBack = (one: Plugin): boolean => one.isWet;

const run = async (): Promise<void> => {
  let done = 0;
  while (done < plan.faults) {
    if (fault()) {
      done += 1;
      if (done % DEAL_EVERY === 0) dealFor(dice.of(plugins));
    }
    await pass(dice.between(20, FAULT_MS));
    if (dice.coin()) turn(dice.of(plugins));
    // What fell and came back may fall again; what goes on being wrong stops.
    for (const one of plugins) {
      if (one.isArmed && (one.isWet || LASTING.includes(one.name))) disarm(one);
    }
    retryAll();
  }
};

const BACK_MS = 30_000;
const CHECK_MS = 400;
const MOVED_MS = 250;
const STEADY_MS = 300;
/** Heard for a while. */
const isSteady = (one: Plugin): Promise<boolean> => {
  let sinceMs = performance.now();
  const isSo = () => {
    if (!one.isWet) sinceMs = performance.now();
    return performance.now() - sinceMs > STEADY_MS;
  };
  return until(isSo, BACK_MS);
};

/** Each in its turn on the input. */
const check = async () => {
  const checks: { fromFrame: number; toFrame: number; plugin: number; gain: number }[] = [];
  const missing: string[] = [];
  for (const one of plugins) disarm(one);
  retryAll();
  for (const one of plugins) {
    dealFor(one);
    // What was heard until now was its old place.
    await pass(MOVED_MS);
    if (!(await isSteady(one))) {
      missing.push(one.name);
      continue;
    }
    const fromFrame = frame();
    await pass(CHECK_MS);
    checks.push({ fromFrame, toFrame: frame(), plugin: one.number, gain: one.gain });
  }
  return { checks, missing };
};

await load();
for (let slot = 0; slot < SLOTS; slot += 1) {
  // Its loop goes through its chain and is turned down behind it: what is heard is the input.
  send({ kind: COMMAND_KIND.slotMute, slot, flags: COMMAND_FLAGS.on });
}
await until(() => frame() > 60_000);
for (let slot = 0; slot < SLOTS; slot += 1) {
  send({ kind: COMMAND_KIND.capture, slot, a: 1, d: 1, id: newId() });
}
for (let slot = 0; slot < SLOTS; slot += 1) {
  send({ kind: COMMAND_KIND.slotMute, slot, flags: COMMAND_FLAGS.on });
}
await pass(200);
const firstFrame = frame();
for (const one of plugins) turn(one);
dealFor(dice.of(plugins));
if (!(await until(() => plugins.every(isBack)))) throw new Error('not heard');
await run();
const { checks, missing } = await check();
const pids = core.plugins.pluginHosts().map(({ pid }) => pid);
const { frame: endFrame, xruns } = core.status();
core.stop();
core.destroy();
const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
};
// The hosts are gone, and with them what they wrote there of themselves.
const guard = process.env['LD_PRELOAD'];
if (guard) dlopen(guard, { fz_guard_write: { args: [], returns: 'i32' } }).symbols.fz_guard_write();
const told: Told = {
  faults,
  moves,
  seats,
  checks,
  missing,
  firstFrame,
  endFrame,
  xruns,
  ...counts,
  onInput: faultsOnInput,
  hostsAtEnd: pids.filter((pid) => pid > 0).length,
  orphans: pids.filter(isThere).length,
};
process.stdout.write(`${JSON.stringify(told)}\n`);
process.exit(0);
