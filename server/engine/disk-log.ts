/** What the log says of the disk: how it is, each gap to the frame, and books that do not add up. */
import { EVENT_KIND } from '../../protocol/abi.ts';
import type { CoreEvent } from '../session/core-port.ts';
import type { Log } from '../telemetry/log.ts';
import type { EngineStatus } from './flow-core.ts';
import { DISK_STATES } from './health.ts';

/** Of a gap, by its number. */
const REASONS = ['', 'the disk was too slow', 'the disk refused', 'no engine was running'] as const;

const ENGINE_RESTART = 3;

type Books = Pick<
  EngineStatus,
  'framesIn' | 'framesDurable' | 'framesWritten' | 'framesQueued' | 'framesGap'
>;

export const makeDiskLog = (log: Log) => {
  let isWrong = false;
  return {
    /** The same events, after what they say of the disk is in the log. */
    reading<Event extends CoreEvent>(events: Event[]): Event[] {
      for (const { kind, detail, fromFrame, toFrame, value } of events) {
        if (kind === EVENT_KIND.gap) {
          const frames = toFrame - fromFrame;
          log(detail === ENGINE_RESTART ? 'warn' : 'error', 'recording gap', {
            fromFrame,
            toFrame,
            frames,
            why: REASONS[detail],
          });
        } else if (kind === EVENT_KIND.disk) {
          const level = detail === 0 && value === 0 ? 'info' : 'warn';
          log(level, 'disk', { state: DISK_STATES[detail], isSpaceLow: value !== 0 });
        }
      }
      return events;
    },

    /** Every frame that came in is somewhere; said once when one is not. */
    onStatus({ framesIn, framesDurable, framesWritten, framesQueued, framesGap }: Books): void {
      const difference = framesIn - framesDurable - framesWritten - framesQueued - framesGap;
      if (difference !== 0 && !isWrong) {
        log('error', 'frames of the recording are not accounted for', { difference, framesIn });
      }
      isWrong = difference !== 0;
    },
  };
};
