import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CrashGuard } from '../../../server/supervise/crash-guard.ts';
import { RiskNote, takeRisk } from '../../../server/supervise/risk.ts';
import { Dice } from '../../guard/generators.ts';
import { printedSeed } from '../../support/seed.ts';

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
  const dieAt = (seconds: number, what?: string) => {
    clock.ms = 1_000_000 + seconds * 1000;
    return guard.onDeath(what === undefined ? null : { what, sinceMs: clock.ms });
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
      suspects: [],
      sinceMs: 1_040_000,
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

  test('in Safe Mode a clock that is set back forgives none', () => {
    const { guard, dieAt } = makeGuard();
    for (const at of [0, 1, 2]) dieAt(at);
    expect([dieAt(10), dieAt(20), dieAt(-300)]).toEqual([false, false, true]);
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
      suspects: [],
      sinceMs: 1_000_000,
    });
  });

  test('names what the engine was about, each once, and forgets it with the crashes', () => {
    const { guard, dieAt } = makeGuard();
    dieAt(0, 'the loops of Old');
    // A minute later it is held against nobody.
    for (const at of [100, 101]) dieAt(at, 'the audio device (jack)');
    dieAt(102, 'the loops of Evening');
    expect(guard.safe?.suspects).toEqual(['the audio device (jack)', 'the loops of Evening']);
    for (const at of [200, 300, 400]) dieAt(at, 'the audio device (jack)');
    expect(guard.safe).toMatchObject({
      step: 2,
      reason: 'The engine stopped three more times in Safe Mode.',
      suspects: ['the loops of Evening', 'the audio device (jack)'],
    });
  });

  test('left, it starts as ever and counts anew, also after --safe and in the next launcher', () => {
    const { guard, dieAt, path } = makeGuard({ firstStep: 1 });
    for (const at of [0, 1, 2]) dieAt(at, 'x');
    expect(guard.safe?.step).toBe(2);
    guard.leave();
    expect(guard.safe).toBeNull();
    expect(makeGuard({}, path).guard.safe).toBeNull();
    expect([dieAt(3), dieAt(4)]).toEqual([false, false]);
    expect(guard.safe).toBeNull();
    expect(dieAt(5)).toBeTrue();
    expect(guard.safe?.step).toBe(1);
  });

  test('in a hundred trials three crashes of a start step on the third, spread ones never', () => {
    const dice = new Dice(printedSeed());
    for (let trial = 0; trial < 100; trial += 1) {
      const isSpread = trial % 2 === 1;
      const path = join(folder, `trial-${trial}.json`);
      const clock = { ms: 1e12 };
      const make = () => makeGuard({ clock: () => clock.ms }, path).guard;
      let guard = make();
      const steps = [0, 1, 2].map((crash) => {
        // Within a minute, or over the hour; the computer may go down with its launcher.
        const gapMs = isSpread ? 600_000 + dice.next() * 1_200_000 : dice.next() * 29_999;
        clock.ms += crash === 0 ? 0 : gapMs;
        const risk = { what: 'the audio device (jack)', sinceMs: clock.ms };
        if (dice.coin()) guard.onDeath(risk);
        else {
          // What was being written when the power went is beside it, half.
          writeFileSync(`${path}.tmp`, '{"step":2,"cra');
          guard = make();
          guard.onDeath(risk, risk.sinceMs);
        }
        return guard.safe?.step ?? 0;
      });
      expect(steps).toEqual(isSpread ? [0, 0, 0] : [0, 0, 1]);
      expect(make().safe?.step ?? 0).toBe(steps[2] ?? -1);
    }
  });
});

describe('what an engine is about', () => {
  test('is there for who comes after until it is over, and is named once', () => {
    const run = mkdtempSync(join(folder, 'run-'));
    const note = new RiskNote(run, () => 7);
    expect(takeRisk(run)).toBeNull();
    note.begin('the audio device (jack)');
    note.begin('the loops of Evening');
    expect(takeRisk(run)).toEqual({ what: 'the loops of Evening', sinceMs: 7 });
    expect(takeRisk(run)).toBeNull();
    note.begin('the audio device (jack)');
    note.over();
    note.over();
    expect(takeRisk(run)).toBeNull();
  });

  test('that cannot be noted holds nothing up', () => {
    const note = new RiskNote(join(folder, 'nowhere'), () => 7);
    note.begin('the audio device (jack)');
    note.over();
    expect(takeRisk(join(folder, 'nowhere'))).toBeNull();
  });
});
