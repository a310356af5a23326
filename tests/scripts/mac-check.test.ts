import { expect, test } from 'bun:test';
import { CHECKS, type Check, type Tools } from '../../scripts/mac-check/checks.ts';
import { reportOf, runChecks } from '../../scripts/mac-check/report.ts';

/** A machine on which everything is as it should be, but for what a test changes. */
const machine = (change: Partial<Record<string, unknown>> = {}): Tools & { calls: string[] } => {
  const calls: string[] = [];
  let frame = 0;
  let enginePid = 7;
  const health = () => ({
    device: 'coreaudio',
    rateHz: 48_000,
    blockFrames: 128,
    xruns: 0,
    load: 0.1,
    enginePid,
    gatewayPid: 2,
    frame: (frame += 144_000),
    ...change,
  });
  return {
    calls,
    device: 'coreaudio',
    wait: async () => {},
    run: async (...argv) => {
      calls.push(argv.join(' '));
      if (argv[0] === 'kill' && argv[1] === '-0') {
        return { code: change['isLeft'] === true ? 0 : 1, text: '' };
      }
      if (argv[0] === 'kill' && change['isDead'] !== true) enginePid += 1;
      if (argv[1] === 'check') {
        const result = {
          failedBlocks64: 0,
          failedBlocks128: change['isSilent'] === true ? 375 : 0,
          peak128: 0.5,
          stateTaken: true,
          parametersDiffering: change['isForgetful'] === true ? 1 : 0,
        };
        return { code: 0, text: `{"step":"open"}\n${JSON.stringify({ result })}\n` };
      }
      const isBuild = argv[0] === 'swift' && argv[1] === 'build';
      return { code: isBuild && change['isBroken'] === true ? 1 : 0, text: '' };
    },
    start: async (...args) => {
      calls.push(`start ${args.join(' ')}`);
      const asked = args[args.indexOf('--block') + 1];
      const block = args.includes('--block') ? { blockFrames: Number(asked) } : {};
      return {
        url: 'http://localhost',
        pid: 1,
        enginePid,
        get: async (path) =>
          path === '/api/health' ? { ...block, ...health(), ...block } : { data: { devices: {} } },
        stop: async () => {
          calls.push('stop');
          return 0;
        },
      };
    },
  };
};

const wrongOf = async (tools: Tools, checks: readonly Check[] = CHECKS) =>
  (await runChecks(checks, tools, () => {})).filter(({ isRight }) => isRight === false);

test('on a Mac that is right nothing is wrong, and every product was ended', async () => {
  const tools = machine();
  expect(await wrongOf(tools)).toEqual([]);
  const starts = tools.calls.filter((call) => call.startsWith('start')).length;
  expect(starts).toBe(6);
  expect(tools.calls.filter((call) => call === 'stop')).toHaveLength(starts);
  expect(tools.calls).toContain(
    '.build/release/PluginHostXPC check audiounit: 617566786c7061736170706c00000000',
  );
});

test.each([
  ['another device', { device: 'headless' }, '4. it plays through the hardware'],
  ['frames too slow', { frame: 0 }, '4. it plays through the hardware'],
  ['an engine that stays dead', { isDead: true }, '11. the engine is killed'],
  ['a process that stays', { isLeft: true }, '11. nothing is left'],
  ['a unit that does not play', { isSilent: true }, '8. Audio Unit: AULowpass'],
  ['a unit that forgets', { isForgetful: true }, '8. Audio Unit: DLSMusicDevice'],
  ['a build that fails', { isBroken: true }, '1. debug build'],
])('%s is found', async (_, change, step) => {
  expect((await wrongOf(machine(change))).map((result) => result.step)).toContain(step);
});

test('a check that throws is wrong, the next one is made, and the report tells of both', async () => {
  const checks: Check[] = [
    { step: 'one', expect: 'a', check: () => Promise.reject(new Error('no codesign')) },
    { step: 'two', expect: 'b', check: async () => ({ isRight: null, saw: 'x' }) },
  ];
  const results = await runChecks(checks, machine(), () => {});
  expect(results.map(({ isRight }) => isRight)).toEqual([false, null]);
  const report = reportOf(results);
  expect(report).toContain('2 checks, 1 wrong');
  expect(report).toContain('no codesign');
});
