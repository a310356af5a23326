import { describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { codeIn, useLanStages } from './support/lan-stage.ts';

const setStage = useLanStages();

describe('what goes wrong with the disk', () => {
  test('a list that cannot be written lets nobody in', async () => {
    const folder = setStage().dataFolder;
    mkdirSync(join(folder, 'paired.json.tmp'));
    const stage = setStage({ dataFolder: folder });
    const { token } = await stage.offer();
    const refused = await stage.pair({ token });
    expect([refused.status, await codeIn(refused)]).toEqual([503, 5019]);
    expect((await stage.list()).devices).toEqual([]);
    expect(stage.logged).toContain('error: paired devices are not on disk');
  });

  test('a device that is forgotten stays out although the list could not be written', async () => {
    const folder = setStage().dataFolder;
    const stage = setStage({ dataFolder: folder });
    const phone = await stage.phone();
    mkdirSync(join(folder, 'paired.json.tmp'));
    expect(await codeIn(await stage.forget(phone.clientId))).toBe(5019);
    const back = await stage.ask('/api/state', { headers: { cookie: phone.cookie } });
    expect(back.status).toBe(401);
  });

  test.each(['', '{}', '{"version":1,"devices":[{"id":"x"}]}'])(
    'a damaged list lets nobody in and is told: %s',
    async (text) => {
      const folder = setStage().dataFolder;
      writeFileSync(join(folder, 'paired.json'), text);
      const stage = setStage({ dataFolder: folder });
      expect(stage.logged).toContain('error: the list of paired devices is damaged');
      expect((await stage.list()).devices).toEqual([]);
      expect((await stage.phone()).name).toBe('iPhone');
    },
  );

  test('sixty-four devices are enough', async () => {
    const folder = setStage().dataFolder;
    const devices = Array.from({ length: LIMITS.pairedDevicesMax }, (_, n) => ({
      id: crypto.randomUUID(),
      name: `iPhone ${n}`,
      tokenHash: String(n).padStart(64, '0'),
      pairedMs: n,
    }));
    writeFileSync(join(folder, 'paired.json'), JSON.stringify({ version: 1, devices }));
    const stage = setStage({ dataFolder: folder });
    const full = await stage.fetch('/api/commands', {
      method: 'POST',
      body: '{"cmd":"PAIR_START"}',
    });
    expect([full.status, await codeIn(full)]).toEqual([409, 5020]);
    await stage.forget(devices[0]?.id ?? '');
    expect((await stage.offer()).code).toHaveLength(6);
  });
});
