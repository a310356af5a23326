/** Notes: a code once with a count; low ones are gone after 3 s and push out none that stays. */
import { createStore } from 'solid-js/store';
import type { Severity } from '../../protocol/errors.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly code: number | undefined;
  readonly severity: Severity;
  /** Something was done, nothing went wrong. */
  readonly isGood: boolean;
  readonly title: string;
  readonly text: string;
  readonly count: number;
  readonly action: ToastAction | undefined;
}

export interface ToastOptions {
  readonly code?: number;
  readonly severity?: Severity;
  readonly isGood?: boolean;
  readonly stayMs?: number;
  readonly action?: ToastAction;
}

export interface Toasts {
  readonly list: readonly Toast[];
  show(title: string, text: string, options?: ToastOptions): void;
  /** Shows the row of a code, or `detail` of a code without one; `plugin` = the name of whom it is about. */
  showCode(code: number, detail?: string, plugin?: string): Promise<void>;
  dismiss(id: number): void;
  /** What this code says is over: its notes go. */
  over(code: number): void;
}

const STACK_MAX = 3;
const LOW_MS = 3000;

/** The newest three that stay, and under them the newest that pass: one has room always. */
const stack = (toasts: readonly Toast[]): Toast[] => {
  const pick = (isLow: boolean, count: number) =>
    toasts.filter(({ severity }) => (severity === 'low') === isLow).slice(-count);
  const lasting = pick(false, STACK_MAX);
  return [...lasting, ...pick(true, STACK_MAX - lasting.length || 1)];
};

export const createToasts = (): Toasts => {
  const [list, setList] = createStore<Toast[]>([]);
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  let lastId = 0;

  const dismiss = (id: number) => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    setList((toasts) => toasts.filter((toast) => toast.id !== id));
  };

  const show = (title: string, text: string, options: ToastOptions = {}) => {
    const { code, action, isGood = false, severity = 'low' } = options;
    const stayMs = options.stayMs ?? (severity === 'low' ? LOW_MS : undefined);
    const same = list.find((toast) => toast.code === code && toast.title === title);
    const id = same?.id ?? ++lastId;
    if (same) {
      setList((toast) => toast.id === id, { count: same.count + 1, text, action });
    } else {
      const toast: Toast = { id, code, severity, isGood, title, text, count: 1, action };
      setList(stack([...list, toast]));
    }
    if (stayMs === undefined) return;
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(dismiss, stayMs, id));
  };

  return {
    list,
    show,
    dismiss,
    over(code) {
      for (const toast of list.filter((each) => each.code === code)) dismiss(toast.id);
    },
    async showCode(code, detail, plugin) {
      const { noteOfCode } = await import('./note-of-code.ts');
      show(...noteOfCode(code, detail, plugin));
    },
  };
};
