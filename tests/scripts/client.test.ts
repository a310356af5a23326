/** The client for scripts before a gateway whose engine is played by a script. */
import { describe, expect, test } from 'bun:test';
import { LineLostError, NothingRunsError, RefusedError } from '../../scripts/client/errors.ts';
import { connectFlowZone } from '../../scripts/client/flowzone.ts';
import { getHealth, getJson } from '../../scripts/client/rest.ts';
import { answerOk } from '../server/gateway/support/fake-engine.ts';
import { useStages } from '../server/gateway/support/stage.ts';

const setStage = useStages();

const caught = async (asked: Promise<unknown>): Promise<unknown> => {
  try {
    await asked;
    return 'nothing was thrown';
  } catch (error) {
    return error;
  }
};

describe('the client for scripts', () => {
  test('has the state, follows it, and says what changed', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const flowzone = await connectFlowZone(stage.origin);
    expect(flowzone.state).toEqual(engine.state);
    const seen: string[] = [];
    const stop = flowzone.watch((_, ops) => seen.push(...ops.map(({ path }) => path)));
    engine.touch(0.25);
    await flowzone.until(({ slots }) => slots[0]?.volume === 0.25);
    expect(seen).toEqual(['/slots/0/volume']);
    stop();
    engine.touch(0.5);
    await flowzone.until(({ slots }) => slots[0]?.volume === 0.5);
    expect(seen).toHaveLength(1);
    expect(flowzone.state).toEqual(engine.state);
    flowzone.close();
    await flowzone.closed;
  });

  test('asks for no pictures, and each command has an answer of its own', async () => {
    const stage = setStage();
    const engine = stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'command') return;
        const { clientId, command } = message;
        const { reqId = '' } = command;
        if (command.cmd !== 'UNDO') return answerOk(fake, message);
        fake.send({
          t: 'answer',
          clientId,
          message: { type: 'ERROR', code: 4005, msg: 'No.', reqId },
        });
      },
    });
    const flowzone = await connectFlowZone(stage.origin);
    const [played, undone] = await Promise.all([
      flowzone.ask({ cmd: 'PLAY' }),
      caught(flowzone.ask({ cmd: 'UNDO', scope: 'SESSION' })),
    ]);
    expect(played).toEqual({ revId: 1, result: undefined });
    expect(undone).toBeInstanceOf(RefusedError);
    expect(undone).toMatchObject({ code: 4005, message: 'No.' });
    const commands = engine.heard.items.filter(({ t }) => t === 'command');
    expect(commands).toHaveLength(2);
    flowzone.close();
  });

  test('an engine that is away: 1010 after a while; one that goes: what waits is refused', async () => {
    const stage = setStage();
    const away = await caught(connectFlowZone(stage.origin, 50));
    expect(away).toBeInstanceOf(RefusedError);
    expect(away).toMatchObject({ code: 1010 });
    const engine = stage.engine({
      onMessage: (fake, message) => {
        if (message.t === 'command') fake.close();
      },
    });
    const flowzone = await connectFlowZone(stage.origin);
    expect(await caught(flowzone.ask({ cmd: 'PLAY' }))).toMatchObject({ code: 1010 });
    engine.close();
    flowzone.close();
  });

  test('a gateway that goes: what waits fails, nothing is sent twice', async () => {
    const stage = setStage();
    const engine = stage.engine({
      onMessage: (_, message) => {
        if (message.t === 'command') stage.gateway.stop();
      },
    });
    const flowzone = await connectFlowZone(stage.origin);
    const [asked, waited] = await Promise.all([
      caught(flowzone.ask({ cmd: 'PLAY' })),
      caught(flowzone.until(() => false)),
      flowzone.closed,
    ]);
    expect([asked, waited]).toEqual([expect.any(LineLostError), expect.any(LineLostError)]);
    expect(engine.heard.items.filter(({ t }) => t === 'command')).toHaveLength(1);
    expect(await caught(flowzone.ask({ cmd: 'PLAY' }))).toBeInstanceOf(LineLostError);
    expect(await caught(connectFlowZone(stage.origin))).toBeInstanceOf(NothingRunsError);
    expect(await caught(getHealth(stage.origin))).toBeInstanceOf(NothingRunsError);
  });

  test('questions by HTTP: an answer, or its refusal', async () => {
    const stage = setStage();
    expect(await caught(getJson(stage.origin, '/api/state'))).toMatchObject({ code: 1010 });
    const engine = stage.engine();
    await (await stage.join()).barrier();
    expect((await getJson(stage.origin, '/api/state')).data).toEqual(engine.state);
    expect(await getHealth(stage.origin)).toMatchObject({ isWell: true, device: 'headless' });
  });
});
