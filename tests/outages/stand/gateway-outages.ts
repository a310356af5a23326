/** The ways in which a gateway is made to fail. */
import { readFileSync } from 'node:fs';
import { until } from '../../judge/product.ts';
import { isAlive } from '../../judge/stage.ts';

export interface Outage {
  /** Resolves when it has failed: from then on everybody waits. */
  begin(gatewayPid: number): Promise<unknown>;
  /** It lives and answers no heartbeat. */
  readonly isHang: boolean;
}

/** Memory that the gateway may still take. */
const ROOM_BYTES = 268_435_456;
const PAGE_BYTES = 4096;
const MS = 60_000;

const limitMemory = (pid: number): void => {
  const [pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  const bytes = Number(pages) * PAGE_BYTES + ROOM_BYTES;
  const limited = Bun.spawnSync(['prlimit', '--pid', String(pid), `--as=${bytes}:${bytes}`]);
  if (!limited.success) throw new Error(`no limit of memory: ${limited.stderr.toString()}`);
};

const signalled = (signal: NodeJS.Signals, isHang: boolean): Outage => ({
  begin: (pid) => Promise.resolve(process.kill(pid, signal)),
  isHang,
});

/** See `TROUBLED_GATEWAY` for what the two user signals do. */
export const OUTAGES = {
  killed: signalled('SIGKILL', false),
  segfault: signalled('SIGSEGV', false),
  loop: signalled('SIGUSR2', true),
  stopped: signalled('SIGSTOP', true),
  memory: {
    begin(pid) {
      limitMemory(pid);
      process.kill(pid, 'SIGUSR1');
      return until('it has no memory left', () => !isAlive(pid), MS);
    },
    isHang: false,
  },
} as const satisfies Record<string, Outage>;

export type OutageName = keyof typeof OUTAGES;
