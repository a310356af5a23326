/** SET_INPUT's gain: told to the core as a factor, kept with the device, and none of a riff's business. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { CoreCommand } from '../../../server/session/core/port.ts';
import { mixOf } from '../../../server/session/state/initial-state.ts';
import { Rig } from './rig.ts';
import { started } from './stored-session.ts';

const sources = ['All', '1–2', '3–4', '5–6'].map((name) => ({ name, monitor: true }));
const HALF_DB = -6;
const HALF = 10 ** (HALF_DB / 20);

const inputsOf = (commands: readonly CoreCommand[]) =>
  commands
    .filter(({ kind }) => kind === COMMAND_KIND.input)
    .map(({ a, flags, slot = 0 }) => [slot, a, flags === COMMAND_FLAGS.on]);

describe('the gain of an input', () => {
  test('reaches the core as a factor and leaves the monitor as it is, of every source', async () => {
    const rig = new Rig({ sources });
    await rig.ask({ cmd: 'SET_INPUT', source: 2, monitor: false });
    for (const source of sources.keys()) {
      await rig.ask({ cmd: 'SET_INPUT', source, gainDb: HALF_DB });
      expect(rig.state.sources[source]).toMatchObject({ gainDb: HALF_DB, monitor: source !== 2 });
    }
    expect(inputsOf(rig.core.taken)).toEqual([
      [2, 1, false],
      [0, HALF, true],
      [1, HALF, true],
      [2, HALF, false],
      [3, HALF, true],
    ]);
    // A pair that is switched on again comes in as loud as it was made.
    await rig.ask({ cmd: 'SET_INPUT', source: 2, monitor: true });
    expect(inputsOf(rig.core.taken).at(-1)).toEqual([2, HALF, true]);
  });

  test('is shown when it sounds, and not at all where the core refuses it', async () => {
    const rig = new Rig({ sources });
    rig.send({ cmd: 'SET_INPUT', source: 2, gainDb: HALF_DB });
    expect(rig.state.sources[2]?.gainDb).toBe(0);
    await rig.settle();
    expect(rig.state.sources[2]?.gainDb).toBe(HALF_DB);
    rig.core.sendCode = ERRORS.ERR_COMMAND_BOUNDS.code;
    const refused = await rig.ask({ cmd: 'SET_INPUT', source: 2, gainDb: 3 });
    expect(refused).toMatchObject({ type: 'ERROR', code: ERRORS.ERR_COMMAND_BOUNDS.code });
    expect(rig.state.sources[2]?.gainDb).toBe(HALF_DB);
  });

  test('makes no riff and stays through UNDO and REDO', async () => {
    const rig = new Rig({ sources });
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1, source: 2 });
    const { count } = rig.state.history;
    await rig.ask({ cmd: 'SET_INPUT', source: 2, gainDb: HALF_DB });
    expect(rig.state.history.count).toBe(count);
    const told = inputsOf(rig.core.taken).length;
    for (const cmd of ['UNDO', 'REDO'] as const) {
      expect(await rig.ask({ cmd, scope: 'SESSION' })).toMatchObject({ type: 'OK' });
      expect(rig.state.sources[2]?.gainDb).toBe(HALF_DB);
    }
    expect(inputsOf(rig.core.taken)).toHaveLength(told);
  });

  test('is told to the next engine, with the device it was chosen for and no other', async () => {
    const chosen = new Rig({ deviceName: 'jack-1', sources });
    await chosen.ask({ cmd: 'SET_INPUT', source: 2, gainDb: HALF_DB });
    const mix = mixOf(chosen.state);
    for (const [deviceName, gain] of [
      ['jack-1', HALF],
      ['jack-2', 1],
    ] as const) {
      const { groups, rig } = await started({ deviceName, sources, mix });
      await rig.settle();
      expect(inputsOf(groups.flat()).map(([, a]) => a)).toEqual([1, 1, gain, 1]);
      expect(rig.state.sources[2]?.gainDb).toBe(gain === 1 ? 0 : HALF_DB);
    }
  });
});
