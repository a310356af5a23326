/**
 * Once a second: how engine, gateway and clients are, into the ring of the last ten minutes.
 *
 * What the engine counts is compared with what it counted a second ago. When it told nothing new since,
 * or is another engine, its figures of that second are unknown instead of repeated.
 */
import { availableParallelism } from 'node:os';
import type { EngineHealth, HistogramFigures } from '../../protocol/link.ts';
import type { MetricsHistory } from '../../protocol/messages.ts';
import {
  METRIC_SERIES,
  METRICS_INTERVAL_MS,
  METRICS_SECONDS_MAX,
  SERIES_NAMES,
  type SeriesName,
} from '../../protocol/metrics.ts';
import type { WallClock } from '../clock.ts';
import { MetricsRing } from '../telemetry/metrics-ring.ts';
import { type OwnProcess, ownProcess } from '../telemetry/own-process.ts';
import type { Client } from './client.ts';
import type { Room } from './room.ts';

export type Figures = Partial<Record<SeriesName, number>>;
type Watched = Pick<Room, 'clients' | 'engine' | 'features' | 'replica' | 'now'>;

const BYTES_PER_MB = 1_048_576;
/** A page tells how it is once a second; one that has not for so long says nothing of this second. */
const REPORT_MS = 3000;

/** Of visible pages that have lately said how they are. */
export const freshReports = (clients: Iterable<Client>, nowMs: number) =>
  [...clients].flatMap(({ shown }) =>
    shown?.isVisible === true && nowMs - shown.atMs < REPORT_MS ? [shown] : [],
  );

const writtenOf = ({ disk }: EngineHealth): number => disk.framesDurable + disk.framesWritten;

const countOf = ({ counts }: HistogramFigures): number =>
  counts.reduce((sum, each) => sum + each, 0);

/** Of what came in between; unknown when nothing did. */
const meanMs = (before: HistogramFigures, now: HistogramFigures): number =>
  (1000 * (now.sum - before.sum)) / (countOf(now) - countOf(before));

interface Seen {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly sent: number;
  readonly skipped: number;
  readonly commands: number;
}

export class Metrics {
  readonly #room: Watched;
  readonly #own: OwnProcess;
  readonly #wallClock: WallClock;
  readonly #cores = availableParallelism();
  readonly #ring = new MetricsRing(SERIES_NAMES, METRICS_SECONDS_MAX);
  readonly #firstMs: number;
  #newestWallMs = 0;
  #seen: Seen;
  #engine: EngineHealth | null = null;

  constructor(room: Watched, wallClock: WallClock, own: OwnProcess = ownProcess) {
    this.#room = room;
    this.#own = own;
    this.#wallClock = wallClock;
    this.#firstMs = room.now();
    this.#seen = this.#look();
  }

  /** To be called once a second; a late call leaves a hole. */
  sample(): void {
    const now = this.#look();
    const second = Math.round((now.atMs - this.#firstMs) / METRICS_INTERVAL_MS);
    this.#ring.note(second, {
      ...this.#ofEngine(),
      ...this.#ofHosts(),
      ...this.#ofClients(now),
      gatewayCpu: this.#share(now.cpuMs - this.#seen.cpuMs, now.atMs - this.#seen.atMs),
      gatewayMB: this.#own.memoryBytes() / BYTES_PER_MB,
    });
    this.#seen = now;
    this.#newestWallMs = this.#wallClock();
  }

  /** Oldest first. */
  history(seconds: number = METRICS_SECONDS_MAX): MetricsHistory {
    const read = (name: SeriesName) => {
      const factor = 10 ** METRIC_SERIES[name].digits;
      const round = (value: number | null) =>
        value === null ? null : Math.round(value * factor) / factor;
      return this.#ring.read(name, seconds).map(round);
    };
    return {
      type: 'METRICS_HISTORY',
      intervalMs: METRICS_INTERVAL_MS,
      newestMs: this.#newestWallMs,
      series: Object.fromEntries(SERIES_NAMES.map((name) => [name, read(name)])),
    };
  }

  #look(): Seen {
    const { engine, features, now } = this.#room;
    return {
      atMs: now(),
      cpuMs: this.#own.cpuMs(),
      sent: features.sentCount,
      skipped: features.skippedCount,
      commands: engine.commandCount,
    };
  }

  #share(cpuMs: number, elapsedMs: number): number {
    return elapsedMs > 0 ? cpuMs / elapsedMs / this.#cores : Number.NaN;
  }

  #ofEngine(): Figures {
    const before = this.#engine;
    const { health } = this.#room.engine;
    this.#engine = health;
    if (health === null || before === null || health.epoch !== before.epoch) return {};
    const elapsedMs = health.process.atMs - before.process.atMs;
    if (elapsedMs <= 0) return {};
    const { disk, process: own, times } = health;
    return {
      engineCpu: this.#share(own.cpuMs - before.process.cpuMs, elapsedMs),
      engineMB: own.memoryBytes / BYTES_PER_MB,
      audioLoad: health.load,
      blocks: ((health.blocks - before.blocks) / elapsedMs) * 1000,
      xruns: health.xruns - before.xruns,
      // Of a disk that refuses, what was written must be written again.
      writtenFrames: Math.max(0, writtenOf(health) - writtenOf(before)),
      syncMs: meanMs(before.times.spoolSync, times.spoolSync),
      savedMs: meanMs(before.times.commitDurable, times.commitDurable),
      gapFrames: disk.gapFrames - before.disk.gapFrames,
      backlogBytes: disk.backlogBytes,
      bufferUsage: disk.bufferUsage,
      overflowBytes: disk.overflowBytes,
      loopBytes: health.loopBytes,
    };
  }

  #ofHosts(): Figures {
    const { engine, replica } = this.#room;
    if (!engine.isUp || replica.state === null) return {};
    const hosts = Object.values(replica.state.hosts);
    return {
      pluginsCpu: hosts.reduce((sum, { load }) => sum + load, 0),
      pluginsMB: hosts.reduce((sum, { memoryMB }) => sum + memoryMB, 0),
      pluginRestarts: hosts.reduce((sum, { retries }) => sum + retries, 0),
    };
  }

  #ofClients(now: Seen): Figures {
    const { clients } = this.#room;
    const joined = [...clients.joined()];
    const following = joined.filter(({ isFollowing, window }) => isFollowing && window.fps > 0);
    const seconds = (now.atMs - this.#seen.atMs) / 1000;
    const reports = freshReports(joined, now.atMs);
    return {
      clients: joined.length,
      skippedFrames: now.skipped - this.#seen.skipped,
      commands: now.commands - this.#seen.commands,
      ...(following.length > 0 &&
        seconds > 0 && { sentFps: (now.sent - this.#seen.sent) / following.length / seconds }),
      ...(reports.length > 0 && {
        shownFps: Math.min(...reports.map(({ fps }) => fps)),
        lateMs: Math.max(...reports.map(({ lateMs }) => lateMs)),
      }),
    };
  }
}
