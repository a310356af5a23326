/** Where the music is: status for the beat, the newest feature frame for the bar. */
import { FEATURE_HEADER } from '../../protocol/features.ts';
import type { CoreGrid } from '../session/core/port.ts';
import type { EngineStatus } from './flow-core.ts';

const at = (word: number) => 4 * word;

export const makeGridReader = (status: () => EngineStatus, meterBeats: () => number) => {
  let barPhase = 0;
  let barBeat = 0;
  return {
    onFeatures(frame: Uint8Array): void {
      const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
      barPhase = view.getFloat32(at(FEATURE_HEADER.barPhase), true);
      const beat = view.getInt32(at(FEATURE_HEADER.beat), true);
      const frac = view.getFloat32(at(FEATURE_HEADER.beatFrac), true);
      barBeat = Math.round(beat + frac - barPhase * meterBeats());
    },
    grid(): CoreGrid {
      const { beat, beatFrac, frame, framesPerBeat } = status();
      return { frame, beat, beatFrac, framesPerBeat, barPhase, barBeat };
    },
  };
};
