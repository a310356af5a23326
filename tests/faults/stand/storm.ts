/** Makes FlowZone's processes log as much as they can, and its wall clock jump. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../judge/product.ts';
import { type Mutation, mutantEnv } from './mutant.ts';

/** Of each of the two. */
export const LINES_PER_SECOND = 100_000;
const TICK_MS = 10;
const PROCESSES = ['engine', 'gateway'] as const;
/** Where each of them gets its log. */
const LOG_LINES = {
  engine:
    "const { log, flushNow } = openProcessLog('engine', config.dataFolder, () => engine?.about() ?? {});",
  gateway: "const { log, flushNow } = openProcessLog('gateway', config.dataFolder);",
} as const;

export class Storm {
  readonly #folder: string;

  /** @param folder Where it is told what to do: on a disk that does not suffer. */
  constructor(folder: string) {
    this.#folder = folder;
    this.setClock(0);
  }

  /** What a process needs in its environment to be caught in it. */
  env(more: readonly Mutation[]): Record<string, string> {
    const fs = `process.getBuiltinModule('node:fs')`;
    const clock: Mutation = {
      file: 'server/clock.ts',
      from: 'Date.now()',
      to: `Date.now() + Number(${fs}.readFileSync(${JSON.stringify(this.#path('clock'))}, 'utf8'))`,
    };
    const storms = PROCESSES.map((name): Mutation => {
      const line = LOG_LINES[name];
      const [on, made] = [this.#path('on'), this.#path(`made-${name}`)].map((path) =>
        JSON.stringify(path),
      );
      return {
        file: `server/${name}/main.ts`,
        from: line,
        to: `${line}
let fzMade = 0;
let fzDue = 0;
setInterval(() => {
  const isOn = ${fs}.existsSync(${on});
  if (!isOn) {
    if (fzDue !== 0) ${fs}.writeFileSync(${made}, String(fzMade));
    fzMade = fzDue = 0;
    return;
  }
  if (fzDue === 0) fzDue = performance.now();
  for (; fzDue <= performance.now(); fzDue += ${TICK_MS}) {
    for (let line = 0; line < ${(LINES_PER_SECOND * TICK_MS) / 1000}; line += 1, fzMade += 1) log('warn', 'storm', { fzMade });
  }
}, ${TICK_MS});`,
      };
    });
    return mutantEnv(clock, ...storms, ...more);
  }

  begin(): void {
    for (const name of PROCESSES) rmSync(this.#path(`made-${name}`), { force: true });
    writeFileSync(this.#path('on'), '');
  }

  /** How many lines were logged. */
  async end(): Promise<number> {
    rmSync(this.#path('on'));
    const paths = PROCESSES.map((name) => this.#path(`made-${name}`));
    const isTold = () =>
      paths.every((path) => existsSync(path) && readFileSync(path, 'utf8') !== '');
    await until('the storm is over', isTold);
    return paths.reduce((sum, path) => sum + Number(readFileSync(path, 'utf8')), 0);
  }

  setClock(offsetMs: number): void {
    writeFileSync(this.#path('clock'), String(offsetMs));
  }

  #path(name: string): string {
    return join(this.#folder, `storm-${name}`);
  }
}
