/** FlowZone on a folder that is about to suffer: somebody plays, the books are watched, the judge waits. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Product, until } from '../../judge/product.ts';
import { AckLog, readAcks, savedTakes } from '../judge/acks.ts';
import { spoolEnd } from '../judge/audio.ts';
import { type Code, STEREO, writeCodedInput } from '../judge/coded.ts';
import { judgeFolder } from '../judge/verdict.ts';
import { Books } from './books.ts';
import { BAR_FRAMES, killAll, RATE, startLife } from './lives.ts';
import { makePlayer, type Player, SLOTS } from './player.ts';

export interface StandOptions {
  /** Where input and acknowledgements lie: on a disk that does not suffer. */
  readonly home: string;
  readonly data: string;
  readonly code?: Code;
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: readonly string[];
}

export interface Stand {
  readonly product: Product;
  readonly player: Player;
  readonly books: Books;
  /** Captures the last bar into the next slot. */
  press(): Promise<boolean>;
  /** How long a mute takes to be answered. */
  muteMs(): Promise<number>;
  /** Ends in order, unless it ended already; what the judge then says of all that was called saved. */
  finish(): Promise<string[]>;
  /** Frames of each source that the spool holds without a fault from the first on. */
  spooledFrames(): number[];
}

let serial = 0;

export const openStand = async (options: StandOptions): Promise<Stand> => {
  const { code = STEREO, data, env, home, more } = options;
  serial += 1;
  mkdirSync(home, { recursive: true });
  const input = join(home, `input-${code.channels}.wav`);
  writeCodedInput(input, code, RATE);
  const acks = new AckLog(join(home, `acks-${serial}.jsonl`));
  const product = await startLife(data, input, env, more);
  const player = await makePlayer(product, { acks, rateHz: RATE });
  const books = new Books(product);
  let presses = 0;
  let isMuted = false;
  await until('a bar was heard', () => player.frameNow() > 1.2 * BAR_FRAMES);
  const saved = () => savedTakes(readAcks(acks.path));
  return {
    product,
    player,
    books,
    press() {
      presses += 1;
      // Of several pairs source 0 is the sum, which proves nothing of itself.
      const pairs = code.channels / 2;
      const source = pairs === 1 ? 0 : 1 + (presses % pairs);
      return player.press(presses % SLOTS, { source });
    },
    async muteMs() {
      isMuted = !isMuted;
      const start = performance.now();
      await player.client.ask({ cmd: 'MUTE_SLOT', slot: 0, val: isMuted });
      return performance.now() - start;
    },
    async finish() {
      const faults = [...books.faults];
      await books.end();
      player.close();
      if (product.child.exitCode === null) {
        const exit = await product.stop();
        if (exit !== 0) faults.push(`it ended with ${exit}`);
      }
      await killAll(product);
      acks.close();
      const verdict = judgeFolder(data, saved(), code);
      return [...faults, ...verdict.lost.map((why) => `lost: ${why}`), ...verdict.faults];
    },
    spooledFrames() {
      const run = judgeFolder(data, [], code).stored.runs.at(-1) ?? '';
      const pairs = code.channels / 2;
      const sources = pairs === 1 ? [0] : Array.from({ length: pairs }, (_, pair) => 1 + pair);
      return sources.map((source) => spoolEnd(data, run, source, code));
    },
  };
};
