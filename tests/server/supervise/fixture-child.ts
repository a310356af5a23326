/**
 * A child that lives as told by the variable FIXTURE: supervised like engine and gateway.
 *
 * `live` beats for ever; `stand-still` spins in JavaScript after it said that its port is 99; `fail`
 * cannot start; `refuse-2` and `refuse-4` live the first time and cannot start again, with that code;
 * `die` exits with 1 before it is ready, `brief` 0.1 s after it; `deaf` does not listen to the order to end;
 * `drain` takes six seconds for it, and says twice a second that it does. What it hears lies in the file that
 * HEARS names; ORPHAN_MS is what it is given to end when its launcher is gone.
 */
import { appendFileSync } from 'node:fs';
import { readConfig } from '../../../server/config.ts';
import { joinLauncher } from '../../../server/supervise/child-life.ts';

const hearsPath = process.env['HEARS'];
const how = process.env['FIXTURE'] ?? 'live';
const orphanMs = process.env['ORPHAN_MS'];
const drain = () => {
  setInterval(() => life.tell({ t: 'draining' }), 500);
  setTimeout(() => {
    if (hearsPath !== undefined) appendFileSync(hearsPath, 'drained\n');
    process.exit(0);
  }, 6000);
};
const life = joinLauncher({
  orphanMs: orphanMs === undefined ? undefined : Number(orphanMs),
  onEnd: (hurry) => {
    if (how === 'deaf' && !hurry) return;
    if (how === 'drain' && !hurry) return drain();
    process.stderr.write(`fixture ends, hurry=${hurry}\n`);
    process.exit(0);
  },
  onMessage(message) {
    process.stderr.write(`fixture hears ${JSON.stringify(message)}\n`);
    if (hearsPath !== undefined) appendFileSync(hearsPath, `${JSON.stringify(message)}\n`);
  },
});

if (how === 'fail') {
  life.tell({ t: 'failed', exit: 3, says: 'port 4800 is in use' });
  process.exit(3);
}
if (how.startsWith('refuse-') && readConfig().isRestart) {
  const exit = Number(how.slice('refuse-'.length));
  life.tell({ t: 'failed', exit, says: 'it lacks something' });
  process.exit(exit);
}
if (how === 'die') process.exit(1);
life.tell({ t: 'ready', port: readConfig().port === 0 ? 4321 : readConfig().port });
if (how === 'brief') setTimeout(() => process.exit(1), 100);
if (how === 'stand-still') {
  setTimeout(() => {
    life.tell({ t: 'ready', port: 99 });
    for (;;);
  }, 50);
}
