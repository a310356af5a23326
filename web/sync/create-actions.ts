/** What the player can do: each action is one command, and what the page shows meanwhile. */
import { createMemo, createSignal } from 'solid-js';
import type { LoopBars } from '../../protocol/limits.ts';
import type { MessageOf } from '../../protocol/messages.ts';
import { autoTarget } from '../music/window.ts';
import { createMixer } from './create-mixer.ts';
import type { Overlay } from './create-overlay.ts';
import type { Prefs } from './create-prefs.ts';
import type { Replica } from './create-replica.ts';
import { createSwitches } from './create-switches.ts';
import type { Toasts } from './create-toasts.ts';
import type { ServerClock } from './make-clock.ts';
import { Refusal, type Requests, type Wish } from './make-requests.ts';

interface ActionParts {
  readonly replica: Replica;
  readonly requests: Requests;
  readonly overlay: Overlay;
  readonly toasts: Toasts;
  readonly clock: ServerClock;
  readonly prefs: Prefs;
}

export type Target = number | 'auto';

interface CaptureWays {
  /** Cut at the press, or on the bar; as the player has set it when left out. */
  readonly isFree?: boolean | undefined;
  readonly mode?: 'overdub' | undefined;
}

type Run = (wish: Wish, at?: number) => Promise<MessageOf<'OK'> | undefined>;

/** Says why a command had no effect. */
const makeFail = (toasts: Toasts) => (error: unknown) => {
  if (!(error instanceof Refusal)) throw error;
  if (error.code === undefined) {
    toasts.show('No answer', 'This page was offline. What was played is kept: try again.');
  } else void toasts.showCode(error.code, error.message);
};

const createCaptures = (parts: ActionParts, fail: (error: unknown) => void, run: Run) => {
  const { replica, requests, overlay, clock, prefs } = parts;
  const [target, setTarget] = createSignal<Target>('auto');
  const [chosenSource, setSource] = createSignal(0);
  const listeners = new Set<(slot: number) => void>();
  /** 0 = all that is on; also when the chosen one has gone with its device. */
  const source = () => (chosenSource() < replica.state.sources.length ? chosenSource() : 0);
  const loopBars = () => replica.state.transport.loopBars as LoopBars;

  const capture = (into: Target, bars: LoopBars, pressedMs: number, how: CaptureWays = {}) => {
    const { isFree, mode } = how;
    const slot = into === 'auto' ? autoTarget(replica.state.slots) : into;
    const quantized = isFree === undefined ? prefs.isQuantized : !isFree;
    const at = clock.toServer(pressedMs);
    const from = source();
    const wish: Wish = {
      cmd: 'TRIGGER_SLOT',
      slot: into,
      quantized,
      bars,
      ...(mode && { mode }),
      ...(from > 0 && { source: from }),
    };
    const answer = requests.ask(wish, at);
    if (slot >= 0) overlay.wait(slot, answer);
    answer.then(() => {
      if (slot >= 0) for (const listener of listeners) listener(slot);
    }, fail);
  };

  return {
    target,
    setTarget,
    source,
    setSource,
    /** The slot a press on the strip goes into; −1 = all are full. */
    targetSlot: createMemo(() => {
      const chosen = target();
      return chosen === 'auto' ? autoTarget(replica.state.slots) : chosen;
    }),
    loopBars,
    capture,
    /** A zone of the strip: captures, and makes its length the one that pads take. */
    captureZone(bars: LoopBars, pressedMs: number, isFree?: boolean) {
      capture(target(), bars, pressedMs, { isFree });
      if (bars !== loopBars()) void run({ cmd: 'SET_LOOP_BARS', bars });
    },
    /** Calls back with the slot of each confirmed capture of this page. */
    onCapture(listener: (slot: number) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

export const createActions = (parts: ActionParts) => {
  const { replica, requests, overlay, toasts, clock } = parts;
  const fail = makeFail(toasts);
  const run: Run = (wish, at) =>
    requests.ask(wish, at).catch((error: unknown) => {
      fail(error);
      return undefined;
    });

  /**
   * From the step that the player sees, so that two who press at once go back one. While something of this
   * page is under way, what he means lies behind that.
   */
  const walk = (cmd: 'UNDO' | 'REDO') => {
    const ifHead = requests.isWaiting() ? undefined : replica.state.history.head;
    void run({ cmd, scope: 'SESSION', ...(ifHead && { ifHead }) });
  };
  /** Of which the moment of the press decides what it does. */
  const runAt = (wish: Wish, pressedMs: number) => run(wish, clock.toServer(pressedMs));
  const mixer = createMixer({ replica, overlay, run, tell: requests.tell });

  return {
    run,
    /** For a view that says itself why a command had no effect. */
    ask: requests.ask,
    runAt,
    /** Without an answer: what comes thirty times a second, and notes. */
    tell: requests.tell,
    /** A key went down: one that arrives much too late is not played any more. */
    tellPress: (wish: Wish, pressedMs: number) => requests.tell(wish, clock.toServer(pressedMs)),
    ...createCaptures(parts, fail, run),
    ...mixer,
    ...createSwitches({ replica, prefs: parts.prefs, mixer, run, runAt }),
    undo: () => walk('UNDO'),
    redo: () => walk('REDO'),
    togglePlay: () => void run({ cmd: replica.state.transport.isPlaying ? 'PAUSE' : 'PLAY' }),
    toggleMetronome: () =>
      void run({ cmd: 'SET_METRONOME', on: !replica.state.transport.metronome.on }),
    panic: (scope: 'ALL' | 'ENGINE') => void run({ cmd: 'PANIC', scope }),
  };
};
