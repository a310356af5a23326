/** The floor: how long a gateway takes from its start until its port answers, with nothing gone wrong. */
import { join } from 'node:path';
import { CONFIG_VARIABLE } from '../../../server/config.ts';
import type { FromChild } from '../../../server/supervise/ipc.ts';
import { makeFolder } from '../../judge/product.ts';

const MAIN = join(import.meta.dirname, '../../../server/gateway/main.ts');

export const plainStartMs = async (env: Readonly<Record<string, string>>): Promise<number> => {
  const folder = makeFolder();
  const config = {
    host: '127.0.0.1',
    lan: false,
    port: 0,
    linkPath: join(folder, 'link.sock'),
    webFolder: folder,
    dataFolder: folder,
    logFolder: null,
    rateLimit: true,
  };
  const ready = Promise.withResolvers<number>();
  const start = performance.now();
  const child = Bun.spawn([process.execPath, MAIN], {
    env: { ...process.env, ...env, [CONFIG_VARIABLE]: JSON.stringify(config) },
    stdio: ['ignore', 'ignore', 'inherit'],
    ipc(message: FromChild) {
      if (message.t === 'ready') ready.resolve(message.port ?? 0);
    },
    onExit: () => ready.reject(new Error('the gateway ended before it was ready')),
  });
  try {
    await fetch(`http://127.0.0.1:${await ready.promise}/api/health`);
    return performance.now() - start;
  } finally {
    child.kill('SIGKILL');
    await child.exited;
  }
};
