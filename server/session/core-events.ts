/** What the core reports by itself: durability, faults, segments. */
import { DISK_STATE, EVENT_KIND, GAP_REASON } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import type { Alerts } from './alerts.ts';
import type { SessionContext } from './context.ts';
import type { CoreEvent } from './core-port.ts';
import { epochOf } from './grid-epochs.ts';
import { hexOfWords, idOfWords } from './ids.ts';
import type { TakeLoader } from './take-loader.ts';

export interface CoreEventsOptions {
  readonly context: SessionContext;
  readonly loader: TakeLoader;
  readonly alerts: Alerts;
  /** A capture that an engine was making when it died. */
  onRecovered(event: CoreEvent): void;
  /** The window of this take is on disk. */
  onDurable(takeId: string): void;
  /** It will never be. */
  onLost(takeId: string): void;
  /** The recording of this take has rotted before it had a file, or it has one now. */
  onDamage(takeId: string, isDamaged: boolean): void;
  /** So much of this sound is made, 0…1. */
  onRendering(soundId: string, share: number): void;
  /** A sound has a file, or will have none. */
  onFiled(event: CoreEvent): void;
}

const WINDOW = 0;

const conditionsOf =
  (alerts: Alerts) =>
  ({ detail, value, value2 }: CoreEvent): void => {
    alerts.follow(ERRORS.ERR_DISK_CRITICAL.code, detail === DISK_STATE.critical);
    alerts.follow(ERRORS.ERR_DISK_SLOW.code, detail === DISK_STATE.slow);
    alerts.follow(ERRORS.ERR_DISK_SECOND.code, value2 !== 0);
    alerts.follow(ERRORS.ERR_DISK_FULL.code, value !== 0);
  };

const noticesOf =
  ({ alerts, onDamage, onLost }: CoreEventsOptions) =>
  ({ code, id }: CoreEvent): void => {
    if (code === ERRORS.ERR_TAKE_DAMAGED.code) {
      onDamage(idOfWords(id), true);
      return;
    }
    alerts.notice(code);
    if (id.some((word) => word !== 0)) onLost(idOfWords(id));
  };

export const makeCoreEvents = (options: CoreEventsOptions) => {
  const { context, loader, alerts } = options;
  const { log, runId } = context;

  const durable = (takeId: string) => {
    context.takes.setDurable(takeId);
    log.onDurable(takeId);
    loader.onDurable(takeId);
    options.onDurable(takeId);
  };

  const takeFile = (event: CoreEvent) => {
    const takeId = idOfWords(event.id);
    const part = event.detail === WINDOW ? 'window' : 'rolls';
    const sha256 = hexOfWords(event.sha);
    const file = { takeId, part, sha256, bytes: event.value, preFrames: event.value2 } as const;
    context.takes.setFile(file);
    if (part === 'window') {
      durable(takeId);
      options.onDamage(takeId, false);
    }
    log.addFile(file);
  };

  /** Told of a take that sounds already: its last frames had not come then. */
  const tainted = (takeId: string) => {
    const news = context.takes.taint(takeId);
    for (const id of news) log.add({ kind: 'takeTainted', takeId: id });
    for (const [slot, loop] of context.loops.entries()) {
      if (!loop || !news.includes(loop.takeId)) continue;
      context.apply({ t: 'slotContent', slot, content: context.takes.content(loop) });
    }
  };

  const handlers: Partial<Record<number, (event: CoreEvent) => void>> = {
    [EVENT_KIND.captured]: options.onRecovered,
    [EVENT_KIND.takeSpooled]: (event) => durable(idOfWords(event.id)),
    [EVENT_KIND.takeFile]: takeFile,
    [EVENT_KIND.tainted]: (event) => tainted(idOfWords(event.id)),
    [EVENT_KIND.takeLoaded]: (event) => loader.onLoaded(event),
    [EVENT_KIND.xrun]({ frame, value }) {
      context.damage.add({ source: null, fromFrame: frame - value, toFrame: frame + 1 });
      alerts.burst(ERRORS.ERR_AUDIO_DROPOUT.code);
    },
    [EVENT_KIND.gap]({ fromFrame, toFrame, detail }) {
      context.damage.add({ source: null, fromFrame, toFrame });
      log.aside({ kind: 'gap', runId, fromFrame, toFrame, reason: detail });
      // The others are the disk's.
      if (detail !== GAP_REASON.engineRestart) alerts.burst(ERRORS.ERR_RECORDING_GAP.code);
    },
    [EVENT_KIND.damaged]({ fromFrame, toFrame, sourceIndex: source }) {
      const hurt = { source, fromFrame, toFrame };
      context.damage.add(hurt);
      log.aside({ kind: 'hurt', runId, hurt });
      // What was made of these frames before they were told.
      for (const loop of context.loops) {
        const take = loop && context.takes.get(loop.takeId);
        if (!take || take.tainted || take.runId !== runId || take.source !== source) continue;
        if (take.fromFrame < toFrame && take.toFrame > fromFrame) tainted(take.id);
      }
    },
    [EVENT_KIND.grid]: (event) => context.epochs.add(epochOf(event)),
    [EVENT_KIND.disk]: conditionsOf(alerts),
    [EVENT_KIND.device]({ detail }) {
      const { code } = ERRORS.ERR_DEVICE_LOST;
      if (detail === 0) alerts.notice(code);
      else alerts.lower(code);
    },
    [EVENT_KIND.segment]: ({ fromFrame }) =>
      log.aside({ kind: 'segment', runId, firstFrame: fromFrame, toFrame: null, crc: null }),
    [EVENT_KIND.segmentClosed]: ({ fromFrame, toFrame, value }) =>
      log.aside({ kind: 'segment', runId, firstFrame: fromFrame, toFrame, crc: value }),
    [EVENT_KIND.rendering]: ({ id, value }) => options.onRendering(idOfWords(id), value),
    [EVENT_KIND.loopFile]: (event) => options.onFiled(event),
    [EVENT_KIND.job]: (event) => context.exports.onEvent(event),
    [EVENT_KIND.notice]: noticesOf(options),
  };

  return (event: CoreEvent): void => handlers[event.kind]?.(event);
};
