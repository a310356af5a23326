/** Who gets which message; what a new engine makes void. */
import type { Message, MessageOf } from '../../protocol/messages.ts';
import type { Features } from './create-features.ts';
import type { Overlay } from './create-overlay.ts';
import type { Replica } from './create-replica.ts';
import type { Toasts } from './create-toasts.ts';
import type { ServerClock } from './make-clock.ts';
import type { Requests } from './make-requests.ts';

interface RouterParts {
  readonly replica: Replica;
  readonly requests: Requests;
  readonly overlay: Overlay;
  readonly toasts: Toasts;
  readonly clock: ServerClock;
  readonly features: Features;
  readonly onParams: (message: MessageOf<'PARAMS'>) => void;
  readonly onFigures: (message: MessageOf<'METRICS_HISTORY'>) => void;
  /** @param why What it waits for, when that is known. */
  readonly setEngineDown: (isDown: boolean, why?: string) => void;
  /** The time of a new engine is not known yet. */
  readonly askTime: () => void;
  readonly nowMs: () => number;
}

const ENGINE_RESTARTING = 1010;
const CONTROL_FROZEN = 1011;

export const makeRouter = (parts: RouterParts) => {
  const { replica, requests, toasts, clock } = parts;
  let clientId = '';

  const takeFull = (message: MessageOf<'STATE_FULL'>) => {
    if (message.epoch !== replica.epoch()) {
      clock.reset();
      parts.features.reset();
      requests.failAll();
      // A new line asks by itself.
      if (replica.isReady()) parts.askTime();
    }
    parts.setEngineDown(false);
    toasts.over(CONTROL_FROZEN);
    parts.overlay.expire();
    replica.takeFull(message);
  };

  return {
    clientId: () => clientId,
    take(message: Message) {
      if (requests.settle(message)) return undefined;
      switch (message.type) {
        case 'WELCOME':
          clientId = message.clientId;
          return undefined;
        case 'STATE_FULL':
          return takeFull(message);
        case 'STATE_PATCH':
          return replica.takePatch(message);
        case 'PONG':
          return clock.addPong(message.t0, message.t1, parts.nowMs());
        case 'PARAMS':
          return parts.onParams(message);
        case 'METRICS_HISTORY':
          return parts.onFigures(message);
        case 'NOTICE':
          if (message.code === ENGINE_RESTARTING) return parts.setEngineDown(true, message.detail);
          return void toasts.showCode(message.code, undefined, message.detail);
        case 'ERROR':
          if (message.code === ENGINE_RESTARTING) return parts.setEngineDown(true);
          return void toasts.showCode(message.code, message.msg);
        default:
          return undefined;
      }
    },
  };
};
