/** What the log says of the sound: each dropout with its frames, and a device that goes or is back. */
import { EVENT_KIND } from '../../protocol/abi.ts';
import { errorByCode } from '../../protocol/errors.ts';
import type { CoreEvent } from '../session/core/port.ts';
import type { Log } from '../telemetry/log.ts';

export const makeAudioLog = (log: Log) => ({
  /** The same events, after what they say of the sound is in the log. */
  reading<Event extends CoreEvent>(events: Event[]): Event[] {
    for (const { code, detail, frame, kind, value } of events) {
      if (kind === EVENT_KIND.xrun) {
        log('warn', 'dropout', { fromFrame: frame - value, toFrame: frame });
      } else if (kind === EVENT_KIND.device) {
        const isOver = detail !== 0;
        const { name: codeName } = errorByCode(code) ?? {};
        log(isOver ? 'info' : 'warn', 'device', { code, codeName, isOver });
      }
    }
    return events;
  },
});
