/** A session on a scripted core, with an instant store and counted ids. */
import type { SessionCommand } from '../../../protocol/commands.ts';
import { EVENT_KIND } from '../../../protocol/abi.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import type { Message } from '../../../protocol/messages.ts';
import { applyPatch } from 'rfc6902';
import type { AppState } from '../../../protocol/state.ts';
import type { CoreEvent } from '../../../server/session/core/port.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import type { InitialState } from '../../../server/session/state/initial-state.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { Session } from '../../../server/session/session.ts';
import type { SessionOptions } from '../../../server/session/session-options.ts';
import type { CachedSound } from '../../../server/session/sounds/sound-cache.ts';
import type { Gap } from '../../../server/session/store/stored.ts';
import type { MixDocument, StoreWrite } from '../../../server/session/store/write-requests.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeEvent } from './core-event.ts';
import { ScriptedCore } from './scripted-core.ts';
import { type Delays, sessionOptions } from './session-options.ts';

/** As deep as promises of what a command waits for are nested. */
const TURNS = 16;

export interface RigOptions {
  readonly slotCount?: number;
  readonly history?: History;
  readonly takes?: Takes;
  readonly mix?: MixDocument;
  readonly gridShift?: number;
  readonly deviceName?: string;
  readonly latencies?: Delays;
  readonly sources?: InitialState['sources'];
  readonly sessionId?: string;
  /** A store that answers. */
  readonly read?: SessionOptions['read'];
  readonly cached?: readonly CachedSound[];
  /** Started without what may have stopped the engine before. */
  readonly safe?: InitialState['safe'];
  /** Takes are on disk as soon as they are captured. */
  readonly isDiskInstant?: boolean;
  readonly storedPlugins?: SessionOptions['storedPlugins'];
  readonly pressedIn?: SessionOptions['pressedIn'];
}

export class Rig {
  readonly core = new ScriptedCore();
  readonly emitted: ToGateway[] = [];
  readonly writes: StoreWrite[] = [];
  /** What the store knows was missed, by run. */
  readonly gaps = new Map<string, Gap[]>();
  readonly unrestored: number[] = [];
  readonly errors: unknown[] = [];
  leftSafeMode = 0;
  /** What was asked of who looks for plug-ins. */
  readonly scans: ('rescan' | 'cancel')[] = [];
  readonly acknowledge: (() => void)[] = [];
  /** Files of rendered sounds that were not what they should be. */
  readonly badCache: string[] = [];
  readonly takes: Takes;
  readonly history: History;
  readonly session: Session;
  readonly #isDiskInstant: boolean;
  readonly #hasStore: boolean;
  readonly #later: { readonly atMs: number; act(): void }[] = [];
  #nowMs = 0;
  #ids = 0;
  #requests = 0;

  constructor(options: RigOptions = {}) {
    this.#isDiskInstant = options.isDiskInstant ?? true;
    this.#hasStore = options.read !== undefined;
    this.takes = options.takes ?? new Takes('/data');
    this.history =
      options.history ??
      new History(rootRiff(this.newId(), 0, 120), (id) => this.takes.drySide(id)?.takeId);
    this.session = new Session({
      ...sessionOptions({
        core: this.core,
        history: this.history,
        takes: this.takes,
        slotCount: options.slotCount ?? 8,
        bpm: 120,
        sources: options.sources ?? [{ name: 'Input', monitor: false }],
        deviceName: options.deviceName,
        latencies: options.latencies,
        mix: options.mix,
        sessionId: options.sessionId,
        safe: options.safe,
      }),
      gridShift: options.gridShift ?? 0,
      ...(options.storedPlugins && { storedPlugins: options.storedPlugins }),
      ...(options.pressedIn && { pressedIn: options.pressedIn }),
      wallClock: () => this.core.frame,
      dataFolder: '/data',
      ...(options.read && { read: options.read }),
      gaps: (runId) => Promise.resolve(this.gaps.get(runId) ?? []),
      newId: () => this.newId(),
      later: (ms, act) => this.#later.push({ atMs: this.#nowMs + ms, act }),
      write: (request, done) => {
        this.writes.push(request);
        if (done) this.acknowledge.push(done);
      },
      ...(options.cached && { cached: options.cached }),
      onBadCache: (path) => this.badCache.push(path),
      plugins: {
        rescan: () => void this.scans.push('rescan'),
        cancel: () => void this.scans.push('cancel'),
      },
      leaveSafeMode: () => {
        this.leftSafeMode += 1;
      },
      emit: (message) => this.emitted.push(message),
      onUnrestored: (code) => this.unrestored.push(code),
      onError: (error) => this.errors.push(error),
    });
  }

  get state(): AppState {
    return this.session.state;
  }

  newId(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  }

  /** Sends without waiting; returns the reqId. */
  send(command: SessionCommand, clientId = 'client'): string {
    this.#requests += 1;
    const reqId = command.reqId ?? `r${this.#requests}`;
    this.session.onMessage({
      t: 'command',
      clientId,
      loopback: true,
      command: { ...command, reqId },
    });
    return reqId;
  }

  /** Lets the core and the store do all they were asked for. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 5; ) {
      const events = this.core.step();
      this.session.onEvents(events);
      this.#actDue();
      if (this.#isDiskInstant) this.#spool(events.filter((event) => this.#isNew(event)));
      for (const done of this.acknowledge.splice(0)) done();
      // What a store is asked one after the other takes a few turns.
      if (this.#hasStore) await new Promise(setImmediate);
      else for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
      quiet = events.length === 0 ? quiet + 1 : 0;
    }
    this.session.full();
    await Promise.resolve();
  }

  /** What was put off for so long is done. */
  async pass(ms: number): Promise<void> {
    this.#nowMs += ms;
    await this.settle();
  }

  async reachLine(): Promise<void> {
    const events = this.core.reachLine();
    this.session.onEvents(events);
    if (this.#isDiskInstant) this.#spool(events);
    await this.settle();
  }

  /** Sends, settles, and returns the answer. */
  async ask(command: SessionCommand): Promise<Message> {
    const reqId = this.send(command);
    await this.settle();
    return this.answerTo(reqId);
  }

  answerTo(reqId: string): Message {
    const found = this.emitted.find(
      (each) => each.t === 'answer' && 'reqId' in each.message && each.message.reqId === reqId,
    );
    if (found?.t !== 'answer') throw new Error(`no answer to ${reqId}`);
    return found.message;
  }

  spool(takeId: string): void {
    this.session.onEvents([makeEvent({ kind: EVENT_KIND.takeSpooled, id: wordsOfId(takeId) })]);
  }

  #actDue(): void {
    const due = this.#later.filter(({ atMs }) => atMs <= this.#nowMs);
    for (const each of due) this.#later.splice(this.#later.indexOf(each), 1);
    for (const { act } of due) act();
  }

  /** A take that is on its way to disk now. */
  #isNew({ code, id, kind }: CoreEvent): boolean {
    if (kind === EVENT_KIND.captured) return true;
    const isKept = this.core.kept.some((range) => range.id.join() === id.join());
    return kind === EVENT_KIND.takeLoaded && code === 0 && isKept;
  }

  #spool(events: readonly { id: readonly number[] }[]): void {
    for (const { id } of events) {
      this.session.onEvents([makeEvent({ kind: EVENT_KIND.takeSpooled, id })]);
    }
  }

  /** What the slots play, as take ids. */
  get content(): (string | null)[] {
    return this.state.slots.map((slot) => slot.takeId);
  }
}

/** A client: holds the state that full states and patches make. */
export const replicaOf = (messages: readonly ToGateway[]): AppState | null => {
  let state: AppState | null = null;
  for (const message of messages) {
    if (message.t === 'full') state = structuredClone(message.data);
    if (message.t !== 'patch' || !state) continue;
    if (state.meta.revisionId !== message.fromRev) throw new Error('a revision is missing');
    for (const error of applyPatch(state, structuredClone(message.ops) as never)) {
      if (error) throw error;
    }
    state.meta.revisionId = message.revId;
  }
  return state;
};
