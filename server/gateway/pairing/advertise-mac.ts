/**
 * Tells the network that FlowZone is here, through the responder that macOS has.
 *
 * It keeps the port, answers to the computer's name and follows its addresses; a second one beside it
 * would quarrel with it for the name. What it is told holds as long as the program that told it runs: that
 * one must not outlive a gateway that was killed.
 */
import { errorText } from '../messages.ts';
import type { Advertisement, AdvertiseOptions } from './advertise.ts';
import { serviceName } from './service-name.ts';

const PROGRAM = '/usr/bin/dns-sd';

/**
 * The shell ends the program when its own input does, which is with the gateway however that ends. Ctrl-C at
 * a terminal reaches the shell too, and not the program.
 */
const WHILE_WE_LIVE =
  'trap "" INT HUP; "$0" -R "$1" _http._tcp local "$2" path=/ & read -r line; kill $!; wait';

export const advertiseByResponder = (
  { log, place, port }: Omit<AdvertiseOptions, 'lookMs'>,
  program = PROGRAM,
): Advertisement => {
  const begun = Promise.resolve();
  try {
    const argv = ['/bin/sh', '-c', WHILE_WE_LIVE, program, serviceName(place, port), String(port)];
    const shell = Bun.spawn(argv, { stdin: 'pipe', stdout: 'ignore', stderr: 'ignore' });
    shell.unref();
    return { begun, stop: () => void shell.stdin.end() };
  } catch (error) {
    log('warn', 'not told to the network', { error: errorText(error) });
    return { begun, stop: () => {} };
  }
};
