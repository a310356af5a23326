/** A session on a scripted core that tells its grid. */
import { EVENT_KIND } from '../../../protocol/abi.ts';
import { Rig } from './rig.ts';
import { BEAT_FRAMES, makeEvent } from './core-event.ts';

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
