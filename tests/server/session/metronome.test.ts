import { describe, expect, test } from 'bun:test';
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { mixOf } from '../../../server/session/state/initial-state.ts';
import { capture, watch } from './derived-rig.ts';
import { Rig } from './rig.ts';

const metronome = (on: boolean, standby?: boolean) =>
  ({ cmd: 'SET_METRONOME', on, ...(standby !== undefined && { standby }) }) as const;

describe('the metronome', () => {
  test('in standby goes off with the first loop, and on again only by hand', async () => {
    const rig = new Rig();
    await rig.ask(metronome(true, true));
    expect(rig.state.transport.metronome).toMatchObject({ on: true, standby: true });
    const seen = watch(rig);
    await capture(rig, 0);
    const off = seen.filter(({ kind }) => kind === COMMAND_KIND.metronome);
    expect(off.map(({ flags }) => flags & COMMAND_FLAGS.on)).toEqual([0]);
    expect(rig.state.transport.metronome).toMatchObject({ on: false, standby: true });
    await rig.ask(metronome(true));
    expect(rig.state.transport.metronome).toMatchObject({ on: true, standby: true });
  });

  test('without standby goes on', async () => {
    const rig = new Rig();
    await rig.ask(metronome(true, false));
    await capture(rig, 0);
    expect(rig.state.transport.metronome.on).toBeTrue();
  });

  test('while a capture records it counts on; a muted loop that is cleared changes nothing', async () => {
    const rig = new Rig();
    await rig.ask(metronome(true, true));
    rig.core.isLineAhead = true;
    await rig.ask({ cmd: 'TRIGGER_SLOT', slot: 0, bars: 1, quantized: true });
    expect(rig.state.transport.metronome.on).toBeTrue();
    await rig.reachLine();
    expect(rig.state.transport.metronome.on).toBeFalse();
    await rig.ask(metronome(true));
    await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
    expect(rig.state.transport.metronome.on).toBeTrue();
  });

  test('is remembered, also by a store that knows nothing of standby', async () => {
    const rig = new Rig();
    await rig.ask(metronome(true, true));
    const mix = mixOf(rig.state);
    expect(new Rig({ mix }).state.transport.metronome.standby).toBeTrue();
    const { standby: _, ...old } = mix.metronome;
    expect(new Rig({ mix: { ...mix, metronome: old } }).state.transport.metronome).toEqual({
      ...old,
      standby: false,
    });
  });
});
