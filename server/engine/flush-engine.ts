/** The end of an engine process: what session, core and store still owe. */
import { wallClock } from '../clock.ts';
import type { CoreEvent } from '../session/core/port.ts';
import type { Log } from '../telemetry/log.ts';
import { drain } from './drain.ts';
import type { EngineOptions, Next } from './engine-options.ts';
import type { OpenedEngine } from './open-engine.ts';

const tellLeft = (log: Log, end: 'kept' | 'keptInPart', seconds: number): void => {
  if (end === 'kept') {
    log('error', 'the disk has not taken all of the sound: what is left waits in memory', {
      seconds,
      safe: 'the next start writes it; a restart of the computer would lose it',
    });
    return;
  }
  log('error', 'the disk has not taken all of the sound, and a part of it is lost', {
    seconds,
    safe: 'what was saved, and what shared memory had room for: the next start writes that',
  });
};

/**
 * What is owed is written; what is not safe yet stays in the ring, and the next engine goes on with it.
 *
 * @param next `adopts`: it plays until its process is gone, so that the next one adopts all of it;
 *   `afresh`: all is known to be safe, and the next one begins a run of its own.
 */
export const flushEngine = async (
  { closeNotes, made, started, store }: OpenedEngine,
  poll: () => readonly CoreEvent[],
  { log, onDraining }: EngineOptions,
  next: Next,
) => {
  const hasNext = next === 'adopts';
  const { session } = made;
  const { core } = started;
  session.onEvents(poll());
  session.end();
  const onTurn = () => {
    onDraining();
    session.onEvents(poll());
  };
  const secondsLeft = hasNext ? 0 : await drain({ core, log, onTurn });
  session.onEvents(poll());
  await store.settle();
  const end = hasNext ? 'kept' : core.destroy();
  if (end === 'over' || next === 'afresh') {
    store.write({ kind: 'endRun', runId: started.runId, atMs: wallClock() });
  } else if (!hasNext) {
    tellLeft(log, end, secondsLeft);
  }
  const hasEnded = await store.end(wallClock());
  closeNotes();
  if (hasEnded) return;
  log('error', 'the store did not end in time', {
    waiting: store.waitingCount,
    safe: 'the next start writes it; a restart of the computer would lose it',
  });
};
