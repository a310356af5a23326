/** The engine process: started by the launcher, ended by it. */
import { EXIT } from '../../protocol/errors.ts';
import { wallClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { joinLauncher } from '../supervise/child-life.ts';
import { RiskNote } from '../supervise/risk.ts';
import { openProcessLog } from '../telemetry/process-log.ts';
import type { Next } from './engine-options.ts';
import { type Engine, startEngine } from './engine.ts';
import { refusalOf } from './refusal.ts';

let engine: Engine | null = null;
let isEnding = false;
const config = readConfig();
const { log, flushNow } = openProcessLog('engine', config.dataFolder, () => engine?.about() ?? {});

const end = async (hurry: boolean, next: Next = 'none') => {
  if (hurry) process.exit(EXIT.ended);
  if (isEnding) return;
  isEnding = true;
  await engine?.end(next);
  flushNow();
  process.exit(EXIT.ended);
};

const life = joinLauncher({
  onEnd: (hurry) => void end(hurry),
});

/** A crash: the launcher starts the next one, which adopts what this one leaves. */
const crash = (error: unknown) => {
  log('error', 'crash', {
    error: error instanceof Error ? (error.stack ?? String(error)) : String(error),
  });
  flushNow();
  process.exit(1);
};
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const risk = new RiskNote(config.runFolder, wallClock);
try {
  engine = await startEngine({
    config,
    log,
    risk,
    onReady: () => life.tell({ t: 'ready' }),
    onDraining: () => life.tell({ t: 'draining' }),
    onLeaveSafeMode() {
      life.tell({ t: 'leaveSafe' });
      void end(false, 'adopts');
    },
    onMakeWay() {
      log('info', 'all from before is safe: the device is opened', {});
      void end(false, 'afresh');
    },
  });
} catch (error) {
  const refusal = refusalOf(error);
  // Once it ran, the next step of Safe Mode may go round a fault; it names what this one was about.
  if (refusal === null && config.isRestart) crash(error);
  risk.over();
  const exit = refusal ?? EXIT.dataUnusable;
  const says = error instanceof Error ? error.message : String(error);
  log('debug', 'the engine could not be started', { exit, says });
  life.tell({ t: 'failed', exit, says });
  flushNow();
  process.exit(exit);
}
