/** An export on its way: what the state says of it, from the answer to its end. */
import { describe, expect, test } from 'bun:test';
import { EXPORT_STATE } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { capture } from './derived-rig.ts';
import { begun, exportOf, jobOf, newest, tell } from './export-rig.ts';
import { makeRig } from './grid-rig.ts';
import { Rig } from './rig.ts';

describe('a job', () => {
  const started = async () => {
    const rig = makeRig();
    const id = await begun(rig, { bars: 2 });
    return { rig, id };
  };

  test('is in the state from the answer to its end', async () => {
    const { rig, id } = await started();
    expect(jobOf(rig, id)).toMatchObject({ state: 'running', progress: 0, folder: '', files: [] });
    tell(rig, { detail: EXPORT_STATE.running, value: 0.25 });
    expect(jobOf(rig, id).progress).toBe(0.25);
    tell(rig, { detail: EXPORT_STATE.done, value: 1, value2: 3 });
    const job = jobOf(rig, id);
    expect(job).toMatchObject({ state: 'done', progress: 1, code: 0 });
    expect(job.folder).toEndWith(' bpm 3');
    expect(job.files).toHaveLength(2);
    expect(job.files[0]).toEndWith(' bpm 3_mix.wav');
    expect(job.files[1]).toEndWith(' bpm 3.json');
    expect(await rig.ask({ cmd: 'CANCEL_JOB', jobId: id })).toMatchObject({ code: 4012 });
  });

  test('that fails says why, also as a notice', async () => {
    const { rig, id } = await started();
    tell(rig, { detail: EXPORT_STATE.failed, code: 1020 });
    expect(jobOf(rig, id)).toMatchObject({ state: 'failed', code: 1020, files: [] });
    const notices = rig.emitted.filter((each) => each.t === 'notice');
    expect(notices).toMatchObject([{ message: { type: 'NOTICE', code: 1020 } }]);
  });

  test('without a stretcher is written as it sounds then, and says so', async () => {
    const rig = new Rig();
    const [stretched, plain] = [await capture(rig, 0), await capture(rig, 1)];
    await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: 0, mode: 'stretch' });
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    const id = await begun(rig, { riffId: rig.history.head.id });
    expect(newest(rig).parts.map(({ mode }) => mode)).toEqual([1, 0]);
    tell(rig, { detail: EXPORT_STATE.failed, code: 2014 });
    await rig.settle();
    expect(rig.core.exported).toHaveLength(2);
    const { parts, said } = newest(rig);
    expect(parts.map((part) => [idOfWords(part.id), part.mode])).toEqual([
      [stretched, 0],
      [plain, 0],
    ]);
    expect(said).toMatchObject({ notStretched: [0], bpm: 96 });
    expect(said['note']).toContain('Rubber Band');
    expect(jobOf(rig, id)).toMatchObject({ state: 'running', code: 2014 });
    expect(rig.emitted.filter(({ t }) => t === 'notice')).toHaveLength(1);
    tell(rig, { detail: EXPORT_STATE.done, value: 1, value2: 1 });
    expect(jobOf(rig, id)).toMatchObject({ state: 'done', code: 2014 });
    // Once only: a stretcher that is missed by what is not stretched is an end.
    await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: 0, mode: 'repitch' });
    const other = await begun(rig, { riffId: rig.history.head.id });
    tell(rig, { token: 2, detail: EXPORT_STATE.failed, code: 2014 });
    await rig.settle();
    expect(jobOf(rig, other)).toMatchObject({ state: 'failed', code: 2014 });
  });

  test('is cancelled by the core once it writes, at once while its loops are read', async () => {
    const { rig, id } = await started();
    expect(await rig.ask({ cmd: 'CANCEL_JOB', jobId: id })).toMatchObject({ type: 'OK' });
    expect(rig.core.cancelledExports).toEqual([1]);
    expect(jobOf(rig, id).state).toBe('running');
    tell(rig, { detail: EXPORT_STATE.cancelled });
    expect(jobOf(rig, id).state).toBe('cancelled');
    await capture(rig, 0);
    const exported = rig.core.exported.length;
    const reqId = rig.send(exportOf({ riffId: rig.history.head.id }));
    const other = Object.keys(rig.state.jobs).find((each) => each !== id) ?? '';
    rig.send({ cmd: 'CANCEL_JOB', jobId: other });
    await rig.settle();
    expect(rig.answerTo(reqId)).toMatchObject({ result: { jobId: other } });
    expect(jobOf(rig, other).state).toBe('cancelled');
    expect(rig.core.exported).toHaveLength(exported);
  });

  const withUnreadable = async () => {
    const rig = new Rig();
    const takeId = await capture(rig, 0);
    const words = rig.core.taken.findLast(({ id }) => idOfWords(id) === takeId)?.id ?? [];
    rig.core.unreadable.add(words.join());
    return { rig, riffId: rig.history.head.id };
  };

  test('whose loop is not on disk yet waits for it', async () => {
    const { riffId, rig } = await withUnreadable();
    const late = await begun(rig, { riffId });
    await rig.pass(400);
    expect(jobOf(rig, late).state).toBe('running');
    expect(rig.core.exported).toEqual([]);
    rig.core.unreadable.clear();
    await rig.pass(400);
    expect(rig.core.exported).toHaveLength(1);
  });

  test('whose loop never comes fails; what the core refuses fails', async () => {
    const { riffId, rig } = await withUnreadable();
    const lost = await begun(rig, { riffId });
    for (let wait = 0; wait < 30; wait += 1) await rig.pass(250);
    expect(jobOf(rig, lost)).toMatchObject({ state: 'failed', code: 2010 });
    rig.core.unreadable.clear();
    rig.core.exportCode = 2005;
    const refused = await begun(rig, { riffId });
    expect(jobOf(rig, refused)).toMatchObject({ state: 'failed', code: 2005 });
  });

  test('the last ones are kept, the oldest ended ones forgotten', async () => {
    const rig = makeRig();
    const first = await begun(rig, { bars: 1 });
    const second = await begun(rig, { bars: 1 });
    tell(rig, { token: 2, detail: EXPORT_STATE.done, value2: 1 });
    for (let more = 0; more < LIMITS.exportJobsKept; more += 1) {
      await begun(rig, { bars: 1 });
      tell(rig, { token: more + 3, detail: EXPORT_STATE.done, value2: 1 });
    }
    expect(Object.keys(rig.state.jobs)).toHaveLength(LIMITS.exportJobsKept);
    expect(rig.state.jobs[first]?.state).toBe('running');
    expect(rig.state.jobs[second]).toBeUndefined();
  });
});
