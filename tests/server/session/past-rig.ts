/** A session whose core has told its grid, and what tests ask of its past. */
import { EVENT_KIND } from '../../../protocol/abi.ts';
import type { SessionCommand } from '../../../protocol/commands.ts';
import { Rig } from './rig.ts';
import { BEAT_FRAMES, makeEvent } from './scripted-core.ts';

export const adjust = (
  slot: number,
  how: Omit<SessionCommand & { cmd: 'ADJUST_LOOP' }, 'cmd' | 'slot'>,
) => ({ cmd: 'ADJUST_LOOP', slot, ...how }) as const;
export const reach = (slot: number, fromBar: number, bars: 1 | 2 | 4 = 2) =>
  ({ cmd: 'REACH_BACK', slot, fromBar, bars }) as const;
export const restore = (slot: number, takeId: string) =>
  ({ cmd: 'RESTORE_TAKE', slot, takeId }) as const;

export const rangeOf = (rig: Rig) => rig.core.kept.at(-1);
export const lastRiff = (rig: Rig) => rig.writes.findLast((write) => write.kind === 'riff');

/** A rig whose core has told its grid, as the real one does with its first block. */
export const makeRig = (): Rig => {
  const rig = new Rig();
  tellGrid(rig, { fromFrame: 0 });
  return rig;
};

export const tellGrid = (rig: Rig, grid: object): void =>
  rig.session.onEvents([
    makeEvent({ kind: EVENT_KIND.grid, lengthBeats: 4, framesPerBeat: BEAT_FRAMES, ...grid }),
  ]);
