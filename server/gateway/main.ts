/**
 * The gateway process: started by the launcher, ended by it, replaced whenever it dies.
 *
 * Wires the gateway to the launcher and nothing else.
 */
import { EXIT } from '../../protocol/errors.ts';
import { readConfig } from '../config.ts';
import { joinLauncher } from '../supervise/child-life.ts';
import { type Gateway, startGateway } from './gateway.ts';
import type { Log } from './log.ts';

const log: Log = (level, event, fields) => {
  process.stderr.write(`${JSON.stringify({ level, event, ...fields })}\n`);
};

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
  log('error', 'uncaught', { error: String(error) });
  process.exit(1);
};
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

try {
  gateway = startGateway({ ...config, log });
  life.tell({ t: 'ready', port: gateway.port });
} catch (error) {
  if (!isPortTaken(error)) throw error;
  life.tell({ t: 'failed', exit: EXIT.portInUse, says: `port ${config.port} is in use` });
  end(EXIT.portInUse);
}
