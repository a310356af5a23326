import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { FlowCoreError } from '../../../server/engine/core-library.ts';
import { FlowCore } from '../../../server/engine/flow-core.ts';
import { libraryPath } from '../../../server/engine/library-path.ts';
import { BLOCK_FRAMES, makeSteppedCore } from './stepped.ts';

const core = makeSteppedCore();
afterAll(() => {
  core.stop();
  core.destroy();
});

describe('the handle of the core', () => {
  test('counts the frames it was stepped by', () => {
    const before = core.status();
    core.step(1000);
    const after = core.status();
    expect(after.frame - before.frame).toBe(1000);
    expect(after.sampleRateHz).toBe(48_000);
    expect(core.now()).toBeGreaterThan(0);
  });

  test('a command is answered by one event at the frame where it landed', () => {
    core.poll();
    const { frame } = core.status();
    expect(core.send([{ kind: COMMAND_KIND.slotGain, token: 77, slot: 1, a: 0.5 }])).toBe(0);
    core.step(BLOCK_FRAMES);
    expect(core.poll()).toMatchObject([
      { kind: EVENT_KIND.applied, token: 77, slot: 1, code: 0, frame },
    ]);
  });

  test('a group is applied at one frame, also one that is named', () => {
    core.poll();
    const atFrame = core.status().frame + 777;
    const group = [0, 1, 2].map((slot) => ({
      kind: COMMAND_KIND.slotPan,
      token: slot + 1,
      slot,
      a: 1,
      atFrame,
    }));
    expect(core.send(group)).toBe(0);
    core.step(2000);
    expect(core.poll().map((event) => [event.token, event.frame])).toEqual(
      [1, 2, 3].map((token) => [token, atFrame]),
    );
  });

  test('what is out of bounds is refused with its code, what is too long for a group too', () => {
    const code = core.send([{ kind: COMMAND_KIND.slotGain, token: 5, slot: 9999, a: 0.5 }]);
    core.step(BLOCK_FRAMES);
    const answered = core.poll().find((event) => event.token === 5)?.code ?? 0;
    expect([code, answered]).toContain(2006);
    const many = Array.from({ length: LIMITS.groupCountMax + 1 }, () => ({
      kind: COMMAND_KIND.mark,
    }));
    expect(core.send(many)).toBe(2006);
  });

  test('a render is answered with the id of its recipe, out of bounds it is refused', () => {
    core.poll();
    const recipe = { id: [9, 9, 9, 9], frames: 100, framesPerBeat: 24_000 };
    const part = { id: [8, 8, 8, 8], mode: 0, startFrames: 0, gainLeft: 1, gainRight: 1 };
    expect(core.renderTake(recipe, [part])).toBe(0);
    expect(core.poll()).toMatchObject([{ kind: EVENT_KIND.takeLoaded, id: recipe.id, code: 2009 }]);
    expect(core.renderTake(recipe, [{ ...part, mode: 3 }])).toBe(2006);
    expect(core.renderTake(recipe, [])).toBe(2006);
    const many = Array.from({ length: LIMITS.renderPartsMax + 1 }, () => part);
    expect(core.renderTake(recipe, many)).toBe(2006);
  });

  test('more events than one call holds come all, in order', () => {
    core.poll();
    const tokens = Array.from({ length: 700 }, (_, index) => index + 1);
    expect(core.send(tokens.map((token) => ({ kind: COMMAND_KIND.mark, token })))).toBe(0);
    core.step(BLOCK_FRAMES);
    expect(core.poll().map((event) => event.token)).toEqual(tokens);
  });

  test('a library of another build is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fz-abi-'));
    expect(() => FlowCore.attach(join(folder, 'none.so'), 0)).toThrow(FlowCoreError);
    expect(() => FlowCore.attach(process.execPath, 0)).toThrow('different builds');
    rmSync(folder, { recursive: true });
  });

  const failureOf = (more: { inputPath?: string; outputPath?: string }): unknown => {
    const config = {
      sampleRateHz: 48_000,
      blockFrames: 128,
      slotCount: 8,
      sourceCount: 1,
      deviceKind: 0,
      flags: 0,
      ringSecondsMax: 4,
      overflowBlocksMax: 0,
      bpm: 120,
      runId: [1, 2, 3, 4],
      ringName: '',
      inputPath: '',
      outputPath: '',
      logPath: '',
      pluginHostPath: '',
      statePath: '',
      inputDevice: '',
      outputDevice: '',
      spoolPath: '',
      secondSpoolPath: '',
      audioPath: '',
      ...more,
    };
    try {
      FlowCore.create(libraryPath(), config).start();
      return null;
    } catch (error) {
      return error instanceof FlowCoreError ? error.code : error;
    }
  };

  test('a failure to start says what', () => {
    expect(failureOf({ inputPath: import.meta.path })).toBe(2004);
    expect(failureOf({ outputPath: join(import.meta.path, 'below-a-file.wav') })).toBe(2005);
  });
});
