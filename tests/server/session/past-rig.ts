/** What tests ask of a session's past. */
import type { SessionCommand } from '../../../protocol/commands.ts';
import type { Rig } from './rig.ts';

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
