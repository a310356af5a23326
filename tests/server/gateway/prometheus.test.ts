/** The page for Prometheus: well formed, complete, true, and for this computer only. */
import { describe, expect, test } from 'bun:test';
import { makeHealth } from './support/fake-engine.ts';
import { codeIn, useLanStages } from './support/lan-stage.ts';
import { type Stage, useStages } from './support/stage.ts';

const setStage = useStages();
const setLanStage = useLanStages();

const HEAD = /^# (HELP|TYPE) (flowzone_[a-z_]+) (.+)$/;
const SAMPLE = /^(flowzone_[a-z_]+)(\{[a-z_]+="[^"\n]*"(?:,[a-z_]+="[^"\n]*")*\})? (\S+)$/;

/** What is wrong with the text; the rules are those of the exposition format. */
const faultsOf = (text: string): string[] => {
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const faults: string[] = text.endsWith('\n') ? [] : ['no line feed at the end'];
  for (const line of text.split('\n').slice(0, -1)) {
    const head = HEAD.exec(line);
    if (head) {
      if (head[1] === 'TYPE') types.set(head[2] ?? '', head[3] ?? '');
      continue;
    }
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (name === '') faults.push(`not a sample: ${line}`);
    const base = name.replace(/_(bucket|sum|count)$/, '');
    const type = types.get(name) ?? types.get(base);
    if (type === undefined) faults.push(`no type before ${name}`);
    if (type === 'counter' && !name.endsWith('_total')) faults.push(`${name} is a counter`);
    if (!Number.isFinite(Number(value))) faults.push(`${name} is ${value}`);
    if (seen.has(name + labels)) faults.push(`twice: ${name}${labels}`);
    seen.add(name + labels);
  }
  return faults;
};

const valueOf = (text: string, sample: string): number => {
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? Number.NaN : Number(line.slice(sample.length + 1));
};

const page = async (stage: Stage) => (await stage.fetch('/metrics')).text();

describe('GET /metrics', () => {
  test('is well formed, and says what the engine told', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    const base = makeHealth(engine.epoch);
    engine.sendHealth({
      xruns: 3,
      disk: {
        ...base.disk,
        framesDurable: 1000,
        framesWritten: 24,
        gapFrames: 7,
        backlogBytes: 512,
      },
      times: {
        ...base.times,
        commitDurable: { bounds: [0.01, 0.1], counts: [2, 1, 1], sum: 1.5 },
        spoolSync: { bounds: [0.01, 0.1], counts: [3, 2, 0], sum: 0.5 },
      },
    });
    engine.patch([
      { op: 'add', path: '/alerts/a', value: { code: 1004, sinceMs: 1, count: 2 } },
      {
        op: 'add',
        path: '/hosts/4',
        value: {
          name: 'A "maker"\\',
          status: 'running',
          pid: 1,
          memoryMB: 10,
          load: 0.1,
          plugins: 1,
          retries: 2,
          missedBlocks: 5,
          isQuarantine: false,
        },
      },
    ]);
    player.send({ cmd: 'ACK', seq: 1, fps: 55, lateMs: 20, visible: true });
    await player.barrier();
    const text = await page(stage);
    expect(faultsOf(text.replaceAll(/\\./g, '_'))).toEqual([]);
    const told: [string, number][] = [
      ['flowzone_disk_frames_written_total', 1024],
      ['flowzone_disk_gap_frames_total', 7],
      ['flowzone_disk_backlog_bytes', 512],
      ['flowzone_audio_xruns_total', 3],
      ['flowzone_ws_dropped_frames_total', 0],
      ['flowzone_plugin_restarts_total{host="4",vendor="A \\"maker\\"\\\\"}', 2],
      ['flowzone_alert{code="1004"}', 2],
      ['flowzone_clients', 1],
      ['flowzone_page_fps', 55],
      ['flowzone_page_late_seconds', 0.02],
      ['flowzone_engine_up', 1],
      ['flowzone_engine_starts_total', 1],
      ['flowzone_commit_durable_seconds_bucket{le="0.01"}', 2],
      ['flowzone_commit_durable_seconds_bucket{le="0.1"}', 3],
      ['flowzone_commit_durable_seconds_bucket{le="+Inf"}', 4],
      ['flowzone_commit_durable_seconds_count', 4],
      ['flowzone_commit_durable_seconds_sum', 1.5],
      ['flowzone_disk_fsync_seconds_bucket{file="recording",le="0.1"}', 5],
      ['flowzone_disk_fsync_seconds_sum{file="recording"}', 0.5],
      ['flowzone_disk_fsync_seconds_count{file="session"}', 0],
      ['flowzone_process_resident_bytes{process="engine"}', 50_000_000],
    ];
    expect(told.map(([name]) => [name, valueOf(text, name)])).toEqual(told);
  });

  test('without an engine it says so, and nothing of what it does not know', async () => {
    const stage = setStage();
    const text = await page(stage);
    expect(faultsOf(text)).toEqual([]);
    expect(valueOf(text, 'flowzone_engine_up')).toBe(0);
    expect(text).not.toContain('flowzone_audio');
    expect(text).toContain('flowzone_process_resident_bytes{process="gateway"}');
  });

  test('the judge finds a counter without _total, a sample without type, a second one of a name', () => {
    const good = '# TYPE flowzone_a_total counter\nflowzone_a_total 1\n';
    expect(faultsOf(good)).toEqual([]);
    expect(faultsOf('# TYPE flowzone_a counter\nflowzone_a 1\n')).toHaveLength(1);
    expect(faultsOf('flowzone_a 1\n')).toHaveLength(1);
    expect(faultsOf(`${good}flowzone_a_total 1\n`)).toHaveLength(1);
    expect(faultsOf(`${good}flowzone_b{x="\n"} 1\n`).length).toBeGreaterThan(0);
    expect(faultsOf('# TYPE flowzone_a gauge\nflowzone_a NaN\n')).toHaveLength(1);
  });

  test('is refused to another computer; the history is not', async () => {
    const stage = setLanStage();
    const { cookie } = await stage.phone();
    const refused = await stage.ask('/metrics', { headers: { cookie } });
    expect([refused.status, await codeIn(refused)]).toEqual([403, 5011]);
    const history = await stage.ask('/api/metrics/history', { headers: { cookie } });
    expect(history.status).toBe(200);
  });
});
