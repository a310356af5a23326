/**
 * FlowZone from a script: commands with their answers, and the state as every client has it.
 *
 * A thin layer over the socket; `/api/protocol` describes all of it. No pictures are asked for. Nothing is
 * sent twice: when the line goes down, what waits for an answer fails.
 */
import { applyPatch, type Operation } from 'rfc6902';
import type { SessionCommand, SessionCommandName } from '../../protocol/commands.ts';
import type {
  ExportResult,
  LoadResult,
  Message,
  MessageOf,
  PatchOp,
  RescanResult,
  TriggerResult,
} from '../../protocol/messages.ts';
import type { AppState } from '../../protocol/state.ts';
import { LineLostError, NothingRunsError, RefusedError } from './errors.ts';

/** What `ask` gives back besides the revision, for the commands that give something. */
export interface Results {
  TRIGGER_SLOT: TriggerResult;
  EXPORT: ExportResult;
  RESCAN_PLUGINS: RescanResult;
  LOAD_VST: LoadResult;
}

/** A command as a script writes it; number and time are seen to. */
export type Wish<Name extends SessionCommandName = SessionCommandName> = Omit<
  Extract<SessionCommand, { cmd: Name }>,
  'reqId'
>;

export type ResultOf<Name> = Name extends keyof Results ? Results[Name] : undefined;

export interface Done<Name> {
  /** First revision that contains the effect. */
  readonly revId: number;
  readonly result: ResultOf<Name>;
}

export type Listener = (state: AppState, ops: readonly PatchOp[]) => void;

export interface FlowZone {
  /** The newest one; it changes in place. */
  readonly state: AppState;
  /** Resolves when it took effect and the state shows it. Throws RefusedError, LineLostError. */
  ask<Name extends SessionCommandName>(wish: Wish<Name> & { cmd: Name }): Promise<Done<Name>>;
  /** Calls back after every change, without ops after a full state; returns the way to stop. */
  watch(listener: Listener): () => void;
  /** Resolves as soon as the state is so. Throws LineLostError. */
  until(isSo: (state: AppState) => boolean): Promise<AppState>;
  /** Resolves when the line is down, whoever ended it. */
  readonly closed: Promise<void>;
  close(): void;
}

interface Waiting {
  resolve(message: MessageOf<'OK'>): void;
  reject(error: Error): void;
}

/** Its row in `/api/protocol`; told before anything else is known. */
const ENGINE_RESTARTING = 1010;

const socketAddress = (url: string): string => {
  const address = new URL('/ws', url);
  address.protocol = address.protocol.replace('http', 'ws');
  return address.href;
};

class Line implements FlowZone {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<Listener>();
  readonly #lost = new Set<() => void>();
  readonly closed: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();
  #state: AppState | null = null;
  #epoch = '';
  #count = 0;
  /** What it last told of itself. */
  #notice = ENGINE_RESTARTING;

  constructor(url: string) {
    this.#socket = new WebSocket(socketAddress(url));
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('open', () => {
      this.#send({ cmd: 'HELLO' });
      this.#send({ cmd: 'SET_VIS', fps: 0 });
    });
    this.#socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.#take(JSON.parse(data) as Message);
    });
    this.closed = new Promise((resolve) =>
      this.#socket.addEventListener('close', () => {
        this.#ready.reject(new NothingRunsError(url));
        for (const { reject } of this.#waiting.values()) reject(new LineLostError());
        for (const tell of this.#lost) tell();
        resolve();
      }),
    );
  }

  /** No state has come: its engine is away. */
  giveUp(): void {
    const says = 'FlowZone is there, but its engine does not answer.';
    this.#ready.reject(new RefusedError(this.#notice, says));
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get state(): AppState {
    if (this.#state === null) throw new LineLostError('no state has come yet');
    return this.#state;
  }

  async ask<Name extends SessionCommandName>(
    wish: Wish<Name> & { cmd: Name },
  ): Promise<Done<Name>> {
    const reqId = `${(this.#count += 1)}`;
    const { promise, reject, resolve } = Promise.withResolvers<MessageOf<'OK'>>();
    this.#waiting.set(reqId, { resolve, reject });
    if (!this.#send({ ...wish, reqId })) reject(new LineLostError('the line is down'));
    const { result, revId } = await promise.finally(() => this.#waiting.delete(reqId));
    return { revId, result: result as ResultOf<Name> };
  }

  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  until(isSo: (state: AppState) => boolean): Promise<AppState> {
    return new Promise((resolve, reject) => {
      const lost = () => reject(new LineLostError());
      const end = this.watch((state) => look(state));
      const look = (state: AppState) => {
        if (!isSo(state)) return;
        end();
        this.#lost.delete(lost);
        resolve(state);
      };
      this.#lost.add(lost);
      look(this.state);
    });
  }

  close(): void {
    this.#socket.close();
  }

  #send(message: object): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #take(message: Message): void {
    switch (message.type) {
      case 'STATE_FULL':
        return this.#onFull(message);
      case 'STATE_PATCH':
        return this.#onPatch(message);
      case 'OK':
        return this.#waiting.get(message.reqId)?.resolve(message);
      case 'ERROR':
        return this.#onError(message);
      case 'NOTICE':
        this.#notice = message.code;
        return undefined;
      default:
        return undefined;
    }
  }

  #onFull({ data, epoch }: MessageOf<'STATE_FULL'>): void {
    this.#state = data;
    this.#epoch = epoch;
    this.#ready.resolve();
    for (const listener of this.#listeners) listener(data, []);
  }

  #onPatch({ epoch, fromRev, ops, revId }: MessageOf<'STATE_PATCH'>): void {
    const state = this.#state;
    if (state === null) return;
    if (epoch !== this.#epoch || fromRev !== state.meta.revisionId) {
      this.#send({ cmd: 'GET_FULL_STATE' });
      return;
    }
    applyPatch(state, ops as Operation[]);
    state.meta.revisionId = revId;
    for (const listener of this.#listeners) listener(state, ops);
  }

  /** Without a number it is about the connection: it was refused, or the engine is away. */
  #onError({ code, msg, reqId }: MessageOf<'ERROR'>): void {
    const refused = new RefusedError(code, msg);
    if (reqId === undefined) this.#ready.reject(refused);
    else this.#waiting.get(reqId)?.reject(refused);
  }
}

/** An engine that is started again is back within two seconds. */
const READY_MS = 10_000;

/** Connected, with the state. Throws NothingRunsError, RefusedError. */
export const connectFlowZone = async (url: string, readyMs = READY_MS): Promise<FlowZone> => {
  const line = new Line(url);
  const limit = setTimeout(() => line.giveUp(), readyMs);
  try {
    await line.ready;
    return line;
  } catch (error) {
    line.close();
    throw error;
  } finally {
    clearTimeout(limit);
  }
};
