/** The engine's end of the link, played by a script: it says what a test tells it to. */
import { applyPatch, type Operation } from 'rfc6902';
import type { EngineHealth, ToEngine, ToGateway } from '../../../../protocol/link.ts';
import type { PatchOp } from '../../../../protocol/messages.ts';
import type { AppState } from '../../../../protocol/state.ts';
import { PROTOCOL_HASH } from '../../../../protocol/version.ts';
import { connectLink, type LinkClient } from '../../../../server/link/link-client.ts';
import { type Inbox, makeInbox } from '../../../support/inbox.ts';
import { makeState } from './state.ts';

const noTimes = () => ({ bounds: [0.01, 1], counts: [0, 0, 0], sum: 0 });

export const makeHealth = (epoch: string): EngineHealth => ({
  mode: 'NORMAL',
  epoch,
  enginePid: 4242,
  blocks: 10,
  xruns: 0,
  frame: 1280,
  device: 'headless',
  rateHz: 48_000,
  blockFrames: 128,
  load: 0.1,
  loopBytes: 0,
  disk: {
    state: 'ok',
    backlogFrames: 0,
    backlogBytes: 0,
    gapFrames: 0,
    framesIn: 1280,
    framesDurable: 1280,
    framesWritten: 0,
    framesQueued: 0,
    overflowBytes: 0,
    isSecondFolder: false,
    bufferUsage: 0,
  },
  keeper: null,
  process: { atMs: 100, cpuMs: 20, memoryBytes: 50_000_000 },
  times: { commitDurable: noTimes(), sessionSync: noTimes(), spoolSync: noTimes() },
});

export interface FakeEngine {
  readonly epoch: string;
  readonly state: AppState;
  readonly heard: Inbox<ToEngine>;
  readonly link: LinkClient;
  send(message: ToGateway): void;
  /** With what is given in place of the usual. */
  sendHealth(more?: Partial<EngineHealth>): void;
  /** Changes the state and tells the patch; returns its revision. */
  patch(ops: PatchOp[]): number;
  /** Sets a volume: the smallest patch there is. */
  touch(value: number): number;
  close(): void;
}

export interface FakeEngineOptions {
  readonly epoch?: string;
  readonly revId?: number;
  /** What it does on its own with what it hears. */
  onMessage?(engine: FakeEngine, message: ToEngine): void;
}

export const connectEngine = (path: string, options: FakeEngineOptions = {}): FakeEngine => {
  const epoch = options.epoch ?? crypto.randomUUID();
  const state = makeState(options.revId);
  const heard = makeInbox<ToEngine>();
  const full = (): ToGateway => ({ t: 'full', epoch, data: state });
  const link = connectLink({
    path,
    hello: () => ({ t: 'hello', epoch, protocol: PROTOCOL_HASH, enginePid: 4242 }),
    full,
    onUp: () => engine.sendHealth(),
    onMessage: (message) => {
      heard.put(message);
      if (message.t === 'resync') link.send(full());
      if (message.t === 'ping') link.send({ ...message, t: 'pong', t1: 1000 });
      options.onMessage?.(engine, message);
    },
    onError: (error) => {
      throw error;
    },
    retryMs: 5,
  });
  const engine: FakeEngine = {
    epoch,
    state,
    heard,
    link,
    send: (message) => link.send(message),
    sendHealth: (more) => link.send({ t: 'health', health: { ...makeHealth(epoch), ...more } }),
    patch(ops) {
      const fromRev = state.meta.revisionId;
      const revId = fromRev + 1;
      applyPatch(state, structuredClone(ops) as Operation[]);
      state.meta.revisionId = revId;
      link.send({ t: 'patch', epoch, fromRev, revId, ops });
      return revId;
    },
    touch: (value) => engine.patch([{ op: 'replace', path: '/slots/0/volume', value }]),
    close: () => link.close(),
  };
  return engine;
};

/** Answers every command with OK at the present revision. */
export const answerOk = (engine: FakeEngine, message: ToEngine): void => {
  if (message.t !== 'command' || message.command.reqId === undefined) return;
  const { clientId, command } = message;
  const reqId = command.reqId ?? '';
  const revId = engine.state.meta.revisionId;
  engine.send({ t: 'answer', clientId, message: { type: 'OK', reqId, revId } });
};
