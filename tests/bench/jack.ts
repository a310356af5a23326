/** A JACK dummy server for as long as a measurement takes, or whoever asked for it lives. */

export const withJack = async <T>(
  blockFrames: number,
  measure: (env: Record<string, string>) => T,
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
    return measure(env);
  } finally {
    server.kill('SIGTERM');
    await server.exited;
  }
};
