/** Exports that are being written, and the last ones that were: jobs of the state. */
import { EXPORT_STATE, RENDER_MODE } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { JobOf } from '../../../protocol/state.ts';
import type { CoreEvent, CorePort } from '../core/port.ts';
import type { PrintWatch } from '../chains/printer.ts';
import type { SessionEvent } from '../state/events.ts';
import type { Gap } from '../store/stored.ts';
import type { TakeLoader } from '../sounds/take-loader.ts';
import { exportsFolder, hiddenFolder } from './folders.ts';
import { type ExportRequest, members } from './request.ts';

export interface ExportsOptions {
  readonly core: CorePort;
  readonly loader: Pick<TakeLoader, 'load'>;
  readonly dataFolder: string;
  newId(): string;
  apply(event: SessionEvent): void;
  later(ms: number, act: () => void): void;
  /** Everybody is told why it failed. */
  notice(code: number): void;
  gaps(runId: string): Promise<readonly Gap[]>;
}

/**
 * What has to be made before the files can be written; resolves with what is to be written then, or
 * with the code why nothing is.
 */
export type FirstPart = (watch: PrintWatch) => Promise<ExportRequest | number>;

interface Running {
  readonly id: string;
  /** Another one may be open by now. */
  readonly sessionId: string;
  readonly number: number;
  request: ExportRequest;
  /** Until it is over. */
  first: FirstPart | undefined;
  /** Share of the whole that is done when the files are begun. */
  readonly firstShare: number;
  readonly control: AbortController;
  /** The core has it. */
  isWriting: boolean;
  job: JobOf;
}

/** What was just played may be asked for before it is on disk: a tail above all. */
const LOAD_TRIES = 20;
/** As much of a job as what comes before its files, if anything does. */
const FIRST_SHARE = 0.5;
const RETRY_MS = 250;
const { code: UNREADABLE } = ERRORS.ERR_TAKE_UNREADABLE;

const SUFFIX = ['.wav', '.wav', '.flac'] as const;

/** The folder and its files, as the core names them. */
const placesOf = ({ core }: ExportRequest, number: number) => {
  const folder = number === 1 ? core.name : `${core.name} ${number}`;
  const suffix = SUFFIX[core.format] ?? '';
  const sounds = core.files.map(({ ending }) => `${folder}_${ending}${suffix}`);
  return { folder, files: [...sounds, `${folder}.json`] };
};

const { code: NO_STRETCHER } = ERRORS.ERR_STRETCHER_MISSING;

/** As its loops sound without a stretcher; undefined when none of them is stretched. */
const repitched = (request: ExportRequest): ExportRequest | undefined => {
  const { about, parts } = request.core;
  const tracks = parts.flatMap(({ mode }, track) => (mode === RENDER_MODE.stretch ? [track] : []));
  if (tracks.length === 0) return undefined;
  const note = { notStretched: tracks, note: ERRORS.ERR_STRETCHER_MISSING.says };
  return {
    ...request,
    core: {
      ...request.core,
      parts: parts.map((part) =>
        part.mode === RENDER_MODE.stretch ? { ...part, mode: RENDER_MODE.repitch } : part,
      ),
      about: `${about},${members(note)}`,
    },
  };
};

export class Exports {
  readonly #options: ExportsOptions;
  readonly #running = new Map<number, Running>();
  /** In the order in which they were begun. */
  readonly #told: string[] = [];
  #nextNumber = 1;

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /** Frames of runs that are being written. */
  ranges(): { runId: string; fromFrame: number; toFrame: number }[] {
    return [...this.#running.values()].flatMap(({ request: { core, runId } }) =>
      runId === null ? [] : [{ runId, fromFrame: core.fromFrame, toFrame: core.toFrame }],
    );
  }

  /** Loops of the session are still to be read for an export. */
  needs(sessionId: string): boolean {
    return [...this.#running.values()].some(
      ({ request, sessionId: id }) => id === sessionId && request.takeIds.length > 0,
    );
  }

  canWrite(format: number): boolean {
    return (this.#options.core.exportFormats() & (1 << format)) !== 0;
  }

  /** Begins one; what it needs may still have to be read. Returns its id. */
  begin(request: ExportRequest, first?: FirstPart): string {
    const running: Running = {
      id: this.#options.newId(),
      sessionId: request.sessionId,
      number: this.#nextNumber,
      request,
      first,
      firstShare: first ? FIRST_SHARE : 0,
      control: new AbortController(),
      isWriting: false,
      job: {
        kind: 'export',
        label: request.label,
        state: 'running',
        progress: 0,
        code: 0,
        folder: '',
        files: [],
      },
    };
    this.#nextNumber += 1;
    this.#running.set(running.number, running);
    this.#forgetOldest();
    this.#told.push(running.id);
    this.#tell(running, {});
    void this.#prepare(running);
    return running.id;
  }

  /** 0, or the code of a job that is not running. */
  cancel(jobId: string): number {
    const running = [...this.#running.values()].find(({ id }) => id === jobId);
    if (!running) return ERRORS.ERR_NO_SUCH_JOB.code;
    // What is not written yet has no other end.
    if (running.isWriting) return this.#options.core.cancelExport(running.number);
    running.control.abort();
    this.#end(running, { state: 'cancelled' });
    return 0;
  }

  onEvent({ code, detail, token, value, value2 }: CoreEvent): void {
    const running = this.#running.get(token);
    if (!running) return;
    switch (detail) {
      case EXPORT_STATE.done:
        this.#end(running, {
          state: 'done',
          progress: 1,
          ...placesOf(running.request, value2),
        });
        return;
      case EXPORT_STATE.failed:
        this.#fail(running, code);
        return;
      case EXPORT_STATE.cancelled:
        this.#end(running, { state: 'cancelled' });
        return;
      default:
        this.#tell(running, {
          progress: running.firstShare + (1 - running.firstShare) * value,
        });
    }
  }

  async #prepare(running: Running): Promise<void> {
    const { core, dataFolder, gaps } = this.#options;
    const { signal } = running.control;
    try {
      const code = await this.#make(running);
      if (signal.aborted) return;
      if (code !== 0) return this.#fail(running, code);
      const { request } = running;
      const failure = await this.#load(request.takeIds);
      const holes = request.runId === null ? [] : await gaps(request.runId);
      if (signal.aborted) return;
      const { fromFrame, toFrame } = request.core;
      const refusal =
        failure === 0
          ? core.startExport({
              ...request.core,
              job: running.number,
              folder: hiddenFolder(exportsFolder(dataFolder), running.id),
              gaps: holes.filter((gap) => gap.fromFrame < toFrame && gap.toFrame > fromFrame),
            })
          : failure;
      running.isWriting = refusal === 0;
      if (refusal !== 0) this.#fail(running, refusal);
    } catch {
      // The store does not answer: what was missed in the recording cannot be told.
      this.#fail(running, ERRORS.ERR_STORE_FAILED.code);
    }
  }

  /** Its first part; 0, or the code why there is nothing to write. */
  async #make(running: Running): Promise<number> {
    const { control, first, firstShare } = running;
    if (!first) return 0;
    const { signal } = control;
    const onShare = (share: number) => {
      if (!signal.aborted) this.#tell(running, { progress: firstShare * share });
    };
    const request = await first({ signal, onShare });
    running.first = undefined;
    if (typeof request === 'number') return request;
    running.request = request;
    return 0;
  }

  /** 0, or the code why one of them cannot be had. */
  async #load(takeIds: readonly string[]): Promise<number> {
    const { later, loader } = this.#options;
    const load = (id: string, triesLeft: number, end: (code: number) => void): void =>
      loader.load(id, (_isLoaded, code) => {
        if (code !== UNREADABLE || triesLeft === 0) end(code);
        else later(RETRY_MS, () => load(id, triesLeft - 1, end));
      });
    const loads = takeIds.map((id) => new Promise<number>((end) => load(id, LOAD_TRIES, end)));
    const codes = await Promise.all(loads);
    return codes.find((code) => code !== 0) ?? 0;
  }

  #fail(running: Running, code: number): void {
    if (!this.#running.has(running.number)) return;
    const without = code === NO_STRETCHER ? repitched(running.request) : undefined;
    if (without) {
      running.request = without;
      running.isWriting = false;
      this.#tell(running, { code, progress: running.firstShare });
      this.#options.notice(code);
      void this.#prepare(running);
      return;
    }
    this.#end(running, { state: 'failed', code });
    this.#options.notice(code);
  }

  #end(running: Running, change: Partial<JobOf>): void {
    this.#tell(running, change);
    this.#running.delete(running.number);
  }

  #tell(running: Running, change: Partial<JobOf>): void {
    running.job = { ...running.job, ...change };
    this.#options.apply({ t: 'job', id: running.id, job: running.job });
  }

  #forgetOldest(): void {
    if (this.#told.length < LIMITS.exportJobsKept) return;
    const isRunning = new Set([...this.#running.values()].map(({ id }) => id));
    const index = this.#told.findIndex((id) => !isRunning.has(id));
    const [oldest] = index < 0 ? [] : this.#told.splice(index, 1);
    if (oldest !== undefined) this.#options.apply({ t: 'jobGone', id: oldest });
  }
}
