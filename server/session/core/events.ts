/** What the core reports by itself: durability, faults, segments. */
import { DISK_STATE, EVENT_FLAGS, EVENT_KIND, GAP_REASON } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { Alerts } from '../state/alerts.ts';
import type { SessionContext } from '../context.ts';
import { makeCoreDamage } from '../takes/core-damage.ts';
import type { CoreEvent } from './port.ts';
import { epochOf } from '../runs/grid-epochs.ts';
import { hexOfWords, idOfWords } from './ids.ts';
import type { TakeLoader } from '../sounds/take-loader.ts';

export interface CoreEventsOptions {
  readonly context: SessionContext;
  readonly loader: TakeLoader;
  readonly alerts: Alerts;
  /** A capture that an engine was making when it died. */
  onRecovered(event: CoreEvent): void;
  /** One that was still recording then; its frame is where it was cut off. */
  onCutOff(event: CoreEvent): void;
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
  ({ alerts, context, onDamage, onLost }: CoreEventsOptions) =>
  ({ code, id }: CoreEvent): void => {
    if (code === ERRORS.ERR_TAKE_DAMAGED.code) {
      const takeId = idOfWords(id);
      context.lateFiles.onDamaged(takeId);
      onDamage(context.lateFiles.realId(takeId) ?? takeId, true);
      return;
    }
    if (code === ERRORS.ERR_OUTPUT_GAP.code) alerts.burst(code);
    else alerts.notice(code);
    if (id.some((word) => word !== 0)) onLost(idOfWords(id));
  };

export interface CoreEvents {
  on(event: CoreEvent): void;
  /** After the last one of a poll. */
  polled(): void;
}

export const makeCoreEvents = (options: CoreEventsOptions): CoreEvents => {
  const { context, loader, alerts } = options;
  const { lateFiles, log, runId } = context;
  const damage = makeCoreDamage(context);

  const durable = (takeId: string) => {
    context.takes.setDurable(takeId);
    log.onDurable(takeId);
    loader.onDurable(takeId);
    options.onDurable(takeId);
  };

  const takeFile = (event: CoreEvent) => {
    const askedId = idOfWords(event.id);
    const lateId = lateFiles.realId(askedId);
    const takeId = lateId ?? askedId;
    const part = event.detail === WINDOW ? 'window' : 'rolls';
    const sha256 = hexOfWords(event.sha);
    const file = { takeId, part, sha256, bytes: event.value, preFrames: event.value2 } as const;
    context.takes.setFile(file);
    // Before it counts as durable: where the recording is broken the file is all there is of it.
    if (lateId === undefined) log.addFile(file);
    else lateFiles.onFile(context, askedId, file);
    if (part === 'window') {
      context.dryTakes.onFile(context, takeId);
      durable(takeId);
      options.onDamage(takeId, false);
    }
  };

  const takeLoaded = (event: CoreEvent) => {
    const id = idOfWords(event.id);
    const lateId = lateFiles.realId(id);
    if (lateId !== undefined) {
      if (lateFiles.onAnswer(context, id, event.code)) options.onDamage(lateId, true);
    } else if (!context.dryTakes.onNone(id)) {
      loader.onLoaded(event);
    }
  };

  /** Of what has no file yet. */
  const takeSpooled = ({ id }: CoreEvent) => {
    const takeId = idOfWords(id);
    if (lateFiles.realId(takeId) === undefined) durable(takeId);
  };

  const handlers: Partial<Record<number, (event: CoreEvent) => void>> = {
    [EVENT_KIND.captured]: options.onRecovered,
    [EVENT_KIND.cancelled]: options.onCutOff,
    [EVENT_KIND.takeSpooled]: takeSpooled,
    [EVENT_KIND.takeFile]: takeFile,
    [EVENT_KIND.tainted]: (event) => damage.taint([idOfWords(event.id)]),
    [EVENT_KIND.takeLoaded]: takeLoaded,
    [EVENT_KIND.xrun]({ frame, value }) {
      context.damage.add({ source: null, fromFrame: frame - value, toFrame: frame + 1 });
      alerts.burst(ERRORS.ERR_AUDIO_DROPOUT.code);
    },
    [EVENT_KIND.gap]({ fromFrame, toFrame, detail, flags }) {
      const hurt = { source: null, fromFrame, toFrame };
      // One that an engine before this one declared may be news all the same: that one died then.
      const isKnown = (flags & EVENT_FLAGS.recovered) !== 0 && context.damage.holds(hurt);
      context.damage.add(hurt);
      log.aside({ kind: 'gap', runId, fromFrame, toFrame, reason: detail });
      const isDisks = detail !== GAP_REASON.engineRestart;
      if (isDisks && !isKnown) alerts.burst(ERRORS.ERR_RECORDING_GAP.code);
    },
    [EVENT_KIND.damaged]: damage.onDamaged,
    [EVENT_KIND.grid]: (event) => context.epochs.add(epochOf(event)),
    [EVENT_KIND.disk]: conditionsOf(alerts),
    [EVENT_KIND.device]: ({ code, detail }) => alerts.follow(code, detail === 0),
    [EVENT_KIND.segment]: ({ fromFrame }) =>
      log.aside({ kind: 'segment', runId, firstFrame: fromFrame, toFrame: null, crc: null }),
    [EVENT_KIND.segmentClosed]: ({ fromFrame, toFrame, value }) =>
      log.aside({ kind: 'segment', runId, firstFrame: fromFrame, toFrame, crc: value }),
    [EVENT_KIND.rendering]: ({ id, value }) => options.onRendering(idOfWords(id), value),
    [EVENT_KIND.loopFile]: (event) => options.onFiled(event),
    [EVENT_KIND.job]: (event) => context.exports.onEvent(event),
    [EVENT_KIND.notice]: noticesOf(options),
  };

  return { on: (event) => handlers[event.kind]?.(event), polled: damage.polled };
};
