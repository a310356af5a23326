/**
 * What is kept of a take beside what was heard: the sound before the plug-ins of the input, and the
 * keys that their instruments were played with.
 *
 * The core has the dry sound of the last minutes, on the frames of what was heard. It is asked for with
 * each take and gets files of its own; where no plug-in changed anything there is none. It is told when
 * it is on disk, never before: what a crash takes until then nobody was promised.
 */
import { RANGE_FLAGS } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { chainAt } from '../chains/chain-keeper.ts';
import type { SessionContext } from '../context.ts';
import type { CorePort } from '../core/port.ts';
import { TakePlaces } from './take-places.ts';
import type { DrySide, Take } from './takes.ts';

interface Asked {
  readonly wetId: string;
  readonly sessionId: string;
  readonly take: Take;
  readonly notes: DrySide['notes'];
}

export class DryTakes {
  readonly #core: Pick<CorePort, 'keepTake'>;
  /** By the id of the dry take. */
  readonly #asked = new Map<string, Asked>();

  constructor(core: Pick<CorePort, 'keepTake'>) {
    this.#core = core;
  }

  /** A take was made of frames that were played in this run: its dry side shall have files. */
  ask(context: SessionContext, wet: Take): void {
    const { chains, dataFolder, newId, runId, state } = context;
    if (wet.source !== 0 || wet.runId !== runId || !chains.hadChain('input')) return;
    const take = { ...wet, id: newId(), source: LIMITS.drySource };
    const range = new TakePlaces(dataFolder).range(take);
    if (this.#core.keepTake({ ...range, flags: RANGE_FLAGS.aside }) !== 0) return;
    const notes = context.notes.heard(wet, lateness(context));
    const { sessionId } = state.meta;
    this.#asked.set(take.id, { wetId: wet.id, sessionId, take, notes });
  }

  /** The window of this take has a file. */
  onFile(context: SessionContext, takeId: string): void {
    const asked = this.#asked.get(takeId);
    if (!asked) return;
    this.#asked.delete(takeId);
    const { history, log, takes } = context;
    const { notes, sessionId, wetId } = asked;
    const take = { ...asked.take, tainted: takes.get(wetId)?.tainted ?? asked.take.tainted };
    takes.add(take);
    takes.setDrySide(wetId, { takeId, notes });
    log.addDry({ kind: 'dry', sessionId, takeId: wetId, take, notes });
    context.apply({ t: 'history', history: history.view() });
  }

  /** There is no such dry side, or it cannot be kept; false when it was not asked for. */
  onNone(takeId: string): boolean {
    return this.#asked.delete(takeId);
  }
}

/** How much later than its key each instrument of the input is heard: by its own hop and those behind it. */
const lateness = ({ rack, state }: SessionContext): Map<string, number> => {
  const late = new Map<string, number>();
  let frames = 0;
  let hostId: string | null = null;
  for (const id of chainAt(state, 'input').toReversed()) {
    const plugin = state.plugins[id];
    if (!plugin || !rack.isLoaded(id)) continue;
    // Neighbours in one process are one hop; an instrument begins another.
    if (hostId !== plugin.hostId || hostId === null) frames += state.devices.blockFrames;
    frames += plugin.latencyFrames;
    hostId = plugin.isInstrument ? null : plugin.hostId;
    if (plugin.isInstrument) late.set(id, frames);
  }
  return late;
};
