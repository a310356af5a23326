/** The look for plug-ins with the real host: real bundles, bundles that fall, and one that comes late. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { wallClock } from '../../server/clock.ts';
import { readBundle } from '../../server/plugins/bundle.ts';
import { Catalogue } from '../../server/plugins/catalogue.ts';
import { startScanChild } from '../../server/plugins/scan-child.ts';
import type { BundleReport } from '../../server/plugins/scan-port.ts';
import { survey } from '../../server/plugins/survey.ts';
import { writeSynced } from '../../server/synced-files.ts';
import type { Json } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { ask, askHost, canCompile, HOST } from './bundle.ts';
import { buildFixture } from './fixture/build.ts';
import { BUNDLES, bundleEnv, bundlePaths, whatIsMissing } from './sweep/bundles.ts';
import { inTurns } from './sweep/pool.ts';

setDefaultTimeout(120_000);

const AT_ONCE = 2;
/** A bundle that says nothing for so long hangs: less than in the product. */
const SILENCE_MS = 1500;
const OFFERED_MS_MAX = 3000;
/** Of a look with nothing known, beside the same children and what must be on disk before each. */
const COLD_RATIO_MAX = 3;
/** Of a look with all known, beside reading the folders alone. */
const CACHED_RATIO_MAX = 3;
const [CRASHED, HUNG] = [3010, 3011];

interface Look {
  readonly ms: number;
  readonly children: number;
  readonly bundles: ReadonlyMap<string, BundleReport>;
}

/** One look from an engine's start until nothing is left to be looked at. */
const look = async (folder: string, dataFolder: string): Promise<Look> => {
  const bundles = new Map<string, BundleReport>();
  const { promise: idle, resolve } = Promise.withResolvers<void>();
  let children = 0;
  const start = performance.now();
  const catalogue = new Catalogue({
    dataFolder,
    folders: [folder],
    hostPath: HOST,
    isQuiet: false,
    clock: wallClock,
    later: (ms, act) => void setTimeout(act, ms),
    start(bundlePath) {
      children += 1;
      return startScanChild({ hostPath: HOST, bundlePath, silenceMsMax: SILENCE_MS });
    },
    tell(news) {
      if (news.t === 'bundle') bundles.set(news.bundle.name, news.bundle);
      if (news.t === 'waiting' && news.count === 0) resolve();
    },
    onLooked: () => undefined,
  });
  catalogue.look();
  if (children > 0) await idle;
  const ms = performance.now() - start;
  await catalogue.end();
  return { ms, children, bundles };
};

/** A bundle is denied on disk before its child starts. */
const timeOfSyncs = (folder: string, count: number): number => {
  const start = performance.now();
  for (let turn = 0; turn < count; turn += 1) writeSynced(join(folder, 'synced.json'), '[]\n');
  return performance.now() - start;
};

/** Processes that were started for something in this folder. */
const aliveFor = (folder: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });

const say = (text: string) => process.stderr.write(`${text}\n`);

const missing = whatIsMissing();
if (missing !== '') test.skip(`real bundles cannot be looked at: missing is ${missing}`, () => {});

describe.skipIf(missing !== '')('a look at real bundles', () => {
  beforeAll(() => void Object.assign(process.env, bundleEnv()));

  test('costs little more than its children, and with all known no child and hardly any time', async () => {
    const data = makeFolder();
    const start = performance.now();
    await inTurns(bundlePaths(), AT_ONCE, (path) => ask(['nice', '-n', '10', HOST, 'scan', path]));
    const bareMs = performance.now() - start;
    const syncMs = timeOfSyncs(data, bundlePaths().length);
    const cold = await look(BUNDLES, data);
    // A few milliseconds: of three turns the quietest counts.
    const turns: { cached: Awaited<ReturnType<typeof look>>; readMs: number }[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const cached = await look(BUNDLES, data);
      const read = performance.now();
      for (const { path } of survey([BUNDLES]).bundles) readBundle(path);
      turns.push({ cached, readMs: performance.now() - read });
    }
    const ratioOf = (turn: (typeof turns)[number]) => turn.cached.ms / turn.readMs;
    const { cached, readMs } = turns.reduce((best, turn) =>
      ratioOf(turn) < ratioOf(best) ? turn : best,
    );
    say(
      `cold ${cold.ms.toFixed(0)} ms (bar 5000), its children ${bareMs.toFixed(0)}, its syncs ${syncMs.toFixed(0)}`,
    );
    say(`cached ${cached.ms.toFixed(1)} ms (bar 50), the folders alone ${readMs.toFixed(1)}`);

    expect(cold.children).toBe(bundlePaths().length);
    const offered = [...cold.bundles.values()].filter(({ isConfirmed }) => isConfirmed);
    expect(offered.map(({ path }) => path).toSorted()).toEqual(bundlePaths());
    for (const turn of turns) {
      expect(turn.cached.children).toBe(0);
      expect(turn.cached.bundles).toEqual(cold.bundles);
    }
    expect(cold.ms / (bareMs + syncMs)).toBeLessThan(COLD_RATIO_MAX);
    expect(cached.ms / readMs).toBeLessThan(CACHED_RATIO_MAX);
  });
});

describe.skipIf(!canCompile() || !existsSync(HOST))(
  'bundles that fall while they are looked at',
  () => {
    let built = '';
    let classCount = 0;
    const fixture = (name: string) => join(built, `${name}.vst3`);
    beforeAll(async () => {
      built = mkdtempSync(join(tmpdir(), 'flowzone-built-'));
      for (const name of ['Crash On Open', 'Hang On Open', 'Crash On Factory', 'Hang On Factory']) {
        await buildFixture(built, name);
      }
      const { lines } = await askHost(['scan', await buildFixture(built)]);
      classCount = lines.filter((line) => 'class' in line).length;
    });
    afterAll(() => rmSync(built, { recursive: true, force: true }));

    test('cost one child each, once; all others are offered, and nothing of them stays', async () => {
      const data = makeFolder();
      const first = await look(built, data);
      const said = [...first.bundles.values()].map(({ classes, name, refusal }) => [
        name,
        classes.length,
        refusal?.code ?? 0,
      ]);
      expect(said.toSorted()).toEqual([
        ['Crash On Factory', 0, CRASHED],
        ['Crash On Open', 0, CRASHED],
        ['Fixture', classCount, 0],
        ['Hang On Factory', 0, HUNG],
        ['Hang On Open', 0, HUNG],
      ]);
      expect(first.children).toBe(5);
      expect(aliveFor(built)).toEqual([]);
      const second = await look(built, data);
      expect(second.children).toBe(0);
      expect(second.bundles).toEqual(first.bundles);
    });

    test('hold up no plug-in that is dropped into the folder while the product runs', () =>
      withCleanup(async (later) => {
        const folder = makeFolder();
        for (const name of ['Crash On Open', 'Hang On Open']) {
          cpSync(fixture(name), join(folder, `${name}.vst3`), { recursive: true });
        }
        const product = await startProduct(['--device', 'headless'], {
          env: { FLOWZONE_PLUGIN_PATH: folder },
        });
        later(() => product.stop());
        const list = () => product.json<Json>('/api/plugins');
        await until('the crash', async () => (await list()).refused.length > 0);
        await until('the one that hangs', () => aliveFor(folder).length > 0);
        cpSync(fixture('Fixture'), join(folder, 'half'), { recursive: true });
        renameSync(join(folder, 'half'), join(folder, 'Fixture.vst3'));
        const from = performance.now();
        await until('it is offered', async () => (await list()).items.length === classCount);
        const waitedMs = performance.now() - from;
        say(
          `offered ${(waitedMs / 1000).toFixed(2)} s after its last byte (bar 3), one hanging beside it`,
        );
        expect(waitedMs).toBeLessThan(OFFERED_MS_MAX);
        const { refused } = await list();
        expect(refused.map(({ bundle }: Json) => basename(bundle))).toEqual(['Crash On Open.vst3']);
      }));
  },
);
