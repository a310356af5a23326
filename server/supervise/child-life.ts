/**
 * The child's side of supervision: beats, the order to end, and an end of its own when the launcher
 * is gone.
 *
 * A child sees the launcher's death as `disconnect`, but only when it listens to `message` too
 * (measured); both listeners live here. One whose main thread spins is ended by a thread beside it.
 */
import { LIMITS } from '../../protocol/limits.ts';
import type { FromChild, ToChild } from './ipc.ts';

export interface ChildLifeOptions {
  /** Called once or twice: the second time with `hurry`. Must end the process. */
  onEnd(hurry: boolean): void;
  onMessage?(message: ToChild): void;
  /** How long an end in order may take once the launcher is gone; tests shorten it. */
  readonly orphanMs?: number | undefined;
}

export interface ChildLife {
  /** Never throws; a launcher that is gone hears nothing. */
  tell(message: FromChild): void;
  stop(): void;
}

/** More than the engine needs for audio and store. */
const ORPHAN_MS = 5 * LIMITS.shutdownMs;

const watchLauncher = (graceMs: number): Worker => {
  const worker = new Worker(new URL('./orphan-worker.ts', import.meta.url));
  // Without the thread the next launcher finds an orphan by its pid.
  worker.addEventListener('error', () => undefined);
  worker.postMessage({ launcherPid: process.ppid, graceMs }, []);
  return worker;
};

const tell = (message: FromChild) => {
  if (!process.connected) return;
  try {
    process.send?.(message);
  } catch {
    // The channel closed between the check and the call: `disconnect` follows.
  }
};

// A terminal sends its signals to the whole group; the launcher decides what they mean.
const ignore = () => undefined;

export const joinLauncher = (options: ChildLifeOptions): ChildLife => {
  const onMessage = (message: ToChild) => {
    if (message.t === 'end') options.onEnd(message.hurry);
    else options.onMessage?.(message);
  };
  const onEnd = () => options.onEnd(false);
  process.on('message', onMessage);
  process.on('disconnect', onEnd);
  process.on('SIGTERM', onEnd);
  process.on('SIGINT', ignore);
  process.on('SIGHUP', ignore);

  const beat = () => tell({ t: 'beat' });
  beat();
  const timer = setInterval(beat, LIMITS.heartbeatMs);
  const watch = watchLauncher(options.orphanMs ?? ORPHAN_MS);
  return {
    tell,
    stop() {
      watch.terminate();
      clearInterval(timer);
      process.off('message', onMessage);
      process.off('disconnect', onEnd);
      process.off('SIGTERM', onEnd);
      process.off('SIGINT', ignore);
      process.off('SIGHUP', ignore);
    },
  };
};
