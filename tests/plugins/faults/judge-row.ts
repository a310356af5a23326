/** Whether a row is as the table of modes says; each difference is a sentence. */
import { type Mode, titleOf } from './modes.ts';
import { RATE } from '../../judge/stage.ts';
import type { Row } from './row.ts';
import { BLOCK_FRAMES } from './stage.ts';

/** Nothing here is louder than the noise that goes in; a crossfade may add up to that. */
const LOUDEST = 1;
/** A crossfade comes near any gain for a moment. */
const FADE_FRAMES = 16;
/** No process of plug-ins takes as much more than it had when they were loaded. */
const GREW_MIB_MAX = 1024;
/** So long is a block: more of the audio thread's own time, and it is late by our doing alone. */
const BLOCK_US = Math.floor((1e6 * BLOCK_FRAMES) / RATE);
/** A machine that is this busy proves nothing. */
const WET_SHARE_MIN = 0.5;

const soundFaults = (mode: Mode, { heard, outcome, path }: Row): string[] => {
  if (!heard) return [];
  const { after, before, bypassedFrames, dryMs, isWetAtEnd } = heard;
  const bad = before.nonFinite + after.nonFinite;
  const faults: string[] = [];
  if (bad > 0) faults.push(`${bad} samples of the master are no numbers`);
  if (!(Math.max(before.loudest, after.loudest) <= LOUDEST)) faults.push('the master is too loud');
  if (mode.isOtherSound) return faults;
  const strays = before.strayFrames + after.strayFrames;
  if (strays > (mode.strayFramesMax ?? 0))
    faults.push(`${strays} frames are neither wet nor dry: not one for one`);
  const others = before.otherGainFrames + after.otherGainFrames;
  if (others >= FADE_FRAMES && !mode.otherGains)
    faults.push(`${others} frames without the player's gain`);
  if (
    !mode.settleMs &&
    before.frames > 0 &&
    before.wetFrames + before.otherGainFrames < WET_SHARE_MIN * before.frames
  )
    faults.push('it was not heard before the fault');
  if (mode.isBypassed === true && bypassedFrames === 0) faults.push('it was never bypassed');
  const mustBeWet = ['on', 'restarted', 'quarantined'].includes(outcome);
  if (mustBeWet && !isWetAtEnd) faults.push('it is not heard in the end');
  if (path === 'input' && mode.dryMsMax !== undefined && dryMs > mode.dryMsMax)
    faults.push(`dry for ${dryMs} ms, at most ${mode.dryMsMax}`);
  if (mode.dryMsMin !== undefined && dryMs < mode.dryMsMin)
    faults.push(`dry for ${dryMs} ms, at least ${mode.dryMsMin}`);
  return faults;
};

export const judgeRow = (mode: Mode, row: Row): string[] => {
  const codes = Object.entries(mode.outcomes).find(([outcome]) => outcome === row.outcome)?.[1];
  const untold = (codes ?? []).filter((code) => !row.words.codes.includes(code));
  const expected = Object.keys(mode.outcomes).join(' or ');
  return [
    ...(codes ? [] : [`it is ${row.outcome}, not ${expected}`]),
    ...untold.map((code) => `${code} was not told`),
    ...(row.isMateOn === false ? ['its mate is not heard'] : []),
    ...(row.leftCount > 0 ? [`${row.leftCount} processes outlive the one that fell`] : []),
    ...(row.grewMiB > GREW_MIB_MAX ? [`it grew by ${row.grewMiB} MiB before it was ended`] : []),
    ...(row.times.cpuMaxUs > BLOCK_US
      ? [`a block took ${row.times.cpuMaxUs} us of the audio thread, of ${BLOCK_US} there are`]
      : []),
    ...(row.gapFrames > 0 ? [`${row.gapFrames} frames are missing on disk`] : []),
    ...soundFaults(mode, row),
  ].map((text) => `${titleOf(mode)}, ${row.path}: ${text}`);
};
