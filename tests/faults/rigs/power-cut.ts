/**
 * The power goes while loops are captured and stored: ext4 drops what was not synced, shared memory
 * is gone. The next start of FlowZone is the judge of the disk, after ours.
 */
import { join } from 'node:path';
import { type Product, until } from '../../judge/product.ts';
import { forgetRing } from '../../judge/rings.ts';
import { makeRandom } from '../../judge/wav.ts';
import { AckLog, readAcks, savedTakes } from '../judge/acks.ts';
import { spoolEnd } from '../judge/audio.ts';
import { STEREO, writeCodedInput } from '../judge/coded.ts';
import { judgeFolder, type Verdict } from '../judge/verdict.ts';
import { readStored } from '../judge/stored.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { type LazySync, lazySyncEnv } from '../stand/lazy-sync.ts';
import { BAR_FRAMES, killAll, killTree, RATE, startLife } from '../stand/lives.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { makePlayer, type Player, SLOTS } from '../stand/player.ts';

const DISK_MEGABYTES = 1024;
/** So that the judge has not all of an evening to read after each cut. */
const CUTS_PER_DISK = 6;
const PLAY_MS_MAX = 2500;
const PAUSE_MS_MAX = 40;
const REST_SHARE = 0.4;
const REST_MS_MAX = 1300;
const HASTY_PRESSES = 4;
const HASTY_MS_MAX = 60;
/** What was played and never pressed for may be lost for so long. */
const LOSS_MS_MAX = 1000;
const OPEN_MS_MAX = 10_000;
const QUIET_MS_MAX = 30_000;
/** Start to the first block takes about half of it. */
const OPENING_MS_MAX = 1200;

export interface PowerCut {
  /** Leaves one kind of sync out, so that the judge has something to find. */
  readonly lazy?: LazySync;
  /** The power goes a second time while the first cut is recovered. */
  readonly isTwice?: boolean;
}

interface Disk {
  readonly disk: LoopDisk;
  readonly acks: AckLog;
  /** What was found after earlier cuts is not told again. */
  readonly told: Set<string>;
  /** Found after the last cut; the next start must play it. */
  head: Verdict['stored']['head'];
  cuts: number;
}

interface Life {
  readonly product: Product;
  readonly player: Player;
  readonly faults: string[];
}

const playUntilCut = async (player: Player, random: () => number): Promise<void> => {
  const end = performance.now() + random() * PLAY_MS_MAX;
  for (let slot = 0; performance.now() < end; slot = (slot + 1) % SLOTS) {
    await player.press(slot);
    await Bun.sleep(random() * PAUSE_MS_MAX);
  }
  if (random() < REST_SHARE) {
    // Sound that nobody pressed for is at stake, and renames.
    await Bun.sleep(random() * REST_MS_MAX);
  } else {
    // Presses that the cut meets on their way to the disk.
    for (let slot = 0; slot < HASTY_PRESSES; slot += 1) void player.press(slot);
    await Bun.sleep(random() * HASTY_MS_MAX);
  }
};

/** What the product says it plays, against what the judge found on the disk. */
const faultsOfOpening = async (player: Player, head: Disk['head']): Promise<string[]> => {
  const plays = ({ slot, takeId }: Disk['head'][number]) => {
    const state = player.client.state().slots[slot];
    return state.takeId === takeId && state.state === 'PLAYING';
  };
  const all = until('all loops play', () => head.every(plays), OPEN_MS_MAX).then(() => true);
  if (await all.catch(() => false)) return [];
  return head.filter((loop) => !plays(loop)).map(({ slot }) => `slot ${slot} does not play again`);
};

/** Takes that lack a file of their window; null = the copy was made while the product wrote. */
const unfiledOf = (data: string): string[] | null => {
  const { faults, files, takes } = readStored(data);
  if (faults.length > 0) return null;
  const filed = new Set(files.flatMap(({ part, takeId }) => (part === 'window' ? [takeId] : [])));
  return [...takes.keys()].filter((id) => !filed.has(id));
};

/** Those that still lack it when none has got one for a while: they come one by one. */
const unfiledAfterQuiet = async (data: string, known = Infinity): Promise<string[]> => {
  let left: string[] | null = null;
  const hasFewer = () => {
    left = unfiledOf(data);
    return left !== null && left.length < known;
  };
  const isFewer = await until('a take gets a file', hasFewer, QUIET_MS_MAX).then(
    () => true,
    () => false,
  );
  const without = left ?? ['all of them'];
  return isFewer && without.length > 0 ? unfiledAfterQuiet(data, without.length) : without;
};

class PowerCuts implements RigSession {
  readonly #home = makeDiskFolder();
  readonly #input = join(this.#home, 'input.wav');
  readonly #env: Record<string, string>;
  #at: Disk | null = null;
  #disks = 0;

  readonly #isTwice: boolean;

  constructor({ isTwice = false, lazy }: PowerCut) {
    this.#isTwice = isTwice;
    writeCodedInput(this.#input, STEREO, RATE);
    this.#env = lazy ? lazySyncEnv(lazy) : {};
  }

  async trial(seed: number): Promise<TrialResult> {
    const at = this.#disk();
    const life = await this.#live(at);
    const { faults } = life;
    const random = makeRandom(seed);
    const cut = await this.#playAndCut(at, life, random);
    const again = this.#isTwice ? await this.#cutWhileOpening(at, random) : null;
    const loopsBack = at.head.length;
    if (at.cuts === CUTS_PER_DISK) {
      faults.push(...(await this.#lastLook(at)));
      this.#leave();
    }
    return {
      faults: [...faults, ...cut.faults, ...(again?.faults ?? [])],
      counts: { ...cut.counts, ...again?.counts, loopsBack },
    };
  }

  async close(): Promise<string[]> {
    const faults = this.#at === null ? [] : await this.#lastLook(this.#at);
    this.#leave();
    removeDiskFolder(this.#home);
    return faults;
  }

  /** The product opens what the last cut left, and plays it. */
  async #live(at: Disk): Promise<Life> {
    const product = await startLife(this.#data(at), this.#input, { env: this.#env });
    const player = await makePlayer(product, { acks: at.acks, rateHz: RATE });
    return { product, player, faults: await faultsOfOpening(player, at.head) };
  }

  async #playAndCut(at: Disk, life: Life, random: () => number): Promise<TrialResult> {
    const { player, product } = life;
    try {
      await until('a bar was heard', () => player.frameNow() > 1.2 * BAR_FRAMES);
      await playUntilCut(player, random);
      const frame = player.frameNow();
      const acks = player.savedCount();
      at.acks.add({ t: 'fault', frame, atMs: performance.now() });
      await this.#fail(at, () => killAll(product));
      at.cuts += 1;
      return this.#judge(at, { acks, frame, player });
    } finally {
      player.close();
      await killAll(product);
    }
  }

  /** The power goes again before the last cut is mended. */
  async #cutWhileOpening(at: Disk, random: () => number): Promise<TrialResult> {
    let pid = 0;
    let isOpen = false;
    const starting = startLife(this.#data(at), this.#input, {
      env: this.#env,
      onSpawn: (spawned) => (pid = spawned),
    });
    const ended = starting.then(() => (isOpen = true)).catch(() => null);
    await Bun.sleep(random() * OPENING_MS_MAX);
    const cutBeforeOpen = Number(!isOpen);
    await this.#fail(at, () => killTree(pid));
    await ended;
    const { faults, lost, stored } = judgeFolder(
      this.#data(at),
      savedTakes(readAcks(at.acks.path)),
    );
    at.head = stored.head;
    return {
      faults: [...lost, ...faults].filter((what) => !at.told.has(what)),
      counts: { cutBeforeOpen },
    };
  }

  /** The cut itself, and the disk as it is found afterwards. */
  async #fail(at: Disk, kill: () => Promise<void>): Promise<void> {
    at.disk.cutPower();
    await kill();
    forgetRing(this.#data(at));
    await at.disk.unmount();
    at.disk.mount();
  }

  #judge(
    at: Disk,
    { acks, frame, player }: { acks: number; frame: number; player: Player },
  ): TrialResult {
    const verdict = judgeFolder(this.#data(at), savedTakes(readAcks(at.acks.path)));
    at.head = verdict.stored.head;
    const fresh = (found: readonly string[]) => found.filter((what) => !at.told.has(what));
    const lost = fresh(verdict.lost);
    const faults = [...lost.map((why) => `lost: ${why}`), ...fresh(verdict.faults)];
    for (const what of [...verdict.lost, ...verdict.faults]) at.told.add(what);
    const lossMs = this.#lossMs(at, verdict, frame);
    if (lossMs > LOSS_MS_MAX) faults.push(`${lossMs} ms of sound lost`);
    const own = player.captured.filter(({ takeId }) => verdict.inSpoolOnly.has(takeId));
    return {
      faults,
      counts: {
        acks,
        captured: player.captured.length,
        lost: lost.length,
        withoutFileYet: own.length,
        uncommittedLossMsMax: lossMs,
      },
    };
  }

  /** A last start, an end in order, and the judge once more over all the cuts of this disk. */
  async #lastLook(at: Disk): Promise<string[]> {
    const { faults, player, product } = await this.#live(at);
    player.close();
    const without = await unfiledAfterQuiet(this.#data(at));
    if (without.length > 0) faults.push(`${without.length} takes never get a file`);
    const code = await product.stop();
    if (code !== 0) faults.push(`it ended with ${code}`);
    const verdict = judgeFolder(this.#data(at), savedTakes(readAcks(at.acks.path)));
    const found = [...verdict.lost, ...verdict.faults];
    return [...faults, ...found.filter((what) => !at.told.has(what))];
  }

  #lossMs(at: Disk, { stored }: Verdict, frame: number): number {
    const runId = stored.runs.at(-1);
    if (runId === undefined) return 0;
    const end = spoolEnd(this.#data(at), runId, 0, STEREO);
    return Math.round((1000 * (frame - end)) / RATE);
  }

  #data({ disk }: Disk): string {
    return join(disk.folder, 'data');
  }

  #disk(): Disk {
    if (this.#at) return this.#at;
    this.#disks += 1;
    const acks = new AckLog(join(this.#home, `acks-${this.#disks}.jsonl`));
    this.#at = { disk: new LoopDisk(DISK_MEGABYTES), acks, told: new Set(), head: [], cuts: 0 };
    return this.#at;
  }

  #leave(): void {
    this.#at?.acks.close();
    this.#at?.disk.remove();
    this.#at = null;
  }
}

export const powerCut = (how: PowerCut = {}): Rig => ({
  missing: () =>
    missingForDisks() ?? (how.lazy && Bun.which('cc') === null ? 'no C compiler' : null),
  open: () => Promise.resolve(new PowerCuts(how)),
});
