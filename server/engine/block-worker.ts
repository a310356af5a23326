/**
 * Says that the sound goes on although JavaScript's main thread may not answer.
 *
 * A thread of its own writes FlowCore's block counter into RUN/blocks every second. The launcher reads
 * it before it kills an engine process that sends no heartbeat: a counter that moves is a player who
 * still hears his loops.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { FlowCore } from './flow-core.ts';

declare const self: Worker;

const EVERY_MS = 1000;

const begin = ({ data }: MessageEvent<{ libraryPath: string; handle: number; path: string }>) => {
  const core = FlowCore.attach(data.libraryPath, data.handle);
  const file = openSync(data.path, 'w', 0o600);
  const count = new BigUint64Array(1);
  const timer = setInterval(() => {
    count[0] = BigInt(core.status().blocks);
    writeSync(file, count, 0, count.byteLength, 0);
  }, EVERY_MS);
  const end = () => {
    clearInterval(timer);
    closeSync(file);
    self.postMessage('ended', []);
  };
  self.addEventListener('message', end, { once: true });
};

self.addEventListener('message', begin, { once: true });
