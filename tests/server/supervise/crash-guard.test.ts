import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CrashGuard } from '../../../server/supervise/crash-guard.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-guard-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

const makeGuard = (
  more: Partial<ConstructorParameters<typeof CrashGuard>[0]> = {},
  path = join(folder, `${(count += 1)}.json`),
) => {
  const clock = { ms: 1_000_000 };
  const unkept: unknown[] = [];
  const guard = new CrashGuard({
    path,
    clock: () => clock.ms,
    isOff: false,
    firstStep: 0,
    onUnkept: (error) => unkept.push(error),
    ...more,
  });
  const dieAt = (seconds: number) => {
    clock.ms = 1_000_000 + seconds * 1000;
    return guard.onDeath();
  };
  return { guard, path, dieAt, clock, unkept };
};

describe('crash guard', () => {
  test('the third death within a minute leads to Safe Mode, two do not', () => {
    const { guard, dieAt } = makeGuard();
    expect([dieAt(0), dieAt(20)]).toEqual([false, false]);
    expect(guard.safe).toBeNull();
    expect(dieAt(40)).toBeTrue();
    expect(guard.safe).toEqual({
      step: 1,
      reason: 'The engine stopped three times within a minute.',
    });
  });

  test('three deaths spread over an hour do not', () => {
    const { guard, dieAt } = makeGuard();
    expect([dieAt(0), dieAt(1200), dieAt(2400), dieAt(3600)]).toEqual([false, false, false, false]);
    expect(guard.safe).toBeNull();
  });

  test('three more in Safe Mode lead to the last step, and there it stays', () => {
    const { guard, dieAt } = makeGuard();
    for (const at of [0, 1, 2]) dieAt(at);
    expect([dieAt(100), dieAt(200), dieAt(300)]).toEqual([false, false, true]);
    expect(guard.safe?.step).toBe(2);
    for (const at of [301, 302, 303, 304]) dieAt(at);
    expect(guard.safe?.step).toBe(2);
  });

  test('in Safe Mode ten quiet minutes forgive one', () => {
    const { guard, dieAt } = makeGuard();
    for (const at of [0, 1, 2]) dieAt(at);
    expect([dieAt(10), dieAt(20), dieAt(20 + 601), dieAt(20 + 602)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(guard.safe?.step).toBe(2);
  });

  test('what was counted outlives the launcher, an ordered end clears it, ten minutes forget it', () => {
    const { dieAt, path, clock } = makeGuard();
    for (const at of [0, 1, 2]) dieAt(at);
    const again = () => makeGuard({ clock: () => clock.ms }, path).guard;
    expect(again().safe?.step).toBe(1);
    clock.ms += 601_000;
    expect(again().safe).toBeNull();
    again().clear();
    expect(existsSync(path)).toBeFalse();
  });

  test('what cannot be written is counted in memory and reported', () => {
    const { guard, dieAt, path, unkept } = makeGuard();
    mkdirSync(path);
    expect([dieAt(0), dieAt(1), dieAt(2)]).toEqual([false, false, true]);
    expect(guard.safe?.step).toBe(1);
    guard.clear();
    expect(unkept).toHaveLength(4);
  });

  test('switched off it counts nothing and writes nothing', () => {
    const { guard, dieAt, path } = makeGuard({ isOff: true });
    for (const at of [0, 1, 2, 3]) expect(dieAt(at)).toBeFalse();
    expect(guard.safe).toBeNull();
    expect(existsSync(path)).toBeFalse();
  });

  test('--safe begins with the first step and says so; a torn file is no crash', () => {
    const path = join(folder, 'torn.json');
    writeFileSync(path, '{"step":1,"cras');
    expect(makeGuard({}, path).guard.safe).toBeNull();
    expect(makeGuard({ firstStep: 1 }).guard.safe).toEqual({
      step: 1,
      reason: 'Started with --safe.',
    });
  });
});
