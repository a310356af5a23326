/** One child that looks at one bundle: whatever happens in it happens to nobody else. */
import { constants, setPriority } from 'node:os';
import { ERRORS } from '../../protocol/errors.ts';
import type { PluginClass } from './plugin-class.ts';
import { ScanAnswer, ScanAnswerError } from './scan-answer.ts';

export interface Refusal {
  readonly code: number;
  /** What the system says of it: a signal, an exit code. */
  readonly detail: string;
}

export type Outcome =
  | { readonly t: 'classes'; readonly classes: readonly PluginClass[] }
  | { readonly t: 'refused'; readonly refusal: Refusal }
  /** It was ended for a reason that is not its own. */
  | { readonly t: 'ended' }
  /** There is nothing that could look. */
  | { readonly t: 'noHost'; readonly why: string };

export interface ScanChild {
  readonly outcome: Promise<Outcome>;
  /** Ends the child and all that it has started. */
  end(): void;
}

export interface ScanChildOptions {
  /** The executable; see PluginHostXPC. */
  readonly hostPath: string;
  readonly bundlePath: string;
  /** Without a sign of life for so long it hangs. */
  readonly silenceMsMax: number;
}

/** What the child says before it ends by itself. */
const EXIT_CODES: ReadonlyMap<number, string> = new Map([
  [3, 'not a bundle'],
  [4, 'it cannot be opened'],
  [5, 'it offers no plug-ins'],
]);

/** It does not know what it was asked. */
const USAGE = 2;

/** After its end: what it has said is in the pipe, and a grandchild may hold that open. */
const DRAIN_MS = 250;

const refused = (code: number, detail: string): Outcome => ({
  t: 'refused',
  refusal: { code, detail },
});

/** The plug-in shall not wait for a debugger, and knows nothing of this session. */
const childEnv = (): Record<string, string> => {
  const { FLOWZONE_CONFIG: _, ...env } = process.env;
  const own = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), SWIFT_BACKTRACE: 'enable=no' };
};

const start = ({ bundlePath, hostPath }: ScanChildOptions) =>
  Bun.spawn([hostPath, 'scan', bundlePath], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
    env: childEnv(),
    // A process group of its own, so that what it starts ends with it.
    detached: true,
  });

type Child = ReturnType<typeof start>;

const killGroup = (child: Child): void => {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
};

const sayWhy = (child: Child, answer: ScanAnswer): Outcome => {
  if (child.signalCode !== null) {
    return refused(ERRORS.ERR_PLUGIN_SCAN_CRASH.code, String(child.signalCode));
  }
  const { exitCode } = child;
  if (exitCode === USAGE && !answer.hasBegun) {
    return { t: 'noHost', why: 'the host is of another build' };
  }
  const said = EXIT_CODES.get(exitCode ?? -1);
  if (said !== undefined) return refused(ERRORS.ERR_PLUGIN_UNREADABLE.code, said);
  if (exitCode === 0 && answer.classes) return { t: 'classes', classes: answer.classes };
  return refused(ERRORS.ERR_PLUGIN_SCAN_CRASH.code, `it ended with ${exitCode}`);
};

/** Music comes first. */
const lower = (child: Child): void => {
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already.
  }
};

const watch = (child: Child, { silenceMsMax }: ScanChildOptions, why: { end: Outcome | null }) => {
  let isOver = false;
  const stop = (outcome: Outcome) => {
    // Its number may be somebody else's by now.
    if (isOver) return;
    why.end ??= outcome;
    killGroup(child);
  };
  const hang = () => stop(refused(ERRORS.ERR_PLUGIN_SCAN_HUNG.code, ''));
  let timer = setTimeout(hang, silenceMsMax);
  const answer = new ScanAnswer();
  const read = async () => {
    for await (const bytes of child.stdout) {
      try {
        if (answer.take(bytes) === 0) continue;
      } catch (error) {
        if (!(error instanceof ScanAnswerError)) throw error;
        stop(refused(ERRORS.ERR_PLUGIN_UNREADABLE.code, error.message));
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(hang, silenceMsMax);
    }
  };
  const outcome = async (): Promise<Outcome> => {
    const reading = read();
    await child.exited;
    clearTimeout(timer);
    killGroup(child);
    isOver = true;
    await Promise.race([reading, Bun.sleep(DRAIN_MS)]);
    clearTimeout(timer);
    return why.end ?? sayWhy(child, answer);
  };
  return outcome();
};

export const startScanChild = (options: ScanChildOptions): ScanChild => {
  const why: { end: Outcome | null } = { end: null };
  let child: Child;
  try {
    child = start(options);
  } catch (error) {
    return { outcome: Promise.resolve({ t: 'noHost', why: String(error) }), end: () => undefined };
  }
  lower(child);
  return {
    outcome: watch(child, options, why),
    end() {
      why.end ??= { t: 'ended' };
      killGroup(child);
    },
  };
};
