/**
 * One life of the engine process for the soak: real core on the real-time headless clock, session and
 * store. Every bar a commit and one of the other hands' work; prints one JSON object.
 *
 *   bun tests/bench/soak-runner.ts FOLDER NOISE SECONDS SEED   (with the recorder preloaded)
 */
import { dlopen } from 'bun:ffi';
import { DEVICE_KIND } from '../../protocol/abi.ts';
import type { CommandOf, SessionCommandName } from '../../protocol/commands.ts';
import type { ToGateway } from '../../protocol/link.ts';
import type { JobState } from '../../protocol/state.ts';
import { openEngine } from '../guard/engine.ts';
import { Dice } from '../guard/generators.ts';

const SLOTS = 64;
const BAR_MS = 2000;
const POLL_MS = 4;
const FILL_MS = 120;
/** For answers and exports that are still owed at the end. */
const OWED_MS = 60_000;

const [folder = '', noise = '', secondsText = '600', seedText = '1'] = process.argv.slice(2);
const dice = new Dice(Number(seedText));
const answers: Record<string, { sent: number; ok: number; refused: number }> = {};
const countsOf = (name: string) => (answers[name] ??= { sent: 0, ok: 0, refused: 0 });
const waiting = new Map<string, string>();

const onEmit = (message: ToGateway) => {
  if (message.t !== 'answer') return;
  const { message: answer } = message;
  if (answer.type !== 'OK' && answer.type !== 'ERROR') return;
  const name = waiting.get(answer.reqId ?? '');
  if (name === undefined) return;
  waiting.delete(answer.reqId ?? '');
  countsOf(name)[answer.type === 'OK' ? 'ok' : 'refused'] += 1;
};

const engine = await openEngine(folder, onEmit, {
  device: {
    kind: 'headless',
    deviceKind: DEVICE_KIND.headless,
    flags: 0,
    sourceName: 'Input file',
    isMonitored: false,
  },
  blockFrames: 64,
  slotCount: SLOTS,
  bpm: 120,
  inputPath: noise,
});
const { core, session } = engine;
let sent = 0;
const send = <N extends SessionCommandName>(command: CommandOf<N> & { cmd: N }) => {
  const reqId = `r${(sent += 1)}`;
  waiting.set(reqId, command.cmd);
  countsOf(command.cmd).sent += 1;
  const message = { ...command, reqId } as CommandOf<SessionCommandName>;
  session.onMessage({ t: 'command', clientId: 'soak', loopback: true, command: message });
};

const exports = new Map<string, JobState>();
const poll = setInterval(() => {
  session.onEvents(core.poll());
  core.features();
  for (const [id, { kind, state }] of Object.entries(session.state.jobs)) {
    if (kind === 'export') exports.set(id, state);
  }
}, POLL_MS);
const loops = () => session.state.slots.filter(({ takeId }) => takeId !== null).length;
const memoryMiB = () => process.memoryUsage.rss() / 2 ** 20;

await Bun.sleep(2 * BAR_MS);
for (let slot = 0; slot < SLOTS; slot += 1) {
  send({ cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1 });
  await Bun.sleep(FILL_MS);
}
await Bun.sleep(BAR_MS);

const newest = () => session.state.history.newest.slice(0, 6);
const other = (slot: number) => (slot + 1 + dice.below(SLOTS - 1)) % SLOTS;
const works: readonly (() => void)[] = [
  () => send({ cmd: 'UNDO', scope: 'SESSION' }),
  // Together: the next commit leaves nothing to do again.
  () => {
    send({ cmd: 'UNDO', scope: 'SESSION' });
    send({ cmd: 'REDO', scope: 'SESSION' });
  },
  () => {
    const from = dice.below(SLOTS);
    send({ cmd: 'MERGE_SLOTS', from: [from, other(from)], to: from });
  },
  () => send({ cmd: 'RECALL_RIFF', riffId: dice.of(newest()).id, when: 'now' }),
  () => send({ cmd: 'EXPORT', what: { bars: 4 }, format: 'flac', stems: false }),
  () => send({ cmd: 'RECALL_RIFF', riffId: dice.of(newest()).id, when: 'bar' }),
  () =>
    send({ cmd: 'EXPORT', what: { riffId: dice.of(newest()).id }, format: 'wav32f', stems: true }),
  () => send({ cmd: 'SET_VOL', slot: dice.below(SLOTS), val: dice.between(0.2, 1) }),
];

const recorder = process.env['LD_PRELOAD'] ?? '';
const { symbols } = dlopen(recorder, {
  fz_recorder_begin: { args: [], returns: 'void' },
  fz_recorder_write: { args: [], returns: 'i32' },
});
symbols.fz_recorder_begin();
const before = { xruns: core.status().xruns, memory: memoryMiB(), loops: core.status().loopBytes };
const sounding: number[] = [];
const bars = Math.round((Number(secondsText) * 1000) / BAR_MS);
const start = performance.now();
for (let bar = 0; bar < bars; bar += 1) {
  const empty = session.state.slots.findIndex(({ takeId }) => takeId === null);
  send({ cmd: 'TRIGGER_SLOT', slot: empty < 0 ? bar % SLOTS : empty, quantized: true, bars: 1 });
  await Bun.sleep(BAR_MS / 3);
  works[bar % works.length]?.();
  sounding.push(loops());
  await Bun.sleep(Math.max(0, start + (bar + 1) * BAR_MS - performance.now()));
}
const after = { xruns: core.status().xruns, memory: memoryMiB(), loops: core.status().loopBytes };
const seconds = (performance.now() - start) / 1000;
const isOwed = () => waiting.size > 0 || [...exports.values()].includes('running');
for (const end = performance.now() + OWED_MS; isOwed() && performance.now() < end; ) {
  await Bun.sleep(POLL_MS);
}
clearInterval(poll);
await engine.end();
symbols.fz_recorder_write();
process.stdout.write(
  `${JSON.stringify({
    seconds,
    xruns: after.xruns - before.xruns,
    memoryStartMiB: before.memory,
    memoryEndMiB: after.memory,
    loopsGrewMiB: (after.loops - before.loops) / 2 ** 20,
    slots: SLOTS,
    loopsLeast: Math.min(...sounding),
    loopsMean: sounding.reduce((sum, each) => sum + each, 0) / sounding.length,
    exportsDone: [...exports.values()].filter((state) => state === 'done').length,
    riffs: session.state.history.count,
    answers,
  })}\n`,
);
process.exit(0);
