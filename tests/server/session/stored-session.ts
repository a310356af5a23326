/** A session that is started on what a store remembers: loops in slots 0 and 3. */
import type { CoreCommand } from '../../../server/session/core/port.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { barZero, EMPTY_SLOT, type Riff } from '../../../server/session/riffs/riff.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeTake } from '../store/samples.ts';
import { Rig, type RigOptions } from './rig.ts';

export const id = (last: string) => `aaaaaaaa-0000-4000-8000-${last.padStart(12, '0')}`;

/** A stored head with loops in slots 0 and 3, begun at session beats 40 and 52. */
export const stored = (): { history: History; takes: Takes; head: Riff } => {
  const history = new History(rootRiff('root', 0, 120));
  const takes = new Takes('/data');
  const loopAt = (takeId: string, originBeat: number) => ({
    ...EMPTY_SLOT,
    loop: { takeId, bars: 4, lengthBeats: 16, originBeat, offsetFrames: 0 },
  });
  const slots = [loopAt(id('1'), 41), EMPTY_SLOT, EMPTY_SLOT, loopAt(id('3'), 52)];
  const head: Riff = {
    ...rootRiff('head', 0, 120),
    parentId: 'root',
    seq: 1,
    cause: 'CAPTURE',
    slots,
  };
  history.add(head);
  for (const takeId of [id('1'), id('3')]) takes.restore(makeTake(takeId));
  return { history, takes, head };
};

export const started = async (more: RigOptions = {}) => {
  const session = stored();
  const rig = new Rig({ ...session, gridShift: -barZero(session.head), ...more });
  const groups: CoreCommand[][] = [];
  const { send } = rig.core;
  rig.core.send = (commands) => {
    groups.push([...commands]);
    return send.call(rig.core, commands);
  };
  rig.session.start();
  return { rig, groups };
};
