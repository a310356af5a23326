/** Health that is true: of an engine without sound it says so, of a full disk it says so and plays on. */
import { describe, expect, test } from 'bun:test';
import { ERRORS } from '../../../protocol/errors.ts';
import { makeHealth } from './support/fake-engine.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

const healthOf = async (stage: ReturnType<typeof setStage>) => {
  const response = await stage.fetch('/api/health');
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
};

describe('GET /api/health', () => {
  test('an engine that tells the same count of blocks again and again gives no sound: 2002', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    const tell = async (blocks: number) => {
      stage.advance(250);
      engine.sendHealth({ blocks });
      await player.barrier();
    };
    for (let blocks = 100; blocks < 110; blocks += 1) await tell(blocks);
    expect(await healthOf(stage)).toMatchObject({ status: 200, isWell: true, problems: [] });
    // Less than a second may be a large block.
    for (let each = 0; each < 3; each += 1) await tell(109);
    expect(await healthOf(stage)).toMatchObject({ status: 200 });
    for (let each = 0; each < 3; each += 1) await tell(109);
    const standing = await healthOf(stage);
    const { code } = ERRORS.ERR_DEVICE_LOST;
    expect(standing).toMatchObject({ status: 503, code, isWell: false, blocks: 109 });
    expect(standing).toMatchObject({
      problems: [{ code, msg: expect.stringContaining('No block') }],
    });
    await tell(110);
    expect(await healthOf(stage)).toMatchObject({ status: 200, isWell: true });
  });

  test('one that tells nothing for five seconds is frozen: 1011', async () => {
    const stage = setStage();
    stage.engine();
    await (await stage.join()).barrier();
    stage.advance(6000);
    const { code } = ERRORS.ERR_CONTROL_FROZEN;
    expect(await healthOf(stage)).toMatchObject({ status: 503, code, problems: [{ code }] });
  });

  test('what the player is told of is listed, each once, and the loops go on: 200', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    const { code, says } = ERRORS.ERR_DISK_CRITICAL;
    const alert = { code, sinceMs: 1, count: 1 };
    engine.patch([
      { op: 'add', path: '/alerts/a', value: alert },
      { op: 'add', path: '/alerts/b', value: alert },
    ]);
    await player.barrier();
    const problems = [{ code, msg: says }];
    expect(await healthOf(stage)).toMatchObject({ status: 200, isWell: false, problems });
    engine.patch([
      { op: 'remove', path: '/alerts/a' },
      { op: 'remove', path: '/alerts/b' },
    ]);
    await player.barrier();
    expect(await healthOf(stage)).toMatchObject({ status: 200, isWell: true, problems: [] });
  });

  test('without an engine: 1010, and nothing of an earlier one', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    engine.close();
    await player.next('NOTICE');
    const { code } = ERRORS.ERR_ENGINE_RESTARTING;
    const told = await healthOf(stage);
    expect(told).toMatchObject({ status: 503, code, problems: [{ code }] });
    expect(told).not.toHaveProperty('blocks');
  });

  test('the figures are those of the engine', async () => {
    const stage = setStage();
    const engine = stage.engine();
    await (await stage.join()).barrier();
    expect(await healthOf(stage)).toMatchObject({ ...makeHealth(engine.epoch), status: 200 });
  });
});
