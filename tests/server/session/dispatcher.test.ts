import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { Dispatcher } from '../../../server/session/commands/dispatcher.ts';
import type { Job } from '../../../server/session/commands/job.ts';
import type { Step } from '../../../server/session/commands/plan.ts';
import { Sounds } from '../../../server/session/sounds/sounds.ts';
import { TakeLoader } from '../../../server/session/sounds/take-loader.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeTake } from '../store/samples.ts';
import { makeCache } from './cache-rig.ts';
import { makeEvent } from './core-event.ts';
import { ScriptedCore } from './scripted-core.ts';

const ids = ['aaaaaaaa-0000-4000-8000-000000000001'];

const makeStage = () => {
  const core = new ScriptedCore();
  const takes = new Takes('/data');
  const errors: unknown[] = [];
  const loader = new TakeLoader(core, takes, new Sounds(takes, 48_000), makeCache().cache);
  const dispatcher = new Dispatcher(core, loader, (error) => errors.push(error));
  const ends: unknown[] = [];
  const job = (name: string, ...steps: Step[]): Job => ({
    inLane: true,
    atFrame: 0,
    isFarAhead: false,
    loadMsMax: 1,
    isPartial: false,
    first: [],
    plan: () => ({ kind: 'steps', steps }),
    ok: () => ends.push(name),
    fail: (code) => ends.push([name, code]),
  });
  const tokens = () => core.sent.flat().map((command) => command.token);
  const tell = (kind: number, token: number, code = 0) =>
    dispatcher.onEvent(makeEvent({ kind, token, code }));
  return { core, dispatcher, ends, errors, job, takes, tokens, tell };
};

const mark: Step = { record: { kind: COMMAND_KIND.mark } };

describe('the dispatcher', () => {
  test('answers when everything took effect or waits for its line, not before', () => {
    const { dispatcher, ends, job, tell, tokens } = makeStage();
    dispatcher.run(job('a', mark, mark));
    const [one = 0, two = 0] = tokens();
    tell(EVENT_KIND.scheduled, one);
    tell(EVENT_KIND.applied, one);
    expect(ends).toEqual([]);
    tell(EVENT_KIND.scheduled, two);
    expect(ends).toEqual(['a']);
    tell(EVENT_KIND.applied, two);
    expect(ends).toEqual(['a']);
  });

  test('one refused record is the answer, after the last has ended', () => {
    const { dispatcher, ends, job, tell, tokens } = makeStage();
    dispatcher.run(job('a', mark, mark));
    const [one = 0, two = 0] = tokens();
    tell(EVENT_KIND.applied, one, 2009);
    expect(ends).toEqual([]);
    tell(EVENT_KIND.applied, two);
    expect(ends).toEqual([['a', 2009]]);
  });

  test('the next in the lane is planned when the one before has ended', async () => {
    const { core, dispatcher, job, tell, tokens } = makeStage();
    dispatcher.run(job('a', mark));
    dispatcher.run(job('b', mark));
    expect(core.sent).toHaveLength(1);
    tell(EVENT_KIND.applied, tokens()[0] ?? 0);
    await Promise.resolve();
    expect(core.sent).toHaveLength(2);
  });

  test('a take that is not read in time is refused, and the lane goes on', async () => {
    const { core, dispatcher, job, takes } = makeStage();
    for (const id of ids) takes.restore(makeTake(id));
    const refused = Promise.withResolvers<number>();
    dispatcher.run({
      ...job('a'),
      plan: () => ({ kind: 'load', takeIds: [...ids], next: () => ({ kind: 'done' }) }),
      fail: refused.resolve,
    });
    dispatcher.run(job('b', mark));
    expect(core.sent).toEqual([]);
    expect(await refused.promise).toBe(2009);
    await Promise.resolve();
    expect(core.sent).toHaveLength(1);
  });

  describe('what throws is a refusal, and the next in the lane has its turn:', () => {
    const broken = new Error('broken');
    const breaks = (): never => {
      throw broken;
    };
    const cases: Record<string, (job: Job) => Job> = {
      plan: (job) => ({ ...job, plan: breaks }),
      'plan after loading': (job) => ({
        ...job,
        plan: () => ({ kind: 'load', takeIds: [], next: breaks }),
      }),
      step: (job) => ({
        ...job,
        plan: () => ({ kind: 'steps', steps: [{ ...mark, applied: breaks }, mark] }),
      }),
      finish: (job) => ({
        ...job,
        plan: () => ({ kind: 'steps', steps: [mark], finish: breaks }),
      }),
      'asking whether it is over': (job) => ({
        ...job,
        plan: () => ({ kind: 'steps', steps: [mark], isUnfinished: breaks }),
      }),
    };
    for (const [where, breakIt] of Object.entries(cases)) {
      test(where, async () => {
        const { core, dispatcher, ends, errors, job, tell, tokens } = makeStage();
        dispatcher.run(breakIt(job('a')));
        for (const token of tokens()) tell(EVENT_KIND.applied, token);
        expect(ends).toEqual([['a', 2007]]);
        expect(errors).toEqual([broken]);
        const before = core.sent.length;
        dispatcher.run(job('b', mark));
        await Promise.resolve();
        expect(core.sent).toHaveLength(before + 1);
      });
    }

    test('an answer that nobody can take', async () => {
      const { core, dispatcher, errors, job, tell, tokens } = makeStage();
      dispatcher.run({ ...job('a', mark), ok: breaks });
      dispatcher.run(job('b', mark));
      tell(EVENT_KIND.applied, tokens()[0] ?? 0);
      await Promise.resolve();
      expect(errors).toEqual([broken]);
      expect(core.sent).toHaveLength(2);
    });
  });

  test('events of nobody are not its own', () => {
    const { tell } = makeStage();
    expect(tell(EVENT_KIND.applied, 12_345)).toBeFalse();
  });
});
