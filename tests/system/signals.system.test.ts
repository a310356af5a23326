/** Whatever asks FlowZone to end: it ends in order, with all that was played on disk, and nothing stays. */
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AckLog } from '../faults/judge/acks.ts';
import { STEREO, writeCodedInput } from '../faults/judge/coded.ts';
import { judgeFolder } from '../faults/judge/verdict.ts';
import { BAR_FRAMES, RATE, startLife } from '../faults/stand/lives.ts';
import { makePlayer } from '../faults/stand/player.ts';
import { makeFolder, until, withCleanup } from '../judge/product.ts';
import { ringPath } from '../judge/rings.ts';
import { censusOf } from '../outages/stand/family.ts';
import { MARK } from '../plugins/faults/processes.ts';

const PRESSES = 4;

/** Plays, asks in the middle of it for the end, and looks at what is left. */
const endBy = (ask: (launcherPid: number, childPids: readonly number[]) => void) =>
  withCleanup(async (later) => {
    const home = makeFolder();
    const data = join(home, 'data');
    const mark = `signals-${process.pid}-${home}`;
    writeCodedInput(join(home, 'input.wav'), STEREO, RATE);
    const product = await startLife(data, join(home, 'input.wav'), { env: { [MARK]: mark } });
    later(() => product.stop('SIGKILL'));
    const acks = new AckLog(join(home, 'acks.jsonl'));
    later(() => acks.close());
    const player = await makePlayer(product, { acks, rateHz: RATE });
    later(() => player.close());
    await until('a bar was heard', () => player.frameNow() > 1.2 * BAR_FRAMES);
    for (let slot = 0; slot < PRESSES; slot += 1) await player.press(slot);
    const exited = new Promise((done) => product.child.on('exit', done));
    const { enginePid, gatewayPid, pid } = product.ready;
    ask(pid, [enginePid, gatewayPid]);
    const code = await exited;
    const { faults, lost, stored } = judgeFolder(data, player.captured);
    return {
      code,
      captured: player.captured.length,
      faults: [...lost, ...faults],
      gapFrames: stored.gapFrames,
      alive: process.platform === 'linux' ? censusOf(mark, null).alive : [],
      left: [ringPath(data), join(data, 'run.json')].filter((path) => existsSync(path)),
    };
  });

const IN_ORDER = { code: 0, captured: PRESSES, faults: [], gapFrames: 0, alive: [], left: [] };

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} to the launcher`, async () => {
    expect(await endBy((launcher) => process.kill(launcher, signal))).toEqual(IN_ORDER);
  }, 60_000);

  test(`${signal} to all of them at once, as from a terminal or a service manager`, async () => {
    const all = (launcher: number, children: readonly number[]) => {
      for (const pid of [launcher, ...children]) process.kill(pid, signal);
    };
    expect(await endBy(all)).toEqual(IN_ORDER);
  }, 60_000);
}
