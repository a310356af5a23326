/** Another program at a JACK server: it plays numbered frames to FlowZone, and notes what it hears. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { JackServer } from '../../judge/jack.ts';
import { compile } from './native.ts';

export interface Witness {
  /** Where its notes will be. */
  readonly path: string;
  /** Writes them. */
  end(): Promise<void>;
}

/** Ends when it is connected to FlowZone. */
export const openWitness = async ({ env }: JackServer, home: string): Promise<Witness> => {
  const source = join(import.meta.dirname, 'jack-witness.c');
  const command = compile('jack-witness', source, ['-l:libjack.so.0']);
  const path = join(home, 'heard');
  const child = spawn(command, [path], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const isReady = once(child.stdout, 'data').then(() => null);
  const failed = await Promise.race([isReady, ended]);
  if (failed !== null) throw new Error(`the witness ended with ${failed[0]}: ${said}`);
  return {
    path,
    async end() {
      child.stdin.end();
      const [code] = await ended;
      if (code !== 0) throw new Error(`the witness ended with ${code}: ${said}`);
    },
  };
};
