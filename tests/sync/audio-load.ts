/** Makes the audio thread of a FlowZone as busy as a test wants it. Linux. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, '.build/sync');

export interface AudioLoad {
  /** What the process needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** 0…1 of the time there is for each block. */
  set(share: number): void;
  close(): void;
}

/** @param blockMs How long a block lasts. */
export const makeAudioLoad = (folder: string, blockMs: number): AudioLoad => {
  mkdirSync(OUT, { recursive: true });
  const library = join(OUT, 'audio-load.so');
  const source = join(import.meta.dirname, 'audio-load.c');
  const argv = [
    'cc',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-shared',
    '-fPIC',
    '-o',
    library,
    source,
  ];
  const built = Bun.spawnSync([...argv, '-ldl'], { stderr: 'pipe' });
  if (!built.success) throw new Error(built.stderr.toString());
  const path = join(folder, 'audio-load');
  writeFileSync(path, new Uint8Array(8));
  const file = openSync(path, 'r+');
  return {
    env: { LD_PRELOAD: library, FZ_AUDIO_LOAD: path },
    set(share) {
      const bytes = new DataView(new ArrayBuffer(8));
      bytes.setBigInt64(0, BigInt(Math.round(1e6 * blockMs * share)), true);
      writeSync(file, new Uint8Array(bytes.buffer), 0, 8, 0);
    },
    close: () => closeSync(file),
  };
};
