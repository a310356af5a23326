import { describe, expect, test } from 'bun:test';
import { homedir } from 'node:os';
import { bannedCalls, machinePaths, reminders } from './rules/banned.ts';
import { readTree, ROOT } from './source.ts';

/** Joined at run time: written out, these lines would be violations themselves. */
const call = (...parts: string[]) => parts.join('');

describe('banned calls', () => {
  const tree = readTree();

  test('none is used', () => {
    expect(bannedCalls(tree)).toEqual([]);
  });

  test.each([
    ['server/gateway/main.ts', call('console', '.log("up")'), 'telemetry/log'],
    ['server/session/riffs/history.ts', call('const t = Date', '.now();'), 'clock'],
    ['tests/server/fuzz.test.ts', call('const r = Math', '.random();'), 'seeded'],
    ['web/App.tsx', call('const x = y as ', 'any;'), 'type'],
    ['scripts/dev.ts', call('// @ts-', 'ignore'), 'expect-error'],
    ['web/stage/Slot.tsx', call('node.inner', 'HTML = name;'), 'textContent'],
    ['tests/web/slot.test.ts', call('test.', 'only("x", () => {});'), 'others'],
    ['Sources/FlowCore/RealTime/Mixer.swift', 'DispatchQueue.main.async {}', 'ring'],
    ['Sources/FlowCore/Control/FlowEngine.swift', 'print("here")', 'event'],
  ])('%s: %s is caught and the replacement named', (path, text, replacement) => {
    const found = bannedCalls([{ path, text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(replacement);
  });

  test('the same words in a comment, in a test tool or in the clock are fine', () => {
    expect(
      bannedCalls([
        { path: 'server/clock.ts', text: call('export const now = () => Date', '.now();') },
        { path: 'scripts/dev.ts', text: call('console', '.log("up")') },
        { path: 'server/main.ts', text: call('// never console', '.log here') },
      ]),
    ).toEqual([]);
  });

  test('no reminder is left in the source', () => {
    expect(reminders(tree)).toEqual([]);
    const text = call('// FIX', 'ME: later\n// TO', 'DO: and this');
    expect(reminders([{ path: 'server/main.ts', text }])).toHaveLength(2);
  });

  test('no path of one machine is in the source', () => {
    expect(machinePaths(tree)).toEqual([]);
    for (const folder of [ROOT, homedir(), call('/ho', 'me/ada'), call('/Us', 'ers/ada')]) {
      const text = `const data = '${folder}/music';`;
      expect(machinePaths([{ path: 'server/main.ts', text }])).toHaveLength(1);
    }
  });
});
