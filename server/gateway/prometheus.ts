/** The figures of this moment in Prometheus' text form: prefix, base units, `_total` for what only grows. */
import type { EngineHealth, HistogramFigures } from '../../protocol/link.ts';
import type { OwnProcess } from '../telemetry/own-process.ts';
import { freshReports } from './metrics.ts';
import type { Room } from './room.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [number, Labels?];

const PREFIX = 'flowzone_';

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelled = (labels: Labels): string => {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return all.length === 0 ? '' : `{${all.join(',')}}`;
};

class Page {
  readonly #lines: string[] = [];

  /** A metric without samples is left out: it is unknown, not zero. */
  add(name: string, type: 'counter' | 'gauge', help: string, ...samples: Sample[]): void {
    if (samples.length === 0) return;
    this.#head(name, type, help);
    for (const [value, labels = {}] of samples) {
      this.#lines.push(`${PREFIX}${name}${labelled(labels)} ${value}`);
    }
  }

  addHistogram(name: string, help: string, ...all: [HistogramFigures, Labels?][]): void {
    this.#head(name, 'histogram', help);
    for (const [{ bounds, counts, sum }, labels = {}] of all) {
      let count = 0;
      for (const [index, each] of counts.entries()) {
        count += each;
        const le = bounds[index] === undefined ? '+Inf' : String(bounds[index]);
        this.#lines.push(`${PREFIX}${name}_bucket${labelled({ ...labels, le })} ${count}`);
      }
      const of = labelled(labels);
      this.#lines.push(`${PREFIX}${name}_sum${of} ${sum}`, `${PREFIX}${name}_count${of} ${count}`);
    }
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #head(name: string, type: string, help: string): void {
    this.#lines.push(`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`);
  }
}

const addDisk = (page: Page, { disk }: EngineHealth): void => {
  const written = disk.framesDurable + disk.framesWritten;
  page.add('disk_frames_written_total', 'counter', 'Frames of the recording on disk.', [written]);
  page.add('disk_frames_durable_total', 'counter', 'Those of them that are synced.', [
    disk.framesDurable,
  ]);
  page.add('disk_gap_frames_total', 'counter', 'Frames declared lost.', [disk.gapFrames]);
  page.add('disk_backlog_bytes', 'gauge', 'Recording that waits in memory.', [disk.backlogBytes]);
  page.add('disk_buffer_ratio', 'gauge', 'What is not durable, of ring and overflow.', [
    disk.bufferUsage,
  ]);
  page.add('disk_overflow_bytes', 'gauge', 'Second buffer in use.', [disk.overflowBytes]);
  const states = (['ok', 'slow', 'critical'] as const).map(
    (state): Sample => [Number(disk.state === state), { state }],
  );
  page.add('disk_state', 'gauge', 'How the disk is: the one that is 1.', ...states);
};

const addEngine = (page: Page, health: EngineHealth): void => {
  page.add('audio_blocks_total', 'counter', 'Blocks of sound.', [health.blocks]);
  page.add('audio_xruns_total', 'counter', 'Blocks that came too late.', [health.xruns]);
  page.add('audio_load_ratio', 'gauge', 'Time a block takes, of its own length.', [health.load]);
  page.add('loop_bytes', 'gauge', 'Sound of loops in memory.', [health.loopBytes]);
  addDisk(page, health);
  const { commitDurable, sessionSync, spoolSync } = health.times;
  page.addHistogram(
    'disk_fsync_seconds',
    'Until a write of the recording or of the session file was synced.',
    [spoolSync, { file: 'recording' }],
    [sessionSync, { file: 'session' }],
  );
  page.addHistogram(
    'commit_durable_seconds',
    'From the end of a window until its loop was told to be saved.',
    [commitDurable],
  );
};

const named = (process: string): Labels => ({ process });

const addProcesses = (page: Page, health: EngineHealth | null, own: OwnProcess): void => {
  const cpu: Sample[] = [[own.cpuMs() / 1000, named('gateway')]];
  const memory: Sample[] = [[own.memoryBytes(), named('gateway')]];
  if (health) {
    cpu.push([health.process.cpuMs / 1000, named('engine')]);
    memory.push([health.process.memoryBytes, named('engine')]);
  }
  page.add('process_cpu_seconds_total', 'counter', 'CPU since it began.', ...cpu);
  page.add('process_resident_bytes', 'gauge', 'Memory.', ...memory);
};

const addClients = (page: Page, room: Room): void => {
  const { clients, engine, features, listeners } = room;
  const joined = [...clients.joined()];
  page.add('clients', 'gauge', 'Connected pages and programs.', [joined.length]);
  page.add('commands_total', 'counter', 'Commands for the session.', [engine.commandCount]);
  page.add('ws_sent_frames_total', 'counter', 'Feature frames sent.', [features.sentCount]);
  page.add('ws_dropped_frames_total', 'counter', 'Feature frames that had no room.', [
    features.skippedCount,
  ]);
  page.add('sound_dropped_pieces_total', 'counter', 'Pieces of the master that had no room.', [
    listeners.skippedCount,
  ]);
  const reports = freshReports(joined, room.now());
  if (reports.length === 0) return;
  page.add('page_fps', 'gauge', 'Pictures a second on the slowest visible page.', [
    Math.min(...reports.map(({ fps }) => fps)),
  ]);
  page.add('page_late_seconds', 'gauge', 'Lateness of frames on the latest page.', [
    Math.max(...reports.map(({ lateMs }) => lateMs)) / 1000,
  ]);
};

const addState = (page: Page, { replica }: Room): void => {
  const { state } = replica;
  if (state === null) return;
  const hosts = Object.entries(state.hosts).map(([id, host]) => ({ ...host, id }));
  const of = (value: (host: (typeof hosts)[number]) => number) =>
    hosts.map((host): Sample => [value(host), { host: host.id, vendor: host.name }]);
  page.add(
    'plugin_restarts_total',
    'counter',
    'How often a process of plug-ins was started again.',
    ...of(({ retries }) => retries),
  );
  page.add(
    'plugin_missed_blocks_total',
    'counter',
    'Blocks of plug-ins that came too late.',
    ...of(({ missedBlocks }) => missedBlocks),
  );
  const alerts = Object.values(state.alerts).map(
    ({ code, count }): Sample => [count, { code: String(code) }],
  );
  page.add(
    'alert',
    'gauge',
    'What is wrong at the moment, by code; how often it was told.',
    ...alerts,
  );
};

export const prometheusText = (room: Room, own: OwnProcess): string => {
  const page = new Page();
  const { health, startCount, trouble } = room.engine;
  page.add('engine_up', 'gauge', '1 = the engine answers.', [Number(trouble === null)]);
  page.add('engine_starts_total', 'counter', 'Engines this gateway has seen.', [startCount]);
  addProcesses(page, health, own);
  if (health) addEngine(page, health);
  addClients(page, room);
  if (room.engine.isUp && room.replica.isCurrent) addState(page, room);
  return page.text;
};
