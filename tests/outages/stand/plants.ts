/** Faults made inside of FlowZone's processes, begun by a signal; and rules of the launcher taken away. */
import type { Mutation } from '../../faults/stand/mutant.ts';

const JOIN = 'const life = joinLauncher({';

const planted = (file: string, code: string): Mutation => ({
  file,
  from: JOIN,
  to: `${code}\n${JOIN}`,
});

/** SIGUSR2: an endless loop in JavaScript. SIGUSR1: takes memory until there is none, and beats meanwhile. */
export const TROUBLED_GATEWAY = planted(
  'server/gateway/main.ts',
  `process.on('SIGUSR2', () => { for (;;); });
process.on('SIGUSR1', () => {
  const hoard: number[][] = [];
  setInterval(() => hoard.push(Array.from({ length: 500_000 }, (_, at) => at / 2)), 1);
});`,
);

/** SIGUSR2: the engine's JavaScript stands still for so long. */
export const standsStill = (ms: number): Mutation =>
  planted(
    'server/engine/main.ts',
    `process.on('SIGUSR2', () => {
  const end = performance.now() + ${ms};
  while (performance.now() < end);
});`,
  );

/** Each engine leaves a process behind that knows nothing of it. */
export const LITTERS = planted(
  'server/engine/main.ts',
  "Bun.spawn(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore'] }).unref();",
);

/** A gateway that hangs is left alone. */
export const UNWATCHED: Mutation = {
  file: 'server/supervise/launcher.ts',
  from: 'if (silentMs <= LIMITS.gatewayHangMs) return false;',
  to: 'if (silentMs > 0) return false;',
};

/** Nobody is told of an engine that stands still. */
export const UNTOLD: Mutation = {
  file: 'server/supervise/launcher.ts',
  from: 'if (silentMs > frozenMs) this.#setFrozen(true);',
  to: '',
};
