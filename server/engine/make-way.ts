/** A stand-in for a device of another rate makes way for it when all that the ring holds is safe. */
import type { Session } from '../session/session.ts';
import type { StoreClient } from '../session/store/client.ts';
import type { EngineStatus } from './flow-core.ts';
import type { StartedCore } from './start-core.ts';

export interface MakeWayOptions {
  readonly started: Pick<StartedCore, 'makesWay'>;
  readonly session: Pick<Session, 'isSettled'>;
  readonly store: Pick<StoreClient, 'waitingCount'>;
  /** Called once. */
  onSafe(): void;
}

/** What the stand-in itself has heard meanwhile is silence. */
const OWED_SECONDS_MAX = 2;

export const isSafe = (
  { session, store }: Pick<MakeWayOptions, 'session' | 'store'>,
  { framesDurable, framesGap, framesIn, sampleRateHz }: EngineStatus,
): boolean =>
  session.isSettled &&
  store.waitingCount === 0 &&
  framesIn > 0 &&
  framesIn - framesDurable - framesGap < OWED_SECONDS_MAX * sampleRateHz;

/** Called with each status. */
export const makeWayWatch = (options: MakeWayOptions) => {
  let isOver = !options.started.makesWay;
  return (status: EngineStatus): void => {
    if (isOver || !isSafe(options, status)) return;
    isOver = true;
    options.onSafe();
  };
};
