/**
 * Everything the page knows and can do, wired once: line, replica, clocks, frames, notes.
 *
 * Views read `state` and call the actions; painters read `features`, `beat` and `strip`.
 */
import { createSignal } from 'solid-js';
import type { Command } from '../../protocol/commands.ts';
import type { MessageOf } from '../../protocol/messages.ts';
import { PROTOCOL_HASH } from '../../protocol/version.ts';
import type { Ear } from '../listen/make-ear.ts';
import { createActions } from './create-actions.ts';
import { createFeatures, type Features } from './create-features.ts';
import { createOverlay } from './create-overlay.ts';
import { createPace } from './create-pace.ts';
import { createPrefs } from './create-prefs.ts';
import { createReplica, type Replica } from './create-replica.ts';
import { createStanding } from './create-standing.ts';
import { reportFaults } from './report-faults.ts';
import { createToasts } from './create-toasts.ts';
import { makeBarLog } from './make-bar-log.ts';
import { makeBeatClock } from './make-beat-clock.ts';
import { makeClock, type ServerClock } from './make-clock.ts';
import { makeConnection } from './make-connection.ts';
import { makeHub } from './make-hub.ts';
import { makePainter } from './make-painter.ts';
import { makeRequests } from './make-requests.ts';
import { makeStripStore } from './make-strip-store.ts';
import { makeTakes } from './make-takes.ts';
import { onWake, socketUrl } from './page-life.ts';
import { makeRouter } from './route-messages.ts';

const nowMs = () => performance.now();

/** The first message: who this page is, and what it already holds. */
const hello = (replica: Replica, clientId: string): Command => ({
  cmd: 'HELLO',
  protocol: PROTOCOL_HASH,
  ...(clientId ? { clientId } : {}),
  ...(replica.isReady() ? { epoch: replica.epoch(), revId: replica.state.meta.revisionId } : {}),
});

/** How this page keeps up, for the server that sends its frames. */
const report = (parts: { clock: ServerClock; features: Features }, fps: number) => {
  const { serverMs } = parts.features.frame;
  const lateMs = Math.max(0, (parts.clock.toServer(nowMs()) ?? serverMs) - serverMs);
  return { fps, lateMs, visible: !document.hidden };
};

export const createSession = () => {
  const [isEngineDown, setDown] = createSignal(false);
  const [engineWaitsFor, setWaitsFor] = createSignal('');
  const setEngineDown = (isDown: boolean, why?: string) => {
    if (!isDown || why !== undefined) setWaitsFor(why ?? '');
    setDown(isDown);
  };
  const [prefs, setPrefs] = createPrefs();
  const toasts = createToasts();
  const standing = createStanding(toasts);
  const { status } = standing;
  const overlay = createOverlay();
  const pace = createPace();
  const clock = makeClock();
  const painter = makePainter();
  const strip = makeStripStore();
  const replica = createReplica(() => connection.send({ cmd: 'GET_FULL_STATE' }), nowMs);
  const takes = makeTakes({
    isKept: (id) => !replica.state.slots.some(({ saved, takeId }) => takeId === id && !saved),
  });
  const features = createFeatures({
    strip,
    acknowledge: (seq, isReport) =>
      connection.send({ cmd: 'ACK', seq, ...(isReport ? report(parts, painter.fps()) : {}) }),
  });
  const beat = makeBeatClock(
    features.frame,
    () => replica.state.transport.meter.beats,
    () => replica.state.devices.outputLatencyMs,
  );
  const bars = makeBarLog();
  const requests = makeRequests(
    (command) => status() === 'live' && connection.send(command),
    () => router.clientId(),
  );
  const params = makeHub<MessageOf<'PARAMS'>>();
  const figures = makeHub<MessageOf<'METRICS_HISTORY'>>();
  const sounds = makeHub<ArrayBuffer>();
  const [ear, setEar] = createSignal<Ear>();
  const parts = {
    replica,
    requests,
    overlay,
    toasts,
    clock,
    features,
    setEngineDown,
    askTime: () => connection.askTime(),
    onParams: params.tell,
    onFigures: figures.tell,
    nowMs,
  };
  const router = makeRouter(parts);

  const connection = makeConnection({
    openSocket: () => new WebSocket(socketUrl(location)),
    nowMs,
    hello: () => hello(replica, router.clientId()),
    onMessage: router.take,
    onFrame(bytes) {
      const now = nowMs();
      if (!features.take(bytes, now)) return sounds.tell(bytes);
      pace.take(features.frame.flags);
      beat.takeFrame(features.frame, now, clock.toServer(now));
      bars.note(features.frame.barIndex, beat.barStartBeat(), replica.state.transport.meter.beats);
      if (isEngineDown()) setEngineDown(false);
    },
    onStatus(next) {
      if (next === 'lost') requests.failAll();
      standing.setStatus(next);
    },
    onRefused: standing.refused,
  });
  onWake(connection);
  reportFaults(connection.send);

  return {
    get state() {
      return replica.state;
    },
    isReady: replica.isReady,
    status,
    isEngineDown,
    /** In a sentence; empty when it is being restarted and nothing else is known. */
    engineWaitsFor,
    slowFps: pace.slowFps,
    /** FlowZone runs on another computer and does not know this device yet, or not any more. */
    isStranger: standing.isStranger,
    /** The page may send: the line is up and the engine answers. */
    isLive: () => status() === 'live' && replica.isReady() && !isEngineDown(),
    retryNow: connection.retryNow,
    prefs,
    setPrefs,
    toasts,
    overlay,
    painter,
    strip,
    takes,
    features,
    beat,
    bars,
    /** Calls back with what moves in the plug-in that this page watches. */
    listenToParams: params.listen,
    /** Asks how the last ten minutes went; the answer comes to those who listen. */
    askFigures: (seconds: number) => connection.send({ cmd: 'GET_METRICS_HISTORY', seconds }),
    listenToFigures: figures.listen,
    /** The master comes to those who listen to it, while it is asked for. */
    listenToSound: sounds.listen,
    askForSound: (on: boolean) => connection.send({ cmd: 'LISTEN', on }),
    /** What plays the master on this page; undefined = nothing does. */
    ear,
    setEar,
    ...createActions({ ...parts, prefs }),
  };
};

export type Session = ReturnType<typeof createSession>;
