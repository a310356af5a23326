/**
 * The disk is full when FlowZone ends, starts, ends and starts again: it plays, says so, and loses nothing.
 * Every other time it has no ballast to give, so that not one page is free; then there is room again.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, connect, type Json } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import { forgetRing } from '../../judge/rings.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { TrialResult } from '../rig.ts';
import { killAll, startLife } from '../stand/lives.ts';
import type { LoopDisk } from '../stand/loop-disk.ts';
import { openStand } from '../stand/stand.ts';
import { fill } from './full-disk.ts';
import { onLoopDisk } from './on-loop-disk.ts';

const DISK_MEGABYTES = 96;
const PRESSES = 3;
const PRESS_MS = 300;
const SAVED_MS_MAX = 20_000;
const TOLD_MS_MAX = 8000;
/** Of ten minutes of space that are not left, and of a recording that has stopped. */
const FULL = ['1001', '1002'];
/** Of a recording that has stopped, and of a session file that cannot be written. */
const HELD_UP = ['1002', '1012'];
const FREED_MS_MAX = 20_000;

const has = (client: Client, codes: readonly string[]): boolean =>
  codes.some((code) => code in client.state().alerts);

/** The disk has room again: what it does not get over, and whether a capture is saved then. */
const recover = async (client: Client, makeRoom: () => void): Promise<string[]> => {
  makeRoom();
  const isOver = await until('the recovery', () => !has(client, HELD_UP), FREED_MS_MAX).catch(
    () => false,
  );
  const answer = await client.ask({ cmd: 'TRIGGER_SLOT', slot: 15, quantized: false, bars: 1 });
  const isSaved = (): boolean => client.state().slots[15].saved;
  const wasSaved = await until('a capture', isSaved, FREED_MS_MAX).catch(() => false);
  return [
    ...(isOver ? [] : ['it does not recover when there is room']),
    ...(answer.type === 'OK' && wasSaved ? [] : ['with room again a capture is not saved']),
  ];
};

/**
 * A life that must begin, play what was saved and end in order; what it did not.
 *
 * @param makeRoom Called when it has told of the full disk: it must get over it.
 */
const liveFull = async (
  data: string,
  input: string,
  captured: readonly string[],
  makeRoom?: () => void,
) => {
  const product = await startLife(data, input).catch((error: unknown) => String(error));
  if (typeof product === 'string') return [`no start on a full disk: ${product}`];
  try {
    const client = await connect(product.url);
    const slots = (): Json[] => client.state().slots;
    const plays = () =>
      captured.every((id) =>
        slots().some((slot) => slot.takeId === id && slot.state === 'PLAYING'),
      );
    const isTold = () => has(client, FULL);
    const doesPlay = await until('the loops', plays, TOLD_MS_MAX).catch(() => false);
    const wasTold = await until('the alert', isTold, TOLD_MS_MAX).catch(() => false);
    const unhealed = makeRoom ? await recover(client, makeRoom) : [];
    client.close();
    const code = await product.stop();
    return [
      ...unhealed,
      ...(doesPlay ? [] : ['its loops do not play']),
      ...(wasTold ? [] : ['the player was not told']),
      ...(code === 0 ? [] : [`it ended with ${code}`]),
    ];
  } finally {
    await killAll(product);
  }
};

const runTrial = async (home: string, disk: LoopDisk, seed: number): Promise<TrialResult> => {
  const data = join(disk.folder, 'data');
  const path = join(disk.folder, 'fill');
  const random = makeRandom(seed);
  const stand = await openStand({ home, data });
  for (let press = 0; press < PRESSES; press += 1) {
    await stand.press();
    await Bun.sleep(random() * PRESS_MS);
  }
  const unsaved = await stand.unsaved(SAVED_MS_MAX);
  const captured = stand.player.captured.map(({ takeId }) => takeId);
  const isFullAtEnd = random() < 0.5;
  const fullAtEnd = Number(isFullAtEnd);
  if (isFullAtEnd) fill(path, disk.folder, 0);
  const code = await stand.product.stop();
  if (!isFullAtEnd) fill(path, disk.folder, 0);
  const isBare = seed % 2 === 1;
  if (isBare) {
    rmSync(join(data, 'ballast'), { force: true });
    fill(path, disk.folder, 0);
  }
  const input = join(home, 'input-2.wav');
  const makeRoom = () => rmSync(path);
  const faults = [
    ...unsaved.map((id) => `${id} was never saved`),
    ...(code === 0 ? [] : [`it ended with ${code}`]),
    ...(await liveFull(data, input, captured)),
    ...(await liveFull(data, input, captured, makeRoom)),
  ];
  faults.push(...(await stand.finish()));
  forgetRing(data);
  const judged = stand.judgedCount();
  return { faults, counts: { captured: captured.length, judged, fullAtEnd, bare: Number(isBare) } };
};

export const fullStart = onLoopDisk(DISK_MEGABYTES, runTrial);
