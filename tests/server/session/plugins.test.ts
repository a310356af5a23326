/** The list of plug-ins as clients see it, and RESCAN_PLUGINS as a job. */
import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../../protocol/limits.ts';
import type { LinkQueryResult } from '../../../protocol/link.ts';
import type { BundleReport } from '../../../server/plugins/scan-port.ts';
import { Rig } from './rig.ts';

const plugin = (number: number, name: string) =>
  ({
    pluginId: `vst3:${number.toString(16).padStart(32, '0')}`,
    name,
    vendor: 'Maker',
    version: '1.0',
    kind: 'effect',
    categories: ['Fx'],
  }) as const;

const bundle = (path: string, more: Partial<BundleReport> = {}) => ({
  t: 'bundle' as const,
  bundle: {
    path,
    folder: 0,
    name: path.slice(1, -5),
    classes: [],
    isConfirmed: true,
    refusal: null,
    ...more,
  },
});

const listOf = (rig: Rig) => {
  rig.session.onMessage({ t: 'query', id: 7, query: { kind: 'plugins' } });
  const answer = rig.emitted.findLast((each) => each.t === 'result');
  if (answer?.t !== 'result' || answer.result.kind !== 'plugins') throw new Error('no list');
  return answer.result satisfies LinkQueryResult;
};

const rescan = async (rig: Rig): Promise<string> => {
  const answer = await rig.ask({ cmd: 'RESCAN_PLUGINS' });
  if (answer.type !== 'OK') throw new Error('refused');
  return (answer.result as { jobId: string }).jobId;
};

describe('the list of plug-ins', () => {
  test('has another revision for each change, told at most four times a second', async () => {
    const rig = new Rig();
    rig.session.onPlugins({ t: 'waiting', count: 2 });
    rig.session.onPlugins(bundle('/b.vst3', { classes: [plugin(2, 'Bee'), plugin(1, 'ant')] }));
    await rig.settle();
    expect(rig.state.pluginList).toEqual({ revision: 0, count: 0, refused: 0, waiting: 0 });
    await rig.pass(LIMITS.pluginNewsMs);
    expect(rig.state.pluginList).toEqual({ revision: 1, count: 2, refused: 0, waiting: 2 });
    expect(listOf(rig).items.map(({ name }) => name)).toEqual(['ant', 'Bee']);
    const before = rig.state;
    rig.session.onPlugins(bundle('/b.vst3', { classes: [plugin(2, 'Bee'), plugin(1, 'ant')] }));
    await rig.pass(LIMITS.pluginNewsMs);
    expect(rig.state.pluginList).toBe(before.pluginList);
    rig.session.onPlugins({ t: 'gone', path: '/b.vst3' });
    await rig.pass(LIMITS.pluginNewsMs);
    expect(rig.state.pluginList).toMatchObject({ revision: 2, count: 0 });
  });

  test('names what is refused with a sentence and what the system says', () => {
    const rig = new Rig();
    rig.session.onPlugins(
      bundle('/bad.vst3', { isConfirmed: false, refusal: { code: 3010, detail: 'SIGSEGV' } }),
    );
    expect(listOf(rig)).toMatchObject({
      items: [],
      refused: [
        {
          bundle: '/bad.vst3',
          name: 'bad',
          code: 3010,
          reason: 'A plug-in crashed while FlowZone looked at it. (SIGSEGV)',
        },
      ],
    });
  });

  test('offers a plug-in once: out of the player’s own folder, whatever came first', () => {
    const rig = new Rig();
    rig.session.onPlugins(bundle('/a.vst3', { folder: 2, classes: [plugin(1, 'Old')] }));
    rig.session.onPlugins(bundle('/z.vst3', { folder: 0, classes: [plugin(1, 'Own')] }));
    expect(listOf(rig).items).toMatchObject([{ name: 'Own', bundle: '/z.vst3' }]);
    rig.session.onPlugins({ t: 'gone', path: '/z.vst3' });
    expect(listOf(rig).items).toMatchObject([{ name: 'Old', bundle: '/a.vst3' }]);
  });
});

describe('RESCAN_PLUGINS', () => {
  test('is a job with progress from its answer to its end', async () => {
    const rig = new Rig();
    const id = await rescan(rig);
    expect(rig.scans).toEqual(['rescan']);
    expect(rig.state.jobs[id]).toMatchObject({ kind: 'rescan', state: 'running', progress: 0 });
    rig.session.onPlugins({ t: 'rescan', state: 'running', progress: 0.5, code: 0 });
    await rig.pass(LIMITS.pluginNewsMs);
    expect(rig.state.jobs[id]?.progress).toBe(0.5);
    rig.session.onPlugins(bundle('/b.vst3', { classes: [plugin(1, 'Bee')] }));
    rig.session.onPlugins({ t: 'rescan', state: 'done', progress: 1, code: 0 });
    expect(rig.state.jobs[id]).toMatchObject({ state: 'done', progress: 1 });
    expect(rig.state.pluginList.count).toBe(1);
  });

  test('that comes while one is on joins it; the next one takes its place', async () => {
    const rig = new Rig();
    const id = await rescan(rig);
    expect(await rescan(rig)).toBe(id);
    expect(rig.scans).toEqual(['rescan']);
    rig.session.onPlugins({ t: 'rescan', state: 'done', progress: 1, code: 0 });
    const other = await rescan(rig);
    expect(Object.keys(rig.state.jobs)).toEqual([other]);
  });

  test('is cancelled like any job, once', async () => {
    const rig = new Rig();
    const jobId = await rescan(rig);
    expect(await rig.ask({ cmd: 'CANCEL_JOB', jobId })).toMatchObject({ type: 'OK' });
    expect(rig.scans).toEqual(['rescan', 'cancel']);
    rig.session.onPlugins({ t: 'rescan', state: 'cancelled', progress: 0.2, code: 0 });
    expect(rig.state.jobs[jobId]?.state).toBe('cancelled');
    expect(await rig.ask({ cmd: 'CANCEL_JOB', jobId })).toMatchObject({ code: 4012 });
  });

  test('without anything that could look fails, and everybody is told', async () => {
    const rig = new Rig();
    const id = await rescan(rig);
    rig.session.onPlugins({ t: 'rescan', state: 'failed', progress: 0, code: 3015 });
    expect(rig.state.jobs[id]).toMatchObject({ state: 'failed', code: 3015 });
    const notices = rig.emitted.filter((each) => each.t === 'notice');
    expect(notices).toMatchObject([{ message: { type: 'NOTICE', code: 3015 } }]);
  });

  test('changes no music: no record reaches the core and the head stays', async () => {
    const rig = new Rig();
    const { head } = rig.state.history;
    await rescan(rig);
    expect(rig.state.history.head).toBe(head);
  });
});
