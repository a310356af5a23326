/** A JACK dummy server for as long as a measurement takes, or whoever asked for it lives. */
import { readdirSync, readFileSync } from 'node:fs';

export const withJack = async <T>(
  blockFrames: number,
  measure: (env: Record<string, string>, pid: number) => T | Promise<T>,
): Promise<T> => {
  const name = `flowzone-bench-${process.pid}`;
  const env = { JACK_DEFAULT_SERVER: name, JACK_NO_START_SERVER: '1' };
  const server = Bun.spawn(
    `setpriv --pdeathsig TERM jackd -n ${name} -d dummy -r 48000 -p ${blockFrames}`.split(' '),
    { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
  );
  try {
    const answers = () =>
      Bun.spawnSync(['jack_lsp'], { env: { ...process.env, ...env }, stderr: 'ignore' }).success;
    const end = performance.now() + 10_000;
    while (!answers()) {
      if (performance.now() > end) throw new Error('the JACK server did not start');
      await Bun.sleep(50);
    }
    return await measure(env, server.pid);
  } finally {
    server.kill('SIGTERM');
    await server.exited;
  }
};

/** CPU time that all threads of a process have had, by the scheduler's own books. */
const cpuMs = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'))
    .reduce((sum, line) => sum + Number.parseInt(line, 10) / 1e6, 0);

/** What the server takes of the machine while it has no client at all. */
export const idleJackMsPerSecond = (blockFrames: number, seconds: number): Promise<number> =>
  withJack(blockFrames, async (_env, pid) => {
    await Bun.sleep(2000);
    const before = cpuMs(pid);
    await Bun.sleep(1000 * seconds);
    return (cpuMs(pid) - before) / seconds;
  });
