/** Whatever is done to chains, in whatever order: core, state and history say the same. */
import { describe, expect, test } from 'bun:test';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import type { Place } from '../../../protocol/state.ts';
import { chainAt } from '../../../server/session/chains/chain-keeper.ts';
import { chainOfSlot } from '../../../server/session/riffs/riff.ts';
import { Dice } from '../../guard/generators.ts';
import { printedSeed } from '../../support/seed.ts';
import { heardAt, pluginRig, ROOM, SYNTH } from './plugin-rig.ts';
import type { Rig } from './rig.ts';

const RUNS = 25;
const STEPS = 40;
const SLOTS = 3;
const PLACES: readonly Place[] = ['input', 0, 1, 2];

/** What does not fit together, in words. */
const wrongIn = (rig: Rig): string[] => {
  const { history, state } = rig;
  const wrong: string[] = [];
  const say = (isRight: boolean, what: string) => {
    if (!isRight) wrong.push(what);
  };
  const seen = new Set<string>();
  for (const place of PLACES) {
    const chain = chainAt(state, place);
    const { head } = history;
    const asHead = place === 'input' ? (head.inputChain ?? []) : chainOfSlot(head.slots[place]);
    say(chain.join() === asHead.join(), `${place}: the head says ${asHead.join()}`);
    const loaded = chain.filter((id) => rig.core.live.has(id));
    say(heardAt(rig, place).join() === loaded.join(), `${place}: heard otherwise`);
    for (const id of chain) {
      say(!seen.has(id), `${id} is in two places`);
      seen.add(id);
      const plugin = state.plugins[id];
      say(plugin?.where === place, `${id} is elsewhere`);
      const isHeard = heardAt(rig, place).includes(id);
      say(isHeard === (plugin?.status === 'on'), `${id} is ${plugin?.status}`);
    }
  }
  for (const id of Object.keys(state.plugins)) say(seen.has(id), `${id} is shown in no chain`);
  return wrong;
};

const act = (rig: Rig, dice: Dice): void => {
  const ids = Object.keys(rig.state.plugins);
  const instanceId = ids.length === 0 ? null : dice.of(ids);
  const slot = dice.of(PLACES);
  const choice = dice.below(10);
  if (choice < 3) {
    const index = dice.coin() ? {} : { index: dice.below(3) };
    rig.send({ cmd: 'LOAD_VST', slot, pluginId: dice.of([ROOM, SYNTH]), ...index });
  } else if (choice < 4 && instanceId) rig.send({ cmd: 'UNLOAD_PLUGIN', instanceId });
  else if (choice < 6 && instanceId) {
    rig.send({ cmd: 'MOVE_PLUGIN', instanceId, slot, index: dice.below(3) });
  } else if (choice < 8) rig.send({ cmd: dice.coin() ? 'UNDO' : 'REDO', scope: 'SESSION' });
  else {
    const riffId = dice.of(rig.state.history.newest).id;
    rig.send({ cmd: 'RECALL_RIFF', riffId, when: dice.coin() ? 'now' : 'bar' });
  }
};

/** Plays one run; returns what was wrong whenever all was quiet. */
const run = async (dice: Dice, spoil: (rig: Rig) => void = () => undefined): Promise<string[]> => {
  const rig = pluginRig({ slotCount: SLOTS });
  spoil(rig);
  const wrong: string[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    rig.core.isLoading = dice.next() < 0.3;
    rig.core.loadedCode = dice.next() < 0.1 ? 3005 : 0;
    const together = 1 + dice.below(3);
    for (let count = 0; count < together; count += 1) act(rig, dice);
    await rig.settle();
    if (dice.next() < 0.3) await rig.pass(dice.below(15_000));
    rig.core.isLoading = false;
    rig.core.frame += 96_000 * dice.below(3);
    await rig.settle();
    rig.core.frame += 96_000;
    await rig.settle();
    wrong.push(...wrongIn(rig).map((what) => `step ${step}: ${what}`));
  }
  return [...wrong, ...rig.errors.map(String)];
};

describe('chains', () => {
  test('are the same in core, state and history after any commands', async () => {
    const dice = new Dice(printedSeed());
    for (let each = 0; each < RUNS; each += 1) expect(await run(dice)).toEqual([]);
  });

  test('of a core that loses a record are found to differ', async () => {
    const dice = new Dice(printedSeed());
    const found = await run(dice, (rig) => {
      const { send } = rig.core;
      let sets = 0;
      rig.core.send = (commands) =>
        send.call(
          rig.core,
          commands.map((command) => {
            if (command.kind !== COMMAND_KIND.chainSet) return command;
            sets += 1;
            return sets % 5 === 0 ? { ...command, kind: COMMAND_KIND.mark } : command;
          }),
        );
    });
    expect(found.length).toBeGreaterThan(0);
  });
});
