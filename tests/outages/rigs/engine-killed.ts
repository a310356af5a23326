/**
 * The engine process gets SIGKILL while a loop plays and a plug-in runs: what a page is told, when it is
 * live again, and whether anything is left of the dead engine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '../../judge/stage.ts';
import { connect, type Json } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Mutation } from '../../faults/stand/mutant.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { isHost, type Process } from '../../plugins/faults/processes.ts';
import { buildFixture } from '../../plugins/fixture/build.ts';
import { type Census, censusOf } from '../stand/family.ts';
import { OpenStage } from '../stand/open-stage.ts';
import type { Told } from '../stand/page.ts';
import type { Stage } from '../stand/stage.ts';

const MS = 60_000;
const PAUSE_MS_MAX = 500;
/** What was its child ends within this time. */
const GONE_MS_MAX = 2000;
/** So many times the first start are allowed until a page is live again. */
const STARTS_MAX = 5;
const RESTARTING = 1010;
const PLUGIN_SLOT = 7;

/** Notices and states in the order in which they came; two of a kind after each other are one. */
const storyOf = (told: readonly Told[]): string =>
  told
    .filter(({ type }) => type === 'NOTICE' || type === 'STATE_FULL')
    .map(({ code, type }) => (code === null ? type : `${type} ${code}`))
    .filter((word, at, all) => word !== all[at - 1])
    .join(', ');

const names = (processes: readonly Process[]): string =>
  processes.map(({ command, pid, state }) => `${pid} ${state} ${command.slice(0, 60)}`).join('; ');

const loadPlugin = async ({ product }: Stage): Promise<void> => {
  const client = await connect(product.url);
  const isListed = async () => {
    const { items } = await product.json<Json>('/api/plugins');
    return items.find(({ name }: Json) => name === 'Well')?.pluginId as string | undefined;
  };
  const pluginId = await until('the plug-in is listed', isListed, MS);
  await ok(client, { cmd: 'LOAD_VST', slot: PLUGIN_SLOT, pluginId });
  client.close();
};

class EngineKills implements RigSession {
  readonly #home = mkdtempSync(join(tmpdir(), 'flowzone-outages-'));
  readonly #open: OpenStage;
  readonly #hasPlugin = canCompile();
  #isReady = false;
  #mark = '';

  constructor(plants: readonly Mutation[]) {
    this.#open = new OpenStage({ plants, pluginFolder: this.#hasPlugin ? this.#home : '' });
  }

  async trial(seed: number): Promise<TrialResult> {
    const stage = await this.#begin(seed);
    const { page, product } = stage;
    await Bun.sleep(makeRandom(seed)() * PAUSE_MS_MAX);
    const { enginePid } = await stage.health();
    const epoch = page.told.findLast((each) => each.type === 'STATE_FULL')?.epoch;
    const of = censusOf(stage.mark, product.ready.pid);
    const children = of.alive.filter(
      ({ parent, pid }) => pid === enginePid || parent === enginePid,
    );
    const since = page.told.length;
    const start = performance.now();
    process.kill(enginePid, 'SIGKILL');
    const isLive = () => {
      const full = page.told.slice(since).find((each) => each.type === 'STATE_FULL');
      const isPlaying = page.state()['slots']?.[0].state === 'PLAYING';
      return full !== undefined && full.epoch !== epoch && isPlaying && page.frameMs() > full.atMs;
    };
    await until('the page is live', isLive, MS);
    const liveMs = performance.now() - start;
    const told = page.told.slice(since);
    const noticed = told.find(({ code }) => code === RESTARTING);
    const census = await this.#settled(stage, children);
    return {
      faults: [
        ...(storyOf(told) === `NOTICE ${RESTARTING}, STATE_FULL`
          ? []
          : [`the page was told: ${storyOf(told)}`]),
        ...(told.some(({ type }) => type === 'WELCOME') ? ['the page lost its line'] : []),
        ...(census.orphans.length > 0 ? [`orphans: ${names(census.orphans)}`] : []),
        ...(census.zombies > 0 ? [`${census.zombies} dead are still on the list`] : []),
        ...(liveMs <= STARTS_MAX * stage.startMs ? [] : [`live after ${Math.round(liveMs)} ms`]),
      ],
      counts: {
        noticeMs: Math.round((noticed?.atMs ?? Number.NaN) - start),
        liveMs: Math.round(liveMs),
        startMs: Math.round(stage.startMs),
        ended: children.length,
        processesMax: census.alive.length,
        orphans: census.orphans.length,
        zombies: census.zombies,
      },
    };
  }

  async close(): Promise<string[]> {
    const faults = await this.#open.ended(false);
    const left = () => (this.#mark === '' ? [] : censusOf(this.#mark, null).alive);
    await until('all have ended', () => left().length === 0, GONE_MS_MAX).catch(() => false);
    const outlived = left();
    for (const { pid } of outlived) process.kill(pid, 'SIGKILL');
    rmSync(this.#home, { recursive: true });
    return [...faults, ...(outlived.length > 0 ? [`left behind: ${names(outlived)}`] : [])];
  }

  async #begin(seed: number): Promise<Stage> {
    if (this.#hasPlugin && !this.#isReady) await buildFixture(this.#home);
    const stage = await this.#open.stage(seed);
    this.#mark = stage.mark;
    if (this.#hasPlugin && !this.#isReady) await loadPlugin(stage);
    this.#isReady = true;
    return stage;
  }

  /** When what was below the dead engine is gone, and the plug-in has a process again. */
  async #settled({ mark, product }: Stage, children: readonly Process[]): Promise<Census> {
    const look = () => censusOf(mark, product.ready.pid);
    const isGone = () => {
      const { alive, orphans, zombies } = look();
      const isLeft = alive.some(({ pid }) => children.some((child) => child.pid === pid));
      return !isLeft && orphans.length === 0 && zombies === 0;
    };
    await until('its children are gone', isGone, GONE_MS_MAX).catch(() => false);
    if (this.#hasPlugin) await until('the plug-in runs', () => look().alive.some(isHost), MS);
    return look();
  }
}

export const engineKilled = (...plants: Mutation[]): Rig => ({
  missing: () =>
    process.platform === 'linux' ? null : 'processes are looked at in /proc of Linux',
  open: () => Promise.resolve(new EngineKills(plants)),
});
