/**
 * The gateway process: started by the launcher, ended by it, replaced whenever it dies.
 *
 * Wires the gateway to the launcher and nothing else.
 */
import { EXIT } from '../../protocol/errors.ts';
import { readConfig } from '../config.ts';
import { joinLauncher } from '../supervise/child-life.ts';
import { makeLog } from '../telemetry/log.ts';
import { LinkPathError } from './engine-link.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { errorText } from './messages.ts';

const log = makeLog({ name: 'gateway' });
const config = readConfig();
let gateway: Gateway | null = null;

const end = (code: number) => {
  gateway?.stop();
  process.exit(code);
};

const life = joinLauncher({
  onEnd: () => end(EXIT.ended),
  onMessage: (message) => {
    if (message.t === 'controlFrozen') gateway?.setFrozen(message.frozen);
  },
});

const fail = (error: unknown) => {
  log('error', 'crash', { error: errorText(error) });
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
  gateway = startGateway({ ...config, log });
  life.tell({ t: 'ready', port: gateway.port });
} catch (error) {
  const trouble = troubleOf(error);
  if (trouble === null) throw error;
  life.tell({ t: 'failed', ...trouble });
  end(trouble.exit);
}
