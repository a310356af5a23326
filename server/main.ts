/**
 * The launcher: what `bun run start` becomes.
 *
 * Reads the command line, takes the data folder, starts and watches engine process and gateway, and
 * says on stdout, once, that FlowZone is ready. Everything else goes to stderr.
 */
import { availableParallelism, release } from 'node:os';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { EXIT } from '../protocol/errors.ts';
import { isFull } from './ballast.ts';
import { type CliOptions, parseCli, USAGE, UsageError } from './cli.ts';
import { wallClock } from './clock.ts';
import type { FlowZoneConfig } from './config.ts';
import {
  defaultDataFolder,
  folderTag,
  lockDataFolder,
  prepareDataFolder,
  prepareRunFolder,
  readRunFile,
  removeRunFile,
  writeRunFile,
} from './data-folder.ts';
import { lanUrls, thisPlace } from './lan.ts';
import { openBrowser } from './open-browser.ts';
import { pluginFolders } from './plugins/folders.ts';
import { BlockCount } from './supervise/block-count.ts';
import { CrashGuard } from './supervise/crash-guard.ts';
import { Launcher } from './supervise/launcher.ts';
import { takeRisk } from './supervise/risk.ts';
import { endLeftovers } from './supervise/leftovers.ts';
import { survive } from './telemetry/line-writer.ts';
import { openProcessLog } from './telemetry/process-log.ts';

survive(process.stdout);
const { env } = process;
const LEFTOVER_MS = 5000;
const ANSWER_MS = 2000;
const ASK_MS = 5;

/** A sentence for the player, and what is safe. */
const refuse = (code: number, says: string): never => {
  process.stderr.write(`flowzone: ${says} Nothing was started and no data was touched.\n`);
  process.exit(code);
};

const readCli = (): CliOptions => {
  try {
    const options = parseCli(process.argv.slice(2));
    if (options) return options;
    process.stderr.write(`${USAGE}\n`);
    process.exit(EXIT.ended);
  } catch (error) {
    if (error instanceof UsageError) return refuse(EXIT.usage, error.message);
    throw error;
  }
};

const cannotUse = (folder: string, error: unknown): never => {
  const why = error instanceof Error ? error.message : String(error);
  const todo = isFull(error) ? ' Make some room on its disk and start again.' : '';
  return refuse(EXIT.dataUnusable, `the data folder ${folder} cannot be used (${why}).${todo}`);
};

interface DataFolder {
  readonly folder: string;
  readonly runFolder: string;
  release(): void;
}

/** The folder, ours alone from here on. */
const takeDataFolder = (options: CliOptions): DataFolder => {
  const folder = options.dataFolder ?? defaultDataFolder();
  try {
    prepareDataFolder(folder);
    const lock = lockDataFolder(folder);
    if (lock) return { folder, runFolder: prepareRunFolder(folder), release: lock.release };
  } catch (error) {
    return cannotUse(folder, error);
  }
  const where = readRunFile(folder)?.url ?? 'an address it has not told yet';
  return refuse(EXIT.otherInstance, `FlowZone already runs with ${folder}, at ${where}.`);
};

const configOf = (options: CliOptions, { folder, runFolder }: DataFolder): FlowZoneConfig => ({
  version: packageJson.version,
  host: '127.0.0.1',
  lan: options.isLan,
  port: options.port,
  dataFolder: folder,
  secondFolder: options.secondFolder,
  inputDevice: options.inputDevice,
  outputDevice: options.outputDevice,
  runFolder,
  linkPath: join(runFolder, 'link.sock'),
  webFolder: join(import.meta.dirname, '..', 'web', 'dist'),
  pluginFolders: pluginFolders(env),
  device: options.device,
  rateHz: options.rateHz,
  blockFrames: options.blockFrames,
  slotCount: options.slotCount,
  bpm: options.bpm,
  inputPath: options.inputPath,
  outputPath: options.outputPath,
  logFolder: options.logFolder,
  ringName: `/flowzone-${folderTag(folder)}`,
  ringSecondsMax: Number(env['FLOWZONE_RING_SECONDS'] ?? 0),
  overflowBlocksMax: Number(env['FLOWZONE_OVERFLOW_BLOCKS'] ?? 0),
  sessionName: 'Session',
  dev: options.dev,
  isRestart: false,
  safe: null,
  rateLimit: env['FLOWZONE_RATE_LIMIT'] !== 'off',
});

const machine = () => ({
  platform: process.platform,
  arch: process.arch,
  release: release(),
  cores: availableParallelism(),
});

const sayForPhones = (url: string) => {
  const found = lanUrls(thisPlace(), Number(new URL(url).port));
  process.stderr.write(
    found.length === 0
      ? 'flowzone: this computer is in no network that a phone could reach\n'
      : `flowzone: for phones and tablets: ${found.join(' or ')} (pair them from the page here)\n`,
  );
};

/** Until the gateway has heard of the engine; that takes milliseconds, and is not waited for longer. */
const isAnswering = async (url: string): Promise<void> => {
  const deadline = performance.now() + ANSWER_MS;
  while (performance.now() < deadline) {
    const answer = await fetch(new URL('/api/health', url)).catch(() => null);
    if (answer?.ok) return;
    await Bun.sleep(ASK_MS);
  }
};

const main = async (): Promise<number> => {
  const options = readCli();
  const data = takeDataFolder(options);
  const { folder } = data;
  const { log, flushNow } = openProcessLog('launcher', folder);
  // Both children end in order when their launcher is gone; what ended it shall be known.
  const crash = (error: unknown) => {
    log('error', 'crash', { error: error instanceof Error ? error.stack : String(error) });
    flushNow();
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  log('debug', 'started', { version: packageJson.version, bun: Bun.version, ...machine() });
  const tag = `flowzone-${folderTag(folder)}`;
  const left = readRunFile(folder);
  const killed = await endLeftovers({
    pids: [left?.enginePid, left?.gatewayPid],
    tag,
    waitMs: LEFTOVER_MS,
  }).catch((error: unknown) => cannotUse(folder, error));
  if (killed.length > 0) log('warn', 'ended what a killed launcher left', { pids: killed });

  const config = configOf(options, data);
  const guard = new CrashGuard({
    path: join(folder, 'crashes.json'),
    clock: wallClock,
    isOff: env['FLOWZONE_CRASH_GUARD'] === 'off',
    firstStep: options.isSafe ? 1 : 0,
    onUnkept: (error) => log('error', 'crash count is not on disk', { error: String(error) }),
  });
  // The launcher ended with its engine: the computer went down.
  const unfinished = takeRisk(config.runFolder);
  if (unfinished) guard.onDeath(unfinished, unfinished.sinceMs);
  const childArgv = (name: string) => [
    process.execPath,
    join(import.meta.dirname, name, 'main.ts'),
    tag,
  ];
  const launcher = new Launcher({
    config,
    engineArgv: childArgv('engine'),
    gatewayArgv: childArgv('gateway'),
    guard,
    takeRisk: () => takeRisk(config.runFolder),
    blocks: new BlockCount(join(config.runFolder, 'blocks')),
    log,
    env,
    isAnswering,
    onReady(url, pids) {
      process.stdout.write(
        `${JSON.stringify({ event: 'ready', url, pid: process.pid, ...pids })}\n`,
      );
      if (options.isLan) sayForPhones(url);
      if (options.isBrowserOpened) openBrowser(url);
    },
    onPids(url, pids) {
      try {
        writeRunFile(folder, { pid: process.pid, url, ...pids });
      } catch (error) {
        // A full disk is no reason not to play.
        log('warn', 'who runs here is not on disk', { error: String(error) });
      }
    },
    onFailed: (says) => process.stderr.write(`flowzone: ${says}\n`),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => launcher.end());
  }
  const code = await launcher.run();
  removeRunFile(folder);
  if (code === EXIT.ended) guard.clear();
  log('debug', 'ended', { code });
  flushNow();
  data.release();
  return code;
};

process.exit(await main());
