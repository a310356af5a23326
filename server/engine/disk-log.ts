/** What the log says of the disk: how it is, each gap to the frame, and books that do not add up. */
import { DISK_STATE, EVENT_FLAGS, EVENT_KIND, GAP_REASON } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { idOfWords } from '../session/core/ids.ts';
import type { CoreEvent } from '../session/core/port.ts';
import type { Log, LogLevel } from '../telemetry/log.ts';
import type { EngineStatus } from './flow-core.ts';
import { diskStateOf } from './health.ts';

const REASONS: Readonly<Record<number, string>> = {
  [GAP_REASON.diskStalled]: 'the disk was too slow',
  [GAP_REASON.diskFailed]: 'the disk refused',
  [GAP_REASON.engineRestart]: 'no engine was running',
};

type Books = Pick<
  EngineStatus,
  'framesIn' | 'framesDurable' | 'framesWritten' | 'framesQueued' | 'framesGap'
>;

const isOutputGap = ({ code, kind }: CoreEvent): boolean =>
  kind === EVENT_KIND.notice && code === ERRORS.ERR_OUTPUT_GAP.code;

const isRotten = ({ code, kind }: CoreEvent): boolean =>
  kind === EVENT_KIND.notice && code === ERRORS.ERR_TAKE_DAMAGED.code;

const levelOf = ({ detail, flags }: CoreEvent): LogLevel => {
  // It is in the log of the engine that declared it.
  if ((flags & EVENT_FLAGS.recovered) !== 0) return 'info';
  return detail === GAP_REASON.engineRestart ? 'warn' : 'error';
};

export const makeDiskLog = (log: Log) => {
  let isWrong = false;
  return {
    /** The same events, after what they say of the disk is in the log. */
    reading<Event extends CoreEvent>(events: Event[]): Event[] {
      for (const event of events) {
        const { kind, detail, fromFrame, toFrame, value, value2 } = event;
        if (isRotten(event)) {
          log('error', 'the recording of a take has rotted', { takeId: idOfWords(event.id) });
        }
        if (isOutputGap(event)) {
          log('error', 'output gap', { fromFrame, toFrame, frames: value });
        }
        if (kind === EVENT_KIND.gap) {
          const frames = toFrame - fromFrame;
          log(levelOf(event), 'recording gap', {
            fromFrame,
            toFrame,
            frames,
            why: REASONS[detail],
          });
        } else if (kind === EVENT_KIND.disk) {
          const isWell = detail === DISK_STATE.ok && value === 0 && value2 === 0;
          log(isWell ? 'info' : 'warn', 'disk', {
            state: diskStateOf(detail),
            isSpaceLow: value !== 0,
            isSecondFolder: value2 !== 0,
          });
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
