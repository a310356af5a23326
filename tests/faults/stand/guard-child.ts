/**
 * Counts one crash as the launcher does, in a process of its own:
 *
 *   bun tests/faults/stand/guard-child.ts CRASHES.json UNIX-MS
 *
 * Says how the next engine starts.
 */
import { CrashGuard } from '../../../server/supervise/crash-guard.ts';

const [path = '', atMs = ''] = process.argv.slice(2);
const guard = new CrashGuard({
  path,
  clock: () => Number(atMs),
  isOff: false,
  firstStep: 0,
  onUnkept(error) {
    throw error;
  },
});
guard.onDeath({ what: 'the audio device (headless)', sinceMs: Number(atMs) });
process.stdout.write(`${guard.safe?.step ?? 0}`);
