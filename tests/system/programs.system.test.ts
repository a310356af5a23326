/** The product from outside: ctl makes a loop, and a generated client calls every operation there is. */
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connectFlowZone } from '../../scripts/client/flowzone.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { waitBars } from '../judge/stage.ts';
import { clientOf, type Description } from '../support/openapi-client.ts';

const CTL = join(import.meta.dirname, '../../scripts/ctl.ts');
const NOBODY = '00000000-0000-4000-8000-000000000000';

const start = (later: (end: () => unknown) => void): Promise<Product> =>
  startProduct(['--device', 'headless', '--bpm', '240'], { data: makeFolder() }).then((product) => {
    later(() => product.stop('SIGKILL'));
    return product;
  });

const spawnCtl = (product: Product, ...args: string[]) =>
  Bun.spawn([process.execPath, CTL, ...args, '--data', product.data], {
    stdout: 'pipe',
    stderr: 'pipe',
  });

const ctl = async (product: Product, ...args: string[]) => {
  const child = spawnCtl(product, ...args);
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, out: out.trim(), err };
};

test(
  'ctl captures, is seen by a watcher, undoes, exports, and is refused in words',
  () =>
    withCleanup(async (later) => {
      const product = await start(later);
      const done = async (...args: string[]): Promise<string> => {
        const { code, err, out } = await ctl(product, ...args);
        expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
        return out;
      };
      const watching = spawnCtl(product, 'watch');
      const seen: string[] = [];
      const reading = (async () => {
        for await (const bytes of watching.stdout) seen.push(new TextDecoder().decode(bytes));
      })();
      later(() => {
        watching.kill();
        return reading;
      });
      await until('the watcher has the state', () => seen.length > 0);

      await waitBars(product, 3);
      const takeId = /^slot 3: 2 bars, take ([0-9a-f-]{36})$/.exec(
        await done('trigger', '3', '--bars', '2'),
      )?.[1];
      expect(takeId).toBeDefined();
      const flowzone = await connectFlowZone(product.url);
      later(() => flowzone.close());
      await flowzone.until(({ slots }) => slots[2]?.takeId === takeId && slots[2]?.saved === true);
      const state = (await done('state')).split('\n');
      expect(state[3]).toMatch(/^ {2}3 {2}playing {4}2 bars .* saved/);
      expect(state[1]).toBe('  1  empty');
      await until('the watcher saw it', () => seen.join('').includes(takeId ?? '-'));

      await done('mute', '3');
      expect(flowzone.state.slots[2]?.muted).toBe(true);
      await done('unmute', '3');
      expect(await done('health')).toMatch(/^well: headless/);
      expect(await done('metrics')).toContain('audioLoad');
      const files = (await done('export', '--stems', '--format', 'wav24')).split('\n');
      expect(files.length).toBeGreaterThanOrEqual(3);
      for (const file of files) expect(existsSync(join(product.data, file))).toBe(true);
      expect(JSON.parse(await done('send', '{"cmd":"SET_TEMPO","bpm":200}'))).toHaveProperty(
        'revId',
      );

      await done('undo');
      await done('undo');
      await flowzone.until(({ slots }) => slots[2]?.takeId === null);
      const refused = await ctl(product, 'undo');
      expect(refused).toMatchObject({ code: 1, out: '' });
      expect(refused.err).toContain('(4005)');
      await done('redo');
      await flowzone.until(({ slots }) => slots[2]?.takeId === takeId);
      expect((await ctl(product, 'send', '{"cmd":"JUMP"}')).err).toContain('Unknown command.');
    }),
  60_000,
);

test(
  'every operation of the description is called by a client made of it, and answers as described',
  () =>
    withCleanup(async (later) => {
      const product = await start(later);
      const description = await product.json<Description>('/openapi');
      const client = clientOf(product.url, description);
      const called = new Set<string>();
      const call = async (id: string, given: Record<string, unknown> = {}, status = 200) => {
        const answer = await client[id]?.(given);
        called.add(id);
        expect({ id, status: answer?.status }).toEqual({ id, status });
        return answer?.body;
      };
      await waitBars(product, 2);
      const { result } = (await call('sendCommand', {
        body: { cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1 },
      })) as { result: { takeId: string } };
      const id = result.takeId;
      await until(
        'it is saved',
        async () => ((await call('getTake', { id })) as { saved: boolean }).saved,
      );
      const { data } = (await call('getState')) as { data: { history: { head: string } } };
      const what = { riffId: data.history.head };
      await call('sendCommand', { body: { cmd: 'EXPORT', what, format: 'wav32f', stems: false } });
      type Exported = { items: { folder: string; files: { file: string }[] }[] };
      const exported = await until('it is exported', async () => {
        return ((await call('listExports', { limit: 5 })) as Exported).items[0];
      });
      const { folder, files } = exported;
      const file = (await call('getExportFile', { folder, file: files[0]?.file })) as Uint8Array;
      const audio = (await call('getTakeAudio', { id })) as Uint8Array;
      for (const sound of [file, audio])
        expect(new TextDecoder().decode(sound.slice(0, 4))).toBe('RIFF');
      expect(await call('getTakePeaks', { id, n: 64 })).toBeInstanceOf(Uint8Array);
      expect(await call('getMetrics')).toContain('flowzone_audio_blocks_total');
      for (const each of ['getHealth', 'listPlugins', 'getPast', 'getProtocol']) await call(each);
      await call('listRiffs', { limit: 1, marked: false });
      await call('listSessions', { limit: 1 });
      await call('getMetricsHistory', { seconds: 5 });
      expect(await call('getSupportBundle')).toBeInstanceOf(Uint8Array);
      await call('listPaired');
      // Without --lan no code is shown that it could be.
      const paired = await client['pair']?.({ body: { code: '000000' } });
      called.add('pair');
      expect(paired).toMatchObject({ body: { code: expect.any(Number), msg: expect.any(String) } });
      await call('getPluginParams', { instanceId: NOBODY }, 404);
      expect(Object.keys(client).toSorted()).toEqual([...called].toSorted());
    }),
  60_000,
);
