/** What the player was told is done while no disk took it: nothing of it is lost by a kill or a dead disk. */
import { expect, test } from 'bun:test';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LoopDisk, missingForDisks } from '../faults/stand/loop-disk.ts';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { forgetRing } from '../judge/rings.ts';
import { healthOf, killEngine, ok, waitBars } from '../judge/stage.ts';

const ARGS = ['--device', 'headless', '--bpm', '240'];
const FREEZE_SECONDS = 10;

const takesOf = (client: Client): (string | null)[] =>
  client.state().slots.map(({ takeId }: Json) => takeId as string | null);

const press = async (client: Client, slot: number): Promise<string> =>
  (await ok(client, { cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1 })).takeId;

const isSaved = (client: Client, slot: number) => (): boolean => client.state().slots[slot].saved;

test.skipIf(missingForDisks() !== null)(
  'kill -9 while the disk stands still: sound of the past, a cleared slot and a new session stay (needs root)',
  () =>
    withCleanup(async (later) => {
      const disk = new LoopDisk(512);
      later(() => disk.remove());
      const data = join(disk.folder, 'data');
      mkdirSync(data);
      const product = await startProduct(ARGS, { data, env: { FLOWZONE_CRASH_GUARD: 'off' } });
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      await waitBars(product, 5);
      await press(client, 0);
      await press(client, 1);
      await until('both are saved', () => isSaved(client, 0)() && isSaved(client, 1)());
      const { enginePid } = await healthOf(product);
      const { sessionId } = client.state().meta;
      const { thawed } = await disk.freeze(FREEZE_SECONDS);
      await ok(client, { cmd: 'REACH_BACK', slot: 2, fromBar: 1, bars: 2 });
      await ok(client, { cmd: 'CLEAR_SLOT', slot: 0 });
      const before = takesOf(client);
      expect(before.slice(0, 3)).toEqual([null, expect.any(String), expect.any(String)]);
      await ok(client, { cmd: 'NEW_SESSION', name: 'Second' });
      const inSecond = await press(client, 1);
      await killEngine(product, enginePid, 60_000);
      await thawed;

      await until('the second session is back', () => {
        const { sessionName } = client.state().meta;
        return sessionName === 'Second' && takesOf(client)[1] === inSecond;
      });
      await until('its loop is saved', isSaved(client, 1));
      await ok(client, { cmd: 'OPEN_SESSION', sessionId });
      await until('the first is as it was left', () => takesOf(client).join() === before.join());
    }),
  120_000,
);

const dieAndComeBack = (withFar: boolean) =>
  withCleanup(async (later) => {
    const disk = new LoopDisk(512);
    later(() => disk.remove());
    const data = join(disk.folder, 'data');
    const second = makeFolder();
    mkdirSync(data);
    const args = [...ARGS, '--second', second];
    const product = await startProduct(args, { data });
    later(() => product.stop('SIGKILL'));
    const client = await connect(product.url);
    await waitBars(product, 2);
    const first = await press(client, 0);
    await until('the first is saved', isSaved(client, 0));
    disk.cutPower();
    const takes = [await press(client, 1)];
    await waitBars(product, 2);
    takes.push(await press(client, 2));
    const far = () => readdirSync(second).filter((name) => name.endsWith('-writes'));
    await until('what waits is in the second folder', async () => {
      const text = await Promise.all(far().map((name) => Bun.file(join(second, name)).text()));
      return takes.every((id) => text.join('').includes(id));
    });
    await product.stop('SIGKILL');
    disk.plugIn();
    // As a restart of the computer does.
    forgetRing(data);
    if (!withFar) for (const name of far()) rmSync(join(second, name));

    const again = await startProduct(args, { data });
    later(() => again.stop('SIGKILL'));
    const player = await connect(again.url);
    await until('it plays', () => takesOf(player)[0] === first);
    const found = takesOf(player).slice(1, 3);
    return { found, takes };
  });

test.skipIf(missingForDisks() !== null)(
  'the disk with the data folder dies: loops made of the second folder come back with it (needs root)',
  async () => {
    const { found, takes } = await dieAndComeBack(true);
    expect(found).toEqual(takes);
    // The control: without what waited there they are only in the past.
    expect((await dieAndComeBack(false)).found).toEqual([null, null]);
  },
  180_000,
);
