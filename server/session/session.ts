/**
 * The session of one engine process: commands and events in, state and answers out.
 *
 * It joins the parts. What a command does is in `handlers/`. The state changes only on events of the
 * core (and of clients coming and going).
 */
import { ERRORS } from '../../protocol/errors.ts';
import type { ToEngine, ToGateway } from '../../protocol/link.ts';
import type { AppState } from '../../protocol/state.ts';
import { Alerts } from './state/alerts.ts';
import { CacheKeeper } from './sounds/cache-keeper.ts';
import { PluginEvents } from './chains/plugin-events.ts';
import { CommandDesk } from './commands/command-desk.ts';
import type { SessionContext } from './context.ts';
import { type CoreEvents, makeCoreEvents } from './core/events.ts';
import type { CoreEvent } from './core/port.ts';
import { Dispatcher } from './commands/dispatcher.ts';
import type { SessionEvent } from './state/events.ts';
import { GridEpochs } from './runs/grid-epochs.ts';
import { wordsOfId } from './core/ids.ts';
import type { ScanNews } from '../plugins/scan-port.ts';
import type { KeeperNews } from './keeper/keeper-port.ts';
import { makeKeptNews } from './takes/kept-news.ts';
import { makeContext } from './make-context.ts';
import { restMetronome } from './handlers/metronome-rest.ts';
import { MixKeeper } from './state/mix-keeper.ts';
import { OwnWork } from './own-work.ts';
import { Presses } from './commands/presses.ts';
import { answerTo } from './commands/queries.ts';
import type { RiffLoop } from './riffs/riff.ts';
import { soundCacheOf } from './sounds/sound-cache.ts';
import { SoundKeeper } from './sounds/sound-keeper.ts';
import type { SessionOptions } from './session-options.ts';
import { Sounds } from './sounds/sounds.ts';
import { StateStore } from './state/state-store.ts';
import { TakeLoader } from './sounds/take-loader.ts';

export class Session {
  readonly #later: (ms: number, act: () => void) => void;
  readonly #options: SessionOptions;
  readonly #store: StateStore;
  readonly #loops: (RiffLoop | null)[];
  readonly #loader: TakeLoader;
  readonly #dispatcher: Dispatcher;
  readonly #desk: CommandDesk;
  readonly #mix: MixKeeper;
  readonly #context: SessionContext;
  readonly #ownWork: OwnWork;
  readonly #sounds: Sounds;
  readonly #soundKeeper: SoundKeeper;
  readonly #cacheKeeper: CacheKeeper;
  readonly #epochs: GridEpochs;
  readonly #presses: Presses;
  readonly #plugins: PluginEvents;
  readonly #coreEvents: CoreEvents;
  /** What the keeper of files found. */
  readonly onKept: (news: KeeperNews) => void;
  readonly alerts: Alerts;
  /** The last session is back, as far as it can be. */
  isRestored = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { core, emit, epoch, initial, takes } = options;
    this.#store = new StateStore({
      epoch,
      initial,
      emit,
      now: () => core.now(),
      barPhase: () => core.grid().barPhase,
    });
    this.#loops = initial.slots.map(() => null);
    this.#sounds = new Sounds(takes, options.rateHz);
    this.#epochs = new GridEpochs(options.epochs);
    const cache = soundCacheOf(options);
    this.#loader = new TakeLoader(core, takes, this.#sounds, cache);
    this.#dispatcher = new Dispatcher(core, this.#loader, options.onError);
    this.#presses = new Presses({
      send: (step) => this.#dispatcher.aside(step),
      newId: options.newId,
      nowMs: () => core.now(),
    });
    this.#mix = new MixKeeper(initial, options.mix, (mix) => {
      const { sessionId } = this.state.meta;
      // Behind the session's own row.
      this.#context.log.behind({ kind: 'mix', sessionId, mix });
    });
    this.alerts = new Alerts({ now: () => core.now(), apply: (event) => this.apply(event), emit });
    this.#later = options.later ?? ((ms, act) => void setTimeout(act, ms));
    this.#context = makeContext({
      options,
      store: this.#store,
      dispatcher: this.#dispatcher,
      loader: this.#loader,
      mix: this.#mix,
      alerts: this.alerts,
      loops: this.#loops,
      sounds: this.#sounds,
      sounding: () => this.#soundKeeper.sounding,
      epochs: this.#epochs,
      presses: this.#presses,
      later: this.#later,
      apply: (event) => this.apply(event),
      setLoop: (slot, loop, soundId) => this.#setLoop(slot, loop, soundId),
    });
    this.#cacheKeeper = new CacheKeeper(this.#context, core, cache);
    this.#desk = new CommandDesk({
      context: this.#context,
      dispatcher: this.#dispatcher,
      store: this.#store,
      emit,
    });
    this.#soundKeeper = new SoundKeeper({
      context: this.#context,
      dispatcher: this.#dispatcher,
      loader: this.#loader,
      notice: (code) => this.alerts.notice(code),
      later: this.#later,
    });
    this.#ownWork = new OwnWork({
      context: this.#context,
      dispatcher: this.#dispatcher,
      alerts: this.alerts,
      onUnrestored: options.onUnrestored,
      pressedIn: options.pressedIn ?? new Map(),
    });
    this.#plugins = new PluginEvents(this.#context, this.alerts);
    this.onKept = makeKeptNews(this.#context, this.alerts);
    this.#coreEvents = makeCoreEvents({
      context: this.#context,
      loader: this.#loader,
      alerts: this.alerts,
      onRecovered: (event) => this.#ownWork.onRecovered(event),
      onCutOff: (event) => this.#ownWork.onCutOff(event),
      onDurable: (takeId) => this.#onDurable(takeId),
      onRendering: (soundId, share) => this.#soundKeeper.onRendering(soundId, share),
      onDamage: (takeId, isDamaged) => this.#tellDamage(takeId, isDamaged),
      onFiled: (event) => this.#cacheKeeper.onFiled(event),
      onLost: (takeId) => {
        this.#context.log.onLost(takeId);
        this.#ownWork.lose(takeId);
      },
    });
  }

  get state(): AppState {
    return this.#store.state;
  }

  /** Brings the last session back; commands that come meanwhile wait for it. */
  start(): void {
    this.#ownWork.restore(() => this.#store.whenSent(() => (this.isRestored = true)));
  }

  /** Whatever was captured has its sound on disk and its step in the store. */
  get isSettled(): boolean {
    return this.isRestored && this.#ownWork.isOver && this.#context.log.isIdle;
  }

  /** The first message of a link. */
  full(): ToGateway {
    return this.#store.full();
  }

  apply(event: SessionEvent): void {
    this.#store.apply(event);
    this.#mix.onState(this.#store.state);
    if (event.t === 'tempo') this.#soundKeeper.onTempo();
  }

  /** Those of one poll. */
  onEvents(events: readonly CoreEvent[]): void {
    for (const event of events) {
      this.#guarded(() => {
        const isTaken = this.#dispatcher.onEvent(event) || this.#plugins.onEvent(event);
        if (!isTaken) this.#coreEvents.on(event);
      });
    }
    this.#guarded(() => this.#coreEvents.polled());
  }

  onMessage(message: ToEngine): void {
    switch (message.t) {
      case 'command':
        this.#desk.onCommand(message);
        return;
      case 'ping': {
        const { clientId, t0, reqId } = message;
        const t1 = this.#options.core.now();
        this.#options.emit({ t: 'pong', clientId, t0, t1, ...(reqId !== undefined && { reqId }) });
        return;
      }
      case 'client':
        this.#onClient(message);
        return;
      case 'resync':
        this.#options.emit(this.#store.full());
        return;
      case 'query':
        this.#answer(message);
    }
  }

  /** What was found of plug-ins. */
  onPlugins(news: ScanNews): void {
    this.#context.plugins.onNews(news);
  }

  /** The gateway is gone, and its clients with it. */
  onLinkDown(): void {
    this.apply({ t: 'clientsGone' });
    this.#context.params.clear();
    this.#context.keys.leaveAll();
  }

  /** Once a second. */
  tick(system: AppState['system'], isPlaying: boolean): void {
    this.apply({ t: 'system', system });
    if (isPlaying !== this.state.transport.isPlaying) {
      this.apply({ t: 'playing', isPlaying, barPhase: this.#options.core.grid().barPhase });
    }
    this.alerts.tick();
    this.#context.hosts.look();
    const { lateFiles, log, nowMs, retention, taps } = this.#context;
    retention.tick(this.#context);
    if (this.isRestored) lateFiles.look(this.#context, (takeId) => this.#tellDamage(takeId, true));
    this.#cacheKeeper.look();
    if (taps.isOver(nowMs())) log.close();
    const epoch = this.#epochs.unstored();
    if (epoch) log.aside({ kind: 'epoch', runId: this.#options.runId, epoch });
  }

  /** What records is cut off here and stays as a loose take; resolves when the core has done it. */
  endRecordings(): Promise<void> {
    return this.#ownWork.endRecordings();
  }

  /** What is written behind is written now. */
  end(): void {
    this.#context.log.close();
    this.#store.flush();
    this.#mix.flush();
  }

  #tellDamage(takeId: string, isDamaged: boolean): void {
    this.onKept({ t: 'take', takeId, isDamaged });
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #onClient({ clientId, joined, address }: Extract<ToEngine, { t: 'client' }>): void {
    const atMs = this.#options.core.now();
    if (joined) this.apply({ t: 'clientJoined', clientId, address, atMs });
    else {
      this.apply({ t: 'clientLeft', clientId });
      this.#context.params.watch(clientId, null);
      this.#context.keys.leave(clientId);
    }
  }

  #answer({ id, query }: Extract<ToEngine, { t: 'query' }>): void {
    const { emit } = this.#options;
    answerTo(query, this.#context, (result) => emit({ t: 'result', id, result }));
  }

  #onDurable(takeId: string): void {
    if (this.#ownWork.recover(takeId) && this.#options.takes.isSaved(takeId)) {
      this.#options.core.takeSaved(wordsOfId(takeId));
    }
  }

  #setLoop(slot: number, loop: RiffLoop | null, soundId?: string | null): void {
    this.#loops[slot] = loop;
    const sound = loop && (soundId === undefined ? loop.takeId : soundId);
    this.#soundKeeper.onLoop(slot, sound);
    const { code } = ERRORS.ERR_LOOP_MAKING;
    if (loop && sound === null) this.alerts.raise(code, slot);
    else this.alerts.lower(code, slot);
    this.apply({ t: 'slotContent', slot, content: loop && this.#options.takes.content(loop) });
    if (loop) restMetronome(this.#context, this.#dispatcher);
  }
}
