/**
 * Audio files that no step of any session names: of a session file that was lost, put there by hand,
 * or cut off from their row. They become takes, and one step of the history beside the present.
 *
 * REDO brings it in, unless the player has undone something: then that stays what REDO brings back.
 */
import { LOOP_BARS } from '../../../protocol/limits.ts';
import type { SessionContext } from '../context.ts';
import type { FoundFile } from '../keeper/keeper-port.ts';
import { idOfText } from './recipe.ts';
import { LABELS } from '../riffs/riff.ts';
import { commitAside, inSessionBeats, slotsNow } from '../riffs/riff-maker.ts';
import type { TakeFile } from './take-safety.ts';
import { loopOf, type Take } from './takes.ts';

/** Of a file whose tempo nobody knows: what a player would most likely have had. */
const SLOWEST_BPM = 80;
const BEATS_PER_BAR = 4;

/** In whole bars at a tempo of this session, else at the one between 80 and 160 that makes it so. */
const barsOf = ({ takes }: SessionContext, { frames, rateHz }: FoundFile): number => {
  for (const known of takes.played()) {
    const bars = frames / (known.framesPerBeat * BEATS_PER_BAR);
    if (known.rateHz === rateHz && LOOP_BARS.some((each) => each === bars)) return bars;
  }
  const slowest = (frames / rateHz) * (SLOWEST_BPM / 60 / BEATS_PER_BAR);
  return 2 ** Math.max(0, Math.ceil(Math.log2(slowest)));
};

const runOf = ({ sha256 }: FoundFile): string => sha256.slice(0, 32);

const takeOf = (context: SessionContext, file: FoundFile): Take => {
  const bars = barsOf(context, file);
  const lengthBeats = bars * BEATS_PER_BAR;
  const framesPerBeat = file.frames / lengthBeats;
  return {
    id: idOfText(`found ${file.sha256}`),
    runId: runOf(file),
    source: 0,
    fromFrame: 0,
    toFrame: file.frames,
    rateHz: file.rateHz,
    framesPerBeat,
    bpm: (60 * file.rateHz) / framesPerBeat,
    bars,
    originBeat: 0,
    lengthBeats,
    offsetFrames: 0,
    pressFrame: file.frames,
    tainted: false,
    acrossChange: false,
    recovered: true,
    loose: false,
    createdMs: context.wallClock(),
  };
};

/** Returns how many were new. At most as many as there are slots are taken. */
export const adoptFound = (context: SessionContext, found: readonly FoundFile[]): number => {
  const { log, state, takes } = context;
  const { sessionId } = state.meta;
  const fresh = found
    .map((file) => ({ file, take: takeOf(context, file) }))
    .filter(({ take }) => !takes.has(take.id))
    .slice(0, state.slots.length);
  if (fresh.length === 0) return 0;
  for (const { file, take } of fresh) {
    log.aside({ kind: 'foundRun', runId: runOf(file), sessionId, rateHz: file.rateHz });
    takes.add(take);
    takes.setDurable(take.id);
  }
  const files = fresh.map(({ file: { bytes, sha256 }, take }): TakeFile => {
    const row = { takeId: take.id, part: 'window', sha256, bytes, preFrames: 0 } as const;
    takes.setFile(row);
    return row;
  });
  const slots = slotsNow(context).map((now, slot) => {
    const take = fresh[slot]?.take;
    return take ? { ...now, loop: inSessionBeats(loopOf(take), context.gridShift) } : now;
  });
  const label = LABELS.found(fresh.length);
  commitAside(context, { cause: 'RESTORE', label, keepsRedo: true, files }, slots);
  return fresh.length;
};
