/** The engine process as the launcher starts it, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineHealth, ToGateway } from '../../../protocol/link.ts';
import { CONFIG_VARIABLE, type FlowZoneConfig } from '../../../server/config.ts';
import { folderTag } from '../../../server/data-folder.ts';
import { listenLink } from '../../../server/link/link-server.ts';
import type { FromChild } from '../../../server/supervise/ipc.ts';
import { makeInbox } from '../../support/inbox.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'server', 'engine', 'main.ts');
export const folder = mkdtempSync(join(tmpdir(), 'fz-engine-'));
const started: Bun.Subprocess[] = [];

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What still runs ends. */
export const clean = (): void => {
  for (const child of started) child.kill('SIGKILL');
};

export const config: FlowZoneConfig = {
  version: '0',
  host: '127.0.0.1',
  lan: false,
  port: 0,
  dataFolder: folder,
  runFolder: folder,
  linkPath: join(folder, 'link.sock'),
  webFolder: folder,
  device: 'headless',
  inputDevice: null,
  outputDevice: null,
  rateHz: 48_000,
  blockFrames: 128,
  slotCount: 8,
  bpm: 300,
  inputPath: null,
  outputPath: null,
  logFolder: null,
  ringName: `/flowzone-${folderTag(folder)}`,
  ringSecondsMax: 20,
  overflowBlocksMax: 1,
  secondFolder: null,
  pluginFolders: [],
  sessionName: 'Session',
  dev: false,
  isRestart: false,
  safe: null,
  rateLimit: true,
};

/** A JACK server that runs here is not found. */
const NO_JACK = { JACK_DEFAULT_SERVER: 'flowzone-none', JACK_NO_START_SERVER: '1' };

/** The engine process as the launcher starts it, and the gateway's end of its link. */
export const start = (more: Partial<FlowZoneConfig> = {}) => {
  const heard = makeInbox<ToGateway>();
  const frames = makeInbox<Uint8Array>();
  const told = makeInbox<FromChild>();
  const own = { ...config, ...more };
  const link = listenLink({
    path: own.linkPath,
    onMessage: heard.put,
    onBinary: frames.put,
    onUp: () => undefined,
    onDown: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const child = Bun.spawn([process.execPath, MAIN], {
    env: { ...process.env, ...NO_JACK, [CONFIG_VARIABLE]: JSON.stringify(own) },
    stdout: 'ignore',
    stderr: 'inherit',
    ipc: (message) => told.put(message as FromChild),
  });
  started.push(child);
  const end = async () => {
    child.send({ t: 'end', hurry: false });
    const code = await child.exited;
    link.close();
    return code;
  };
  return { child, link, heard, frames, told, end };
};

export const health = (message: ToGateway): EngineHealth | null =>
  message.t === 'health' ? message.health : null;

/** Asks until the take lies in a file of its own. */
export const fileOf = async (engine: ReturnType<typeof start>, takeId: string, firstId: number) => {
  for (let id = firstId; id < firstId + 99; id += 1) {
    engine.link.send({ t: 'query', id, query: { kind: 'take', takeId } });
    const message = await engine.heard.find((each) => each.t === 'result' && each.id === id);
    const take = message.t === 'result' && message.result.kind === 'take' && message.result.take;
    if (take && take.location.kind === 'file') return { ...take, path: take.location.path };
    await engine.heard.reach(engine.heard.items.length + 1);
  }
  throw new Error('it never got a file');
};
