import { describe, expect, test } from 'bun:test';
import type { LoopBars } from '../../../protocol/limits.ts';
import {
  featureLayout,
  FEATURE_HEADER,
  FEATURE_SLOT_WORDS,
  unpackCounts,
} from '../../../protocol/features.ts';
import type { SessionCommand } from '../../../protocol/commands.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import { corePortOf } from '../../../server/engine/core-port.ts';
import type { FlowCore } from '../../../server/engine/flow-core.ts';
import { makeGridReader } from '../../../server/engine/grid-reader.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { Session } from '../../../server/session/session.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { printedSeed } from '../../support/seed.ts';
import { replicaOf } from '../session/rig.ts';
import { sessionOptions } from '../session/session-options.ts';
import { BLOCK_FRAMES, makeSteppedCore, RATE_HZ } from './stepped.ts';

const BPM = 240;
const BAR_FRAMES = (4 * 60 * RATE_HZ) / BPM;
const SLOTS = 4;

const makeStage = () => {
  const core = makeSteppedCore(BPM, SLOTS);
  const emitted: ToGateway[] = [];
  const writes: StoreWrite[] = [];
  const history = new History(rootRiff(crypto.randomUUID(), 0, BPM));
  const grid = makeGridReader(
    () => core.status(),
    () => 4,
  );
  const session = new Session({
    ...sessionOptions({
      // The bar lines of this test are multiples of four beats from the start.
      core: corePortOf(core, () => ({ ...grid.grid(), barBeat: 0 })),
      history,
      takes: new Takes('/nowhere'),
      slotCount: SLOTS,
      bpm: BPM,
      sources: [{ name: 'Demo', monitor: false }],
    }),
    write: (request) => writes.push(request),
    emit: (message) => emitted.push(message),
  });
  const step = async (frames: number) => {
    core.step(frames);
    session.onEvents(core.poll());
    await Promise.resolve();
  };
  const send = (command: SessionCommand, reqId: string) =>
    session.onMessage({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { ...command, reqId },
    });
  const answers = () =>
    emitted.flatMap((each) =>
      each.t === 'answer' && 'reqId' in each.message ? [each.message] : [],
    );
  const end = () => {
    core.stop();
    core.destroy();
  };
  return { core, session, history, emitted, writes, step, send, answers, end };
};

/** Which slots the core itself says are filled, out of its feature frames. */
const filledInCore = async (core: FlowCore): Promise<boolean[]> => {
  const since = core.status().frame;
  for (;;) {
    core.step(BLOCK_FRAMES);
    await new Promise(setImmediate);
    const frame = core.features();
    if (!frame) continue;
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    if (view.getUint32(4 * FEATURE_HEADER.frameLo, true) <= since) continue;
    const counts = unpackCounts(view.getUint32(4 * FEATURE_HEADER.counts, true));
    const { slots } = featureLayout(counts);
    return Array.from({ length: counts.slots }, (_, slot) => {
      const word = slots + slot * FEATURE_SLOT_WORDS + 2;
      return view.getFloat32(4 * word, true) >= 0;
    });
  }
};

const makeRandom = (seed: number) => {
  let state = seed;
  return (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
};

const randomCommand = (
  pick: (count: number) => number,
  riffs: readonly string[],
): SessionCommand => {
  const slot = pick(SLOTS);
  const bars = ([1, 2, 4] as const)[pick(3)] as LoopBars;
  const quantized = pick(2) === 0;
  const scope = 'SESSION';
  const commands: SessionCommand[] = [
    { cmd: 'TRIGGER_SLOT', slot, quantized, bars },
    { cmd: 'TRIGGER_SLOT', slot: 'auto', quantized, bars },
    { cmd: 'TRIGGER_SLOT', slot, quantized: true, bars },
    { cmd: 'TRIGGER_SLOT', slot, quantized, bars, mode: 'overdub' },
    { cmd: 'TRIGGER_SLOT', slot, quantized, bars, mode: 'overdub' },
    { cmd: 'MERGE_SLOTS', from: [slot, (slot + 1) % SLOTS], to: pick(SLOTS) },
    {
      cmd: 'SET_TEMPO_MODE',
      slot,
      mode: (['repitch', 'stretch', 'free'] as const)[pick(3)] ?? 'free',
    },
    { cmd: 'SET_TAIL', slot, on: pick(2) === 0 },
    { cmd: 'CLEAR_SLOT', slot },
    { cmd: 'UNDO', scope },
    { cmd: 'UNDO', scope },
    { cmd: 'REDO', scope },
    { cmd: 'SET_VOL', slot, val: pick(11) / 10 },
    { cmd: 'MUTE_SLOT', slot, muted: pick(2) === 0, quantized },
    { cmd: 'SOLO_SLOT', slot, soloed: pick(3) === 0, quantized },
    { cmd: 'SET_TEMPO', bpm: [120, 240, 300][pick(3)] ?? 240 },
    { cmd: 'RECALL_RIFF', riffId: riffs[pick(riffs.length)] ?? '', when: 'now' },
    { cmd: 'RECALL_RIFF', riffId: riffs[pick(riffs.length)] ?? '', when: 'bar' },
    { cmd: 'PANIC', scope: pick(4) === 0 ? 'ALL' : 'ENGINE' },
    { cmd: 'PLAY' },
    { cmd: 'PLAY' },
    { cmd: 'RENAME_SLOT', slot, name: 'x' },
  ];
  return commands[pick(commands.length)] ?? { cmd: 'PLAY' };
};

describe('a session on the real core', () => {
  test('a rolling press plays at once, its window ends at the press', async () => {
    const stage = makeStage();
    await stage.step(3 * BAR_FRAMES + 500);
    stage.send({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: false, bars: 1 }, 'a');
    await stage.step(BLOCK_FRAMES);
    stage.session.full();
    await Promise.resolve();
    const press = 3 * BAR_FRAMES + 500;
    expect(stage.answers()).toMatchObject([
      { type: 'OK', result: { fromFrame: press - BAR_FRAMES, toFrame: press, pressFrame: press } },
    ]);
    expect(await filledInCore(stage.core)).toEqual([true, false, false, false]);
    stage.end();
  });

  test('a press whose line lies ahead is cut off by the end, at a frame that was heard', async () => {
    const stage = makeStage();
    await stage.step(3.75 * BAR_FRAMES);
    stage.send({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 2 }, 'a');
    await stage.step(BLOCK_FRAMES);
    const { takeId } = stage.session.state.slots[0]?.pending ?? {};
    expect(takeId).toBeString();
    const ended = stage.session.endRecordings();
    await stage.step(BLOCK_FRAMES);
    await ended;
    const writes = stage.writes.flatMap((write) => (write.kind === 'take' ? [write.take] : []));
    const toFrame = 3.75 * BAR_FRAMES + BLOCK_FRAMES;
    expect(writes).toMatchObject([{ id: takeId, fromFrame: 2 * BAR_FRAMES, toFrame, loose: true }]);
    stage.end();
  });

  test('a recall on the bar lands on the line, with all it brings', async () => {
    const stage = makeStage();
    await stage.step(3 * BAR_FRAMES);
    stage.send({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: false, bars: 1 }, 'a');
    await stage.step(BLOCK_FRAMES);
    const first = stage.history.head.id;
    stage.send({ cmd: 'SET_VOL', slot: 0, val: 0.25 }, 'b');
    stage.send({ cmd: 'CLEAR_SLOT', slot: 0 }, 'c');
    await stage.step(BAR_FRAMES / 2);
    stage.send({ cmd: 'RECALL_RIFF', riffId: first, when: 'bar' }, 'd');
    for (let turn = 0; turn < 40 && !stage.session.state.slots[0]?.pending; turn += 1) {
      await stage.step(BLOCK_FRAMES);
      await new Promise(setImmediate);
    }
    const { pending } = stage.session.state.slots[0] ?? {};
    expect(pending).toMatchObject({ kind: 'recall', atFrame: 4 * BAR_FRAMES });
    expect(stage.session.state.slots[0]).toMatchObject({ state: 'EMPTY', volume: 0.25 });
    await stage.step(4 * BAR_FRAMES - stage.core.status().frame + BLOCK_FRAMES);
    expect(stage.session.state.slots[0]).toMatchObject({
      state: 'PLAYING',
      volume: 1,
      originBeat: 16,
      pending: null,
    });
    expect(stage.history.head.id).toBe(first);
    stage.end();
  });

  test('whatever is sent, however fast: each is answered once, and state, clients and core agree', async () => {
    const seed = printedSeed();
    const pick = makeRandom(seed);
    const stage = makeStage();
    await stage.step(5 * BAR_FRAMES);
    stage.emitted.push(stage.session.full());
    const count = 400;
    for (let sent = 0; sent < count; sent += 1) {
      const riffs = stage.history.page({ limit: 200 }).items.map((row) => row.id);
      stage.send(randomCommand(pick, riffs), `r${sent}`);
      if (pick(3) > 0) await stage.step(1 + pick(3000));
      if (pick(5) === 0) await new Promise(setImmediate);
    }
    for (let turn = 0; turn < 2000 && stage.answers().length < count; turn += 1) {
      await stage.step(2048);
      await new Promise(setImmediate);
      stage.session.end();
    }
    // Beyond every bar line that something may wait for.
    await stage.step(6 * BAR_FRAMES);
    stage.session.end();
    await new Promise(setImmediate);

    const ids = stage.answers().map((answer) => answer.reqId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(count);
    const { state } = stage.session;
    expect(state.slots.every((slot) => slot.pending === null)).toBeTrue();
    const replica = replicaOf(stage.emitted);
    expect(replica?.slots).toEqual(state.slots);
    expect(replica?.history as unknown).toEqual(state.history);
    expect(await filledInCore(stage.core)).toEqual(state.slots.map((slot) => slot.takeId !== null));
    const head = stage.history.head.slots;
    expect(state.slots.map((slot) => slot.takeId)).toEqual(
      state.slots.map((_, slot) => head[slot]?.loop?.takeId ?? null),
    );
    stage.end();
  }, 60_000);
});
