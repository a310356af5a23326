/** A support bundle: one file that says how FlowZone has been, for whoever shall help. No sound is in it. */
import { homedir, release } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { METRICS_SECONDS_MAX } from '../../../protocol/metrics.ts';
import { PROTOCOL_HASH } from '../../../protocol/version.ts';
import { ownProcess } from '../../telemetry/own-process.ts';
import { prometheusText } from '../prometheus.ts';
import type { Room } from '../room.ts';
import { crashParts, logParts, replayParts, type TextFile } from './parts.ts';
import { tarOf } from './tar.ts';

export interface BundleOptions {
  readonly dataFolder: string;
  /** Of `--log`; null = none. */
  readonly logFolder: string | null;
  /** How FlowZone was started. */
  readonly config: object;
  /** Wall clock, Unix ms. */
  readonly atMs: number;
}

const ABOUT = `FlowZone support bundle

about.json      versions and computer
config.json     how FlowZone was started
health.json     how the engine was at this moment
clients.json    the pages and programs that were connected, and what they say of themselves
metrics.json    the last ten minutes, second by second; metrics.txt this moment
logs/           what each process said, one JSON object a line, the newest four megabytes of each
crashes.json    engines that ended by themselves, when there were any
replay/         with --log: what was done in the last runs, without what was heard. "bun run replay replay/RUN"
                gives the same sound when the demo player played and no loop came from an earlier run.

No recording, no loop and no take is in it. Your home folder is written as ~.
`;

const zip = promisify(gzip);

/** Names of people are in paths more often than anywhere else. */
const withoutHome = (text: string, home: string): string =>
  home.length > 1 ? text.replaceAll(home, '~') : text;

const json = (name: string, value: unknown): TextFile => ({
  name,
  text: `${JSON.stringify(value, null, 2)}\n`,
});

/** Without names and addresses. */
const clientsOf = ({ clients }: Room): object[] =>
  [...clients.joined()].map(({ isFollowing, isStale, loopback, shown, window }) => ({
    loopback,
    isFollowing,
    isStale,
    askedFps: window.fps,
    sentFrames: window.sentCount,
    skippedFrames: window.skippedCount,
    shown,
  }));

const momentParts = (room: Room, { atMs, config }: BundleOptions): TextFile[] => [
  { name: 'README.txt', text: ABOUT },
  json('about.json', {
    at: new Date(atMs).toISOString(),
    protocol: PROTOCOL_HASH,
    bun: Bun.version,
    platform: process.platform,
    arch: process.arch,
    release: release(),
  }),
  json('config.json', config),
  json('health.json', { trouble: room.engine.trouble, ...room.engine.health }),
  json('clients.json', clientsOf(room)),
  json('metrics.json', room.metrics.history(METRICS_SECONDS_MAX)),
  { name: 'metrics.txt', text: prometheusText(room, ownProcess) },
];

/** Name of the folder in it, and of the file without its ending. */
export const bundleName = (atMs: number): string =>
  `flowzone-support-${new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '-')}`;

/** A gzipped tar. What cannot be read is left out: a broken FlowZone is what it is for. */
export const makeBundle = async (room: Room, options: BundleOptions): Promise<Uint8Array> => {
  const { atMs, dataFolder, logFolder } = options;
  const read = await Promise.allSettled([
    logParts(dataFolder),
    crashParts(dataFolder),
    replayParts(logFolder),
  ]);
  const found = read.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  const home = homedir();
  const files = [...momentParts(room, options), ...found].map(({ name, text }) => ({
    name: `${bundleName(atMs)}/${name}`,
    bytes: Buffer.from(withoutHome(text, home)),
  }));
  return zip(tarOf(files, atMs));
};
