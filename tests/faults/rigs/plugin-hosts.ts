/**
 * The process of a plug-in dies or hangs, again and again, while its loop plays on the right and another
 * loop on the left: what is heard on the left has to be that loop, frame by frame, as without a plug-in.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../judge/client.ts';
import { type Product, until } from '../../judge/product.ts';
import { isAlive, ok } from '../../judge/stage.ts';
import { makeRandom } from '../../judge/wav.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { buildFixture, NOW } from '../../plugins/fixture/build.ts';
import { AckLog, type Captured } from '../judge/acks.ts';
import { STEREO, writeCodedInput } from '../judge/coded.ts';
import { loopFaults } from '../judge/loop-faults.ts';
import { readMaster } from '../judge/master.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { BAR_FRAMES, killAll, RATE, startLife } from '../stand/lives.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { makePlayer, type Player } from '../stand/player.ts';

/** It plays on the left; the other goes through the plug-in. */
const JUDGED_SLOT = 0;
const PLUGIN_SLOT = 1;
/** A block that never ends, and a process that ends while it plays. */
const CLASSES = ['Hang', 'Exit'] as const;
const SIGNALS = ['SIGKILL', 'SIGSTOP'] as const;
const LISTED_MS_MAX = 60_000;
const BACK_MS_MAX = 20_000;
const PLAY_MS_MAX = 400;
/** A hung process is gone in this time; a dead one's successor plays in that. On a busy machine, too. */
const HANG_MS_MAX = 1500;
const DEATH_MS_MAX = 500;
const LOOK_MS = 5;

type Fault = (typeof SIGNALS)[number] | (typeof CLASSES)[number];

interface Stand {
  readonly product: Product;
  readonly player: Player;
  readonly acks: AckLog;
  readonly master: string;
  readonly judged: Captured;
  /** Of each class, the plug-in of that slot. */
  readonly ids: Readonly<Record<string, string>>;
}

const classId = (product: Product, name: string): Promise<string> =>
  until(
    `the class ${name}`,
    async () => {
      const { items } = await product.json<Json>('/api/plugins');
      return items.find((item: Json) => item.name === name)?.pluginId as string | undefined;
    },
    LISTED_MS_MAX,
  );

class PluginHosts implements RigSession {
  readonly #home = makeDiskFolder();
  readonly #isAside: boolean;
  #stand: Stand | null = null;

  constructor(isAside: boolean) {
    this.#isAside = isAside;
  }

  async trial(seed: number): Promise<TrialResult> {
    const random = makeRandom(seed);
    const stand = this.#stand ?? (await this.#begin());
    this.#stand = stand;
    const { judged, master, player } = stand;
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const from = player.frameNow();
    await Bun.sleep(random() * PLAY_MS_MAX);
    const fault = pick<Fault>([...SIGNALS, ...CLASSES]);
    const { counts, late } = await this.#break(stand, fault);
    // What a listener would hear last is in the file a bar later.
    const end = player.frameNow() + BAR_FRAMES;
    await until('a bar was heard', () => player.frameNow() > end + RATE / 4);
    const left = readMaster(master, from).subarray(0, end - from);
    const wrong = loopFaults(STEREO, left, judged, RATE);
    const silent = left.filter((sample) => sample === 0).length;
    const faults = [
      ...(wrong > 0 ? [`${fault}: ${wrong} frames beside it are not the loop`] : []),
      ...(silent > 0 ? [`${fault}: ${silent} frames beside it are silent`] : []),
      ...late,
    ];
    return { faults, counts: { frames: left.length, ...counts } };
  }

  async close(): Promise<string[]> {
    const stand = this.#stand;
    const faults: string[] = [];
    if (stand !== null) {
      stand.player.close();
      const code = await stand.product.stop();
      if (code !== 0) faults.push(`it ended with ${code}`);
      await killAll(stand.product);
      stand.acks.close();
    }
    removeDiskFolder(this.#home);
    return faults;
  }

  async #begin(): Promise<Stand> {
    const input = join(this.#home, 'input.wav');
    const master = join(this.#home, 'master.wav');
    const bundles = join(this.#home, 'vst3');
    mkdirSync(bundles);
    writeCodedInput(input, STEREO, RATE);
    // Each its own maker, so that each has a process of its own.
    await Promise.all(CLASSES.map((name) => buildFixture(bundles, `Maker of ${name}`)));
    const acks = new AckLog(join(this.#home, 'acks.jsonl'));
    const product = await startLife(join(this.#home, 'data'), input, {
      env: { FLOWZONE_PLUGIN_PATH: bundles },
      more: ['--output', master],
    });
    const player = await makePlayer(product, { acks, rateHz: RATE });
    const { client } = player;
    await until('two bars were heard', () => player.frameNow() > 2.2 * BAR_FRAMES);
    await player.press(JUDGED_SLOT);
    await player.press(PLUGIN_SLOT);
    const [judged] = player.captured;
    if (!judged) throw new Error('nothing could be captured');
    await ok(client, { cmd: 'SET_PAN', slot: JUDGED_SLOT, val: -1 });
    await ok(client, { cmd: 'SET_PAN', slot: PLUGIN_SLOT, val: this.#isAside ? 1 : 0 });
    const ids: Record<string, string> = {};
    for (const name of CLASSES) {
      const pluginId = await classId(product, name);
      const command = { cmd: 'LOAD_VST', slot: PLUGIN_SLOT, pluginId };
      ids[name] = (await ok(client, command)).instanceId;
    }
    const stand = { product, player, acks, master, judged, ids };
    await this.#areOn(stand);
    const start = player.frameNow();
    await until('both loops are heard', () => player.frameNow() > start + 2 * BAR_FRAMES);
    return stand;
  }

  async #areOn({ ids, player }: Stand): Promise<void> {
    const { client } = player;
    const given = Object.values(ids);
    const statusOf = (id: string) => client.state().plugins[id].status as string;
    for (const id of given.filter((each) => statusOf(each) === 'off')) {
      await ok(client, { cmd: 'RETRY_PLUGIN', instanceId: id });
    }
    await until('all are on', () => given.every((id) => statusOf(id) === 'on'), BACK_MS_MAX);
  }

  /** Ends when it is heard again, or was given up and has been asked for anew. */
  async #break(stand: Stand, fault: Fault) {
    const { client } = stand.player;
    const id = stand.ids[fault] ?? stand.ids[CLASSES[0]] ?? '';
    const host = () => client.state().hosts[client.state().plugins[id].hostId];
    const before = host().pid as number;
    const set = (val: number) =>
      ok(client, { cmd: 'SET_PARAM', instanceId: id, paramId: NOW, val });
    const start = performance.now();
    if (fault === 'SIGKILL' || fault === 'SIGSTOP') process.kill(before, fault);
    else await set(1);
    while (isAlive(before) && performance.now() - start < BACK_MS_MAX) await Bun.sleep(LOOK_MS);
    const endedMs = Math.round(performance.now() - start);
    const status = () => client.state().plugins[id].status as string;
    const isOver = () => status() === 'off' || (host()?.pid > 0 && host().pid !== before);
    await until(`what becomes of it after ${fault}`, isOver, BACK_MS_MAX);
    const isGivenUp = Number(status() === 'off');
    await this.#areOn(stand);
    const ms = Math.round(performance.now() - start);
    if (fault === 'Hang' || fault === 'Exit') await set(0);
    const isHang = fault === 'SIGSTOP' || fault === 'Hang';
    const late = [
      ...(isHang && endedMs > HANG_MS_MAX ? [`${fault}: ended after ${endedMs} ms`] : []),
      ...(!isHang && ms > DEATH_MS_MAX ? [`${fault}: on after ${ms} ms`] : []),
    ];
    const counts = isHang
      ? { hangs: 1, hangToEndMsMax: endedMs, hangToOnMsMax: ms, givenUp: isGivenUp }
      : { deaths: 1, deathToOnMsMax: ms, givenUp: isGivenUp };
    return { counts, late };
  }
}

/** @param isAside False: the plug-in is heard where the judge listens. */
export const pluginHosts = ({ isAside = true } = {}): Rig => ({
  missing: () => (canCompile() ? null : 'the misbehaving plug-in is built by cc, for Linux'),
  open: () => Promise.resolve(new PluginHosts(isAside)),
});
