/** FlowZone on a folder that is about to suffer: somebody plays, the books are watched, the judge waits. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Product, until } from '../../judge/product.ts';
import { forgetRing } from '../../judge/rings.ts';
import { AckLog, readAcks, savedTakes } from '../judge/acks.ts';
import { type Census, spoolCensus, spoolEnd } from '../judge/audio.ts';
import { type Code, STEREO, writeCodedInput } from '../judge/coded.ts';
import { unheardFrames } from '../judge/master.ts';
import { judgeFolder } from '../judge/verdict.ts';
import { Books } from './books.ts';
import { silenceFirstFrame } from './tamper.ts';
import { BAR_FRAMES, killAll, RATE, startLife } from './lives.ts';
import { makePlayer, type Player, SLOTS, unsavedOf } from './player.ts';

export interface StandOptions {
  /** Where input and acknowledgements lie: on a disk that does not suffer. */
  readonly home: string;
  readonly data: string;
  readonly code?: Code;
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: readonly string[];
  /** A command that becomes the one it is given. */
  readonly inside?: readonly string[];
  /** The loops have to play on all the while: what is played is written down at `home`, and judged. */
  readonly isHeard?: boolean;
}

export interface Stand {
  readonly product: Product;
  readonly player: Player;
  readonly books: Books;
  /** Captures the last bar into the next slot. */
  press(): Promise<boolean>;
  /** How long a mute takes to be answered. */
  muteMs(): Promise<number>;
  /** Waits until all that was captured is called saved; those that are not in time. */
  unsaved(limitMs: number): Promise<string[]>;
  /**
   * Ends as with the power: nothing is asked, memory is forgotten. The judge reads `folder`.
   *
   * @param repair What is done to the disk before.
   */
  cut(folder: string, repair?: () => Promise<void>): Promise<string[]>;
  /** Ends in order, unless it ended already; what the judge then says of all that was called saved. */
  finish(): Promise<string[]>;
  /** After the end: takes called saved that the judge has compared with what was played. */
  judgedCount(): number;
  /** After the end: what the spool holds of a source, and the gaps that the database declares. */
  census(): Census & { readonly declared: number; readonly gaps: number };
  /** After the end: makes one frame of the spool silent, for the judge to find. */
  silenceFrame(): void;
  /** Frames of each source that the spool holds without a fault from the first on. */
  spooledFrames(): number[];
}

let serial = 0;

/** The first loop sounds by then; and what is played last may not be written down. */
const SOUNDS_FRAMES = RATE / 2;
const WRITTEN_FRAMES = RATE;

export const openStand = async (options: StandOptions): Promise<Stand> => {
  const { code = STEREO, data, home, isHeard = false, more = [], ...life } = options;
  serial += 1;
  const master = join(home, `master-${serial}.wav`);
  mkdirSync(home, { recursive: true });
  const input = join(home, `input-${code.channels}.wav`);
  writeCodedInput(input, code, RATE);
  const acks = new AckLog(join(home, `acks-${serial}.jsonl`));
  const product = await startLife(data, input, {
    ...life,
    more: isHeard ? [...more, '--output', master] : more,
  });
  const player = await makePlayer(product, { acks, rateHz: RATE });
  const books = new Books(product);
  // Of several pairs source 0 is the sum, which proves nothing of itself.
  const pairs = code.channels / 2;
  const sources = pairs === 1 ? [0] : Array.from({ length: pairs }, (_, pair) => 1 + pair);
  let presses = 0;
  let isMuted = false;
  await until('a bar was heard', () => player.frameNow() > 1.2 * BAR_FRAMES);
  let judged = 0;
  let soundsFrom = Number.POSITIVE_INFINITY;
  /** Asked before its end, answered after it. */
  const listen = (): (() => string[]) => {
    const to = player.frameNow() - WRITTEN_FRAMES;
    return () => {
      if (!isHeard || to <= soundsFrom) return [];
      const unheard = unheardFrames(master, soundsFrom, to);
      if (unheard === 0) return [];
      return [unheard === null ? 'what was played ends early' : `no loop in ${unheard} frames`];
    };
  };
  const judge = (folder: string): string[] => {
    const verdict = judgeFolder(folder, savedTakes(readAcks(acks.path)), code);
    const { faults, lost } = verdict;
    judged = verdict.acks;
    return [...lost.map((why) => `lost: ${why}`), ...faults];
  };
  return {
    product,
    player,
    books,
    async press() {
      presses += 1;
      const source = sources[presses % sources.length] ?? 0;
      const isDone = await player.press(presses % SLOTS, { source });
      if (isDone) soundsFrom = Math.min(soundsFrom, player.frameNow() + SOUNDS_FRAMES);
      return isDone;
    },
    async muteMs() {
      isMuted = !isMuted;
      const start = performance.now();
      const answer = await player.client.ask({ cmd: 'MUTE_SLOT', slot: 0, muted: isMuted });
      if (answer.type !== 'OK') throw new Error(`a mute was refused: ${JSON.stringify(answer)}`);
      return performance.now() - start;
    },
    unsaved: (limitMs) => unsavedOf(player, limitMs),
    async cut(folder, repair) {
      const heard = listen();
      await killAll(product);
      forgetRing(data);
      await repair?.();
      await books.end();
      player.close();
      acks.close();
      return [...books.faults, ...heard(), ...judge(folder)];
    },
    async finish() {
      const faults = [...books.faults];
      const heard = listen();
      await books.end();
      // What left its slot before it was safe is judged, too, if it was safe in the end.
      if (product.child.exitCode === null) await unsavedOf(player, 0);
      player.close();
      if (product.child.exitCode === null) {
        const exit = await product.stop();
        if (exit !== 0) faults.push(`it ended with ${exit}`);
      }
      await killAll(product);
      acks.close();
      return [...faults, ...heard(), ...judge(data)];
    },
    judgedCount: () => judged,
    census() {
      const { stored } = judgeFolder(data, [], code);
      const census = spoolCensus(data, stored.runs.at(-1) ?? '', sources[0] ?? 0, code);
      return { ...census, declared: stored.gapFrames, gaps: stored.gaps };
    },
    silenceFrame() {
      const run = judgeFolder(data, [], code).stored.runs.at(-1) ?? '';
      silenceFirstFrame(join(data, 'spool', run));
    },
    spooledFrames() {
      const run = judgeFolder(data, [], code).stored.runs.at(-1) ?? '';
      return sources.map((source) => spoolEnd(data, run, source, code));
    },
  };
};
