/** The last ten minutes: figures that move, holes where nothing is known, a figure that stands still. */
import { describe, expect, test } from 'bun:test';
import type { EngineHealth } from '../../../protocol/link.ts';
import { METRIC_SERIES, SERIES_NAMES, type SeriesName } from '../../../protocol/metrics.ts';
import { Metrics } from '../../../server/gateway/metrics.ts';
import { until } from '../../judge/product.ts';
import { makeHealth } from './support/fake-engine.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

/** An engine and a gateway in made-up time: everything moves as it does in the product. */
const makeStand = () => {
  const time = { ms: 0 };
  const health: { now: EngineHealth | null } = { now: makeHealth('e') };
  const features = { sentCount: 0, skippedCount: 0 };
  const clients: { shown: unknown; isFollowing: boolean; window: { fps: number } }[] = [];
  const engine = {
    get health() {
      return health.now;
    },
    commandCount: 0,
    isUp: true,
  };
  const room = {
    engine,
    features,
    clients: { joined: () => clients },
    replica: { state: { hosts: { 1: { load: 0.25, memoryMB: 40, retries: 2 } } } },
    now: () => time.ms,
  } as unknown as ConstructorParameters<typeof Metrics>[0];
  const own = { cpuMs: () => time.ms / 10, memoryBytes: () => 3 * 1_048_576 };
  const metrics = new Metrics(room, () => 1_700_000_000_000 + time.ms, own);
  const next = (more: Partial<EngineHealth> = {}) => {
    if (health.now === null) return;
    const { blocks, frame, process } = health.now;
    health.now = {
      ...health.now,
      blocks: blocks + 375,
      frame: frame + 48_000,
      process: { ...process, atMs: process.atMs + 1000, cpuMs: process.cpuMs + 100 },
      ...more,
    };
  };
  const second = (ms = 1000) => {
    time.ms += ms;
    metrics.sample();
  };
  const read = (name: SeriesName) => metrics.history().series[name] ?? [];
  return { clients, engine, features, health, metrics, next, read, second };
};

/** Names of series that say the same number in each of the last seconds. */
const standing = ({ metrics }: ReturnType<typeof makeStand>, seconds: number): string[] =>
  Object.entries(metrics.history(seconds).series)
    .filter(([, values]) => values.length === seconds && values[0] !== null)
    .filter(([, values]) => new Set(values).size === 1)
    .map(([name]) => name);

describe('the last ten minutes', () => {
  test('are told second by second, what grows as how much it grew', () => {
    const stand = makeStand();
    stand.second();
    for (let each = 0; each < 3; each += 1) {
      stand.next({ xruns: each === 0 ? 0 : 2 });
      stand.engine.commandCount += 5;
      stand.second();
    }
    expect(stand.metrics.history()).toMatchObject({
      intervalMs: 1000,
      newestMs: 1_700_000_004_000,
    });
    expect(stand.read('blocks')).toEqual([null, 375, 375, 375]);
    expect(stand.read('xruns')).toEqual([null, 0, 2, 0]);
    expect(stand.read('commands')).toEqual([0, 5, 5, 5]);
    expect(stand.read('pluginsMB')).toEqual([40, 40, 40, 40]);
    expect(stand.read('gatewayMB')).toEqual([3, 3, 3, 3]);
    const [, cpu = 0] = stand.read('engineCpu');
    expect(cpu).toBeGreaterThan(0);
    expect(Object.keys(stand.metrics.history().series)).toEqual([...SERIES_NAMES]);
  });

  test('what the disk wrote and how long it took is of this second; without anything unknown', () => {
    const stand = makeStand();
    const base = makeHealth('e');
    const bounds = [0.01, 1];
    const times = (counts: number[], sum: number) => ({
      commitDurable: { bounds, counts, sum: 10 * sum },
      sessionSync: base.times.sessionSync,
      spoolSync: { bounds, counts, sum },
    });
    const disk = (framesDurable: number, framesWritten: number) => ({
      disk: { ...base.disk, framesDurable, framesWritten },
    });
    stand.next({ ...disk(100, 50), times: times([7, 0, 0], 0.03) });
    stand.second();
    stand.next({ ...disk(150, 30), times: times([8, 1, 0], 0.05) });
    stand.second();
    stand.next({ ...disk(150, 0), times: times([8, 1, 0], 0.05) });
    stand.second();
    expect(stand.read('writtenFrames')).toEqual([null, 30, 0]);
    expect(stand.read('syncMs')).toEqual([null, 10, null]);
    expect(stand.read('savedMs')).toEqual([null, 100, null]);
    expect(stand.read('pluginRestarts')).toEqual([2, 2, 2]);
  });

  test('an engine that tells nothing new is unknown, not as it was', () => {
    const stand = makeStand();
    stand.second();
    stand.next();
    stand.second();
    // The link is up, and no word comes.
    for (let each = 0; each < 5; each += 1) stand.second();
    expect(stand.read('audioLoad')).toEqual([null, 0.1, null, null, null, null, null]);
    expect(standing(stand, 5)).not.toContain('audioLoad');
    // The judge finds one that is told again and again, as it finds memory that does not move.
    expect(standing(stand, 5)).toContain('gatewayMB');
  });

  test('a count of blocks that stands still reads 0, and is found', () => {
    const stand = makeStand();
    stand.second();
    for (let each = 0; each < 5; each += 1) {
      stand.next({ blocks: 10 });
      stand.second();
    }
    expect(stand.read('blocks').slice(1)).toEqual([0, 0, 0, 0, 0]);
    expect(standing(stand, 5)).toContain('blocks');
  });

  test('another engine begins anew instead of counting backwards; none is a hole', () => {
    const stand = makeStand();
    stand.second();
    stand.next();
    stand.second();
    stand.health.now = null;
    stand.second();
    stand.health.now = makeHealth('another');
    stand.second();
    stand.next();
    stand.second();
    expect(stand.read('blocks')).toEqual([null, 375, null, null, 375]);
  });

  test('a timer that came late leaves a hole', () => {
    const stand = makeStand();
    stand.second();
    stand.second(3000);
    expect(stand.read('gatewayMB')).toEqual([3, null, null, 3]);
  });

  test('pages say how many pictures they show; hidden and silent ones say nothing', () => {
    const stand = makeStand();
    const window = { fps: 30 };
    const page = (fps: number, isVisible: boolean) => ({
      shown: { atMs: 0, fps, lateMs: 60 - fps, isVisible },
      isFollowing: true,
      window,
    });
    stand.clients.push(page(58, true), page(24, true), page(1, false));
    stand.features.sentCount = 90;
    stand.second();
    expect(stand.read('shownFps')).toEqual([24]);
    expect(stand.read('lateMs')).toEqual([36]);
    expect(stand.read('sentFps')).toEqual([30]);
    for (let each = 0; each < 3; each += 1) stand.second();
    expect(stand.read('shownFps').at(-1)).toBeNull();
  });

  test('more than ten minutes are never told, fewer when fewer are asked for', () => {
    const stand = makeStand();
    for (let each = 0; each < 700; each += 1) stand.second();
    expect(stand.read('clients')).toHaveLength(600);
    expect(stand.metrics.history(10).series['clients']).toHaveLength(10);
  });
});

describe('asked for', () => {
  test('by socket and by REST they are the same; a page counts as one', async () => {
    const stage = setStage();
    stage.engine();
    const player = await stage.join();
    const history = async (search = '') =>
      (await (await stage.fetch(`/api/metrics/history${search}`)).json()) as {
        series: Record<SeriesName, (number | null)[]>;
      };
    await until('a second is noted', async () => (await history()).series.clients.at(-1) === 1);
    player.send({ cmd: 'GET_METRICS_HISTORY', seconds: 1, reqId: 'm' });
    const told = await player.next('METRICS_HISTORY');
    await player.next('OK', ({ reqId }) => reqId === 'm');
    expect(Object.keys(told.series)).toEqual(Object.keys(METRIC_SERIES));
    expect(told.series['clients']).toEqual([1]);
    expect((await history('?seconds=1')).series.clients).toEqual([1]);
  });

  test.each(['seconds=0', 'seconds=601', 'seconds=x', 'second=1'])(
    '?%s is refused with 5013',
    async (search) => {
      const response = await setStage().fetch(`/api/metrics/history?${search}`);
      expect(await response.json()).toMatchObject({ code: 5013 });
    },
  );

  test('with a field that is not in its schema it is refused', async () => {
    const stage = setStage();
    stage.engine();
    const player = await stage.join();
    player.send({ cmd: 'GET_METRICS_HISTORY', seconds: 601, reqId: 'x' });
    expect(await player.next('ERROR')).toMatchObject({ code: 5003, reqId: 'x' });
  });
});
