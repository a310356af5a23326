/** Bars of the past that become takes tell what was damaged in them: on the real core, disk and store. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEVICE_KIND } from '../../../protocol/abi.ts';
import type { SessionCommand } from '../../../protocol/commands.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import { openEngine } from '../../guard/engine.ts';
import { makeNoise, writeWavFile } from '../../judge/wav.ts';
import { printedSeed } from '../../support/seed.ts';

const RATE_HZ = 48_000;
const BAR_FRAMES = RATE_HZ;
const SECONDS = 30;
/** In bar 3, of both sides. */
const CLIP_FRAME = 3 * BAR_FRAMES + 10_000;
const WAIT_MS_MAX = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'flowzone-damage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const device = {
  kind: 'stepped',
  deviceKind: DEVICE_KIND.stepped,
  flags: 0,
  sourceName: 'Input file',
  isMonitored: false,
} as const;

/** One life of the engine in the same data folder. */
const live = async (inputPath: string, bars: number) => {
  const answers = new Map<string, { type: string; code?: number }>();
  let runId = '';
  const onEmit = (message: ToGateway) => {
    if (message.t === 'result' && message.result.kind === 'past') {
      runId = message.result.runs.find(({ now }) => now)?.runId ?? '';
    }
    if (message.t !== 'answer' || !('reqId' in message.message)) return;
    answers.set(message.message.reqId ?? '', message.message);
  };
  const engine = await openEngine(folder, onEmit, { device, inputPath, bpm: 240 });
  const { session } = engine;
  const until = async (what: string, isSo: () => boolean) => {
    const deadline = performance.now() + WAIT_MS_MAX;
    while (!isSo()) {
      if (performance.now() > deadline) throw new Error(`it never came: ${what}`);
      engine.step();
      await Bun.sleep(1);
    }
  };
  while (engine.core.status().frame < bars * BAR_FRAMES) engine.step();
  await until('the run', () => {
    if (runId === '') session.onMessage({ t: 'query', id: 1, query: { kind: 'past' } });
    return runId !== '';
  });
  session.tick(session.state.system, true);
  let asked = 0;
  return {
    runId,
    end: () => engine.end(),
    async isTaintedAfter(command: SessionCommand & { slot: number }): Promise<boolean> {
      const reqId = `r${(asked += 1)}`;
      session.onMessage({
        t: 'command',
        clientId: 'c',
        loopback: true,
        command: { ...command, reqId },
      });
      await until(JSON.stringify(command), () => answers.has(reqId));
      expect(answers.get(reqId)).toMatchObject({ type: 'OK' });
      const slot = session.state.slots[command.slot];
      if (!slot) throw new Error('no such slot');
      return slot.tainted;
    },
  };
};

test('a clip nobody had captured is told with each take that is made of it, also after a restart', async () => {
  const input = join(folder, 'input.wav');
  const noise = makeNoise(printedSeed(), SECONDS * RATE_HZ).map((sample) => sample * 0.5);
  noise[2 * CLIP_FRAME] = 1;
  writeWavFile(input, RATE_HZ, noise);
  const reach = (slot: number, fromBar: number, runId?: string) =>
    ({ cmd: 'REACH_BACK', slot, fromBar, bars: 1, ...(runId && { runId }) }) as const;

  const first = await live(input, 8);
  expect(await first.isTaintedAfter(reach(0, 3))).toBeTrue();
  expect(await first.isTaintedAfter(reach(1, 4))).toBeFalse();
  const shift = (shiftBeats: number) => ({ cmd: 'ADJUST_LOOP', slot: 0, shiftBeats }) as const;
  expect(await first.isTaintedAfter(shift(4))).toBeFalse();
  expect(await first.isTaintedAfter(shift(-4))).toBeTrue();
  await first.end();

  // Without the clip, so that nothing but the store can know of it.
  noise[2 * CLIP_FRAME] = 0;
  writeWavFile(input, RATE_HZ, noise);
  const second = await live(input, 4);
  expect(second.runId).not.toBe(first.runId);
  expect(await second.isTaintedAfter(reach(2, 3, first.runId))).toBeTrue();
  expect(await second.isTaintedAfter(reach(3, 2, first.runId))).toBeFalse();
  // The store has the list of that run from its first frame on.
  expect(await second.isTaintedAfter({ ...shift(4), slot: 2 })).toBeFalse();
  expect(await second.isTaintedAfter(reach(4, 3))).toBeFalse();
  await second.end();
}, 120_000);
