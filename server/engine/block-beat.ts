/** Starts and ends the thread that writes the block counter; see block-worker.ts. */
import { join } from 'node:path';

export interface BlockBeat {
  /** Resolves when the thread touches the engine no more. */
  end(): Promise<void>;
}

export const startBlockBeat = (
  libraryPath: string,
  handle: number,
  runFolder: string,
): BlockBeat => {
  const worker = new Worker(new URL('./block-worker.ts', import.meta.url));
  worker.postMessage({ libraryPath, handle, path: join(runFolder, 'blocks') }, []);
  return {
    end: () =>
      new Promise((done) => {
        const over = () => {
          worker.terminate();
          done();
        };
        worker.addEventListener('message', over, { once: true });
        worker.addEventListener('error', over, { once: true });
        worker.addEventListener('close', () => done(), { once: true });
        worker.postMessage('end', []);
      }),
  };
};
