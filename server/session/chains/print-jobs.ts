/** Prints that something waits for, as jobs of the state: told how far they are, and cancelled. */
import type { JobOf } from '../../../protocol/state.ts';
import type { SessionEvent } from '../state/events.ts';
import type { PrintWatch } from './printer.ts';

export interface PrintJobsOptions {
  newId(): string;
  apply(event: SessionEvent): void;
}

export interface PrintJob extends PrintWatch {
  /** It is shown no more: what came of it is an answer, or a step of the history. */
  end(): void;
}

export class PrintJobs {
  readonly #options: PrintJobsOptions;
  readonly #running = new Map<string, AbortController>();

  constructor(options: PrintJobsOptions) {
    this.#options = options;
  }

  begin(kind: JobOf['kind'], label: string): PrintJob {
    const { apply, newId } = this.#options;
    const id = newId();
    const control = new AbortController();
    const tell = (progress: number) => {
      if (!this.#running.has(id)) return;
      const about = { code: 0, folder: '', files: [] };
      apply({ t: 'job', id, job: { kind, label, state: 'running', progress, ...about } });
    };
    this.#running.set(id, control);
    tell(0);
    return {
      signal: control.signal,
      onShare: tell,
      end: () => {
        if (this.#running.delete(id)) apply({ t: 'jobGone', id });
      },
    };
  }

  /** False when the job is none of these, or has ended. */
  cancel(jobId: string): boolean {
    const control = this.#running.get(jobId);
    control?.abort();
    return control !== undefined;
  }
}
