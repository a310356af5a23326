/**
 * The gateway process: started by the launcher, ended by it, replaced whenever it dies.
 *
 * Wires the gateway to the launcher and nothing else.
 */
import { EXIT } from '../../protocol/errors.ts';
import { readConfig } from '../config.ts';
import { thisPlace } from '../lan.ts';
import { joinLauncher } from '../supervise/child-life.ts';
import { openProcessLog } from '../telemetry/process-log.ts';
import { LinkPathError } from './engine-link.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { errorText } from './messages.ts';
import { type Advertisement, advertise } from './pairing/advertise.ts';
import { advertiseByResponder } from './pairing/advertise-mac.ts';

const config = readConfig();
const { log, flushNow } = openProcessLog('gateway', config.dataFolder);
let gateway: Gateway | null = null;
let advertisement: Advertisement | null = null;

const end = (code: number) => {
  advertisement?.stop();
  gateway?.stop();
  flushNow();
  process.exit(code);
};

const life = joinLauncher({
  onEnd: () => end(EXIT.ended),
  onMessage: (message) => {
    if (message.t === 'controlFrozen') gateway?.setFrozen(message.frozen);
    if (message.t === 'engineRefused') gateway?.setRefused(message.says);
  },
});

const fail = (error: unknown) => {
  log('error', 'crash', { error: errorText(error) });
  flushNow();
  process.exit(1);
};
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

/** What the player can mend: port or run folder; null for any other failure. */
const troubleOf = (error: unknown): { exit: number; says: string } | null => {
  if (error instanceof LinkPathError) return { exit: EXIT.dataUnusable, says: error.message };
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') {
    return { exit: EXIT.portInUse, says: `port ${config.port} is in use` };
  }
  if (code === 'EACCES') return { exit: EXIT.usage, says: `port ${config.port} is not allowed` };
  return null;
};

try {
  const place = config.lan ? thisPlace() : null;
  const host = place === null ? config.host : '0.0.0.0';
  gateway = startGateway({ ...config, config, host, lan: place, log });
  const tell = process.platform === 'darwin' ? advertiseByResponder : advertise;
  if (place !== null) advertisement = tell({ place, port: gateway.port, log });
  life.tell({ t: 'ready', port: gateway.port });
} catch (error) {
  const trouble = troubleOf(error);
  if (trouble === null) throw error;
  life.tell({ t: 'failed', ...trouble });
  end(trouble.exit);
}
