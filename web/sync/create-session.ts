/**
 * Everything the page knows and can do, wired once: line, replica, clocks, frames, notes.
 *
 * Views read `state` and call the actions; painters read `features`, `beat` and `strip`.
 */
import { createSignal, onCleanup } from 'solid-js';
import type { Command } from '../../protocol/commands.ts';
import type { Message } from '../../protocol/messages.ts';
import { PROTOCOL_HASH } from '../../protocol/version.ts';
import { createActions } from './create-actions.ts';
import { createFeatures } from './create-features.ts';
import { createOverlay } from './create-overlay.ts';
import { createPrefs } from './create-prefs.ts';
import { createReplica } from './create-replica.ts';
import { createToasts } from './create-toasts.ts';
import { makeBeatClock } from './make-beat-clock.ts';
import { makeClock } from './make-clock.ts';
import { type LineStatus, makeConnection } from './make-connection.ts';
import { makePainter } from './make-painter.ts';
import { makeRequests } from './make-requests.ts';
import { makeStripStore } from './make-strip-store.ts';
import { makeTakes } from './make-takes.ts';

const RELOADED_KEY = 'flowzone-reloaded';
const ENGINE_RESTARTING = 1010;

/** `ws:` or `wss:` of the page's own origin, whatever it is called. */
export const socketUrl = (from: Location): string => {
  const url = new URL('ws', from.href);
  url.protocol = from.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = url.search = '';
  return url.href;
};

/** An older page reloads once; a second refusal is shown instead of looping. */
const reloadOnce = (): boolean => {
  try {
    if (sessionStorage.getItem(RELOADED_KEY)) return false;
    sessionStorage.setItem(RELOADED_KEY, '1');
  } catch {
    return false;
  }
  location.reload();
  return true;
};

export const createSession = () => {
  const nowMs = () => performance.now();
  const [status, setStatus] = createSignal<LineStatus>('connecting');
  const [isEngineDown, setEngineDown] = createSignal(false);
  const [prefs, setPrefs] = createPrefs();
  const toasts = createToasts();
  const overlay = createOverlay();
  const clock = makeClock();
  const painter = makePainter();
  const strip = makeStripStore();
  const takes = makeTakes();
  let clientId = '';

  const replica = createReplica(() => connection.send({ cmd: 'GET_FULL_STATE' }));
  const features = createFeatures({
    strip,
    acknowledge(seq, isReport) {
      const report = isReport
        ? { fps: painter.fps(), lateMs: lateMs(), visible: !document.hidden }
        : {};
      connection.send({ cmd: 'ACK', seq, ...report });
    },
  });
  const beat = makeBeatClock(features.frame, () => replica.state.transport.meter.beats);
  const lateMs = () => {
    const serverNow = clock.toServer(nowMs());
    return serverNow === undefined ? 0 : Math.max(0, serverNow - features.frame.serverMs);
  };

  const hello = (): Command => ({
    cmd: 'HELLO',
    protocol: PROTOCOL_HASH,
    ...(clientId ? { clientId } : {}),
    ...(replica.isReady() ? { epoch: replica.epoch(), revId: replica.state.meta.revisionId } : {}),
  });

  const onMessage = (message: Message) => {
    if (requests.settle(message)) return;
    if (message.type === 'WELCOME') clientId = message.clientId;
    else if (message.type === 'STATE_FULL') takeFull(message);
    else if (message.type === 'STATE_PATCH') replica.takePatch(message);
    else if (message.type === 'PONG') clock.addPong(message.t0, message.t1, nowMs());
    else if (message.type === 'NOTICE') {
      if (message.code === ENGINE_RESTARTING) setEngineDown(true);
      else toasts.showCode(message.code, message.detail);
    } else if (message.type === 'ERROR' && message.code === ENGINE_RESTARTING) setEngineDown(true);
    else if (message.type === 'ERROR') toasts.showCode(message.code, message.msg);
  };

  const takeFull = (message: Extract<Message, { type: 'STATE_FULL' }>) => {
    if (message.epoch !== replica.epoch()) {
      clock.reset();
      features.reset();
      requests.failAll();
    }
    setEngineDown(false);
    overlay.clear();
    replica.takeFull(message);
  };

  const connection = makeConnection({
    url: socketUrl(location),
    openSocket: (url) => new WebSocket(url),
    nowMs,
    hello,
    onMessage,
    onFrame(bytes) {
      const now = nowMs();
      if (!features.take(bytes, now)) return;
      beat.takeFrame(features.frame, now, clock.toServer(now));
      if (isEngineDown()) setEngineDown(false);
    },
    onStatus(next) {
      if (next === 'lost') requests.failAll();
      setStatus(next);
    },
    onRefused(code) {
      if (code === 4001 && reloadOnce()) return;
      toasts.showCode(code === 4001 ? 5009 : 5006);
    },
  });
  const requests = makeRequests(
    (command) => status() === 'live' && connection.send(command),
    () => clientId,
  );
  const actions = createActions({ replica, requests, overlay, toasts, clock, prefs });

  const onVisibility = () => {
    connection.setHidden(document.hidden);
    connection.send({ cmd: 'SET_VIS', fps: document.hidden ? 0 : 30 });
  };
  const onReturn = () => connection.probe();
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('pageshow', onReturn);
  window.addEventListener('online', onReturn);
  onCleanup(() => {
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('pageshow', onReturn);
    window.removeEventListener('online', onReturn);
    connection.close();
  });

  return {
    get state() {
      return replica.state;
    },
    isReady: replica.isReady,
    status,
    isEngineDown,
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
    ...actions,
  };
};

export type Session = ReturnType<typeof createSession>;
