import { afterAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURE_MAGIC } from '../../../protocol/features.ts';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { folderTag } from '../../../server/data-folder.ts';
import { until } from '../../judge/product.ts';
import { findTake, makeNoise, readWavFile, writeWavFile } from '../../judge/wav.ts';
import { printedSeed } from '../../support/seed.ts';
import { replicaOf } from '../session/rig.ts';
import { clean, config, fileOf, folder, health, start } from './engine-process.ts';

afterAll(clean);

/** Lines of that event in the log of all engines here. */
const logged = (event: string): Record<string, unknown>[] =>
  readFileSync(join(folder, 'logs', 'engine.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['event'] === event);

describe('the engine process', () => {
  test('speaks first, keeps what is pressed, ends in order, and comes back with it', async () => {
    const first = start();
    await first.told.find((message) => message.t === 'ready');
    expect(first.heard.items[0]).toMatchObject({ t: 'hello', enginePid: first.child.pid });
    expect(first.heard.items[1]).toMatchObject({ t: 'full', data: { meta: { mode: 'NORMAL' } } });
    // A bar of 300 bpm is 0.8 s.
    await first.heard.find((message) => (health(message)?.frame ?? 0) > 48_000);
    const { promise: frame, resolve } = Promise.withResolvers<Uint8Array>();
    void first.frames.find((bytes) => (resolve(bytes), true));
    expect(new DataView((await frame).buffer).getUint32(0, true)).toBe(FEATURE_MAGIC);

    first.link.send({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { cmd: 'TRIGGER_SLOT', slot: 2, quantized: false, bars: 1, reqId: 'x' },
    });
    const answered = await first.heard.find((message) => message.t === 'answer');
    if (answered.t !== 'answer' || answered.message.type !== 'OK') throw new Error('refused');
    const { fromFrame, takeId, toFrame } = answered.message.result as TriggerResult;
    await first.heard.find(() => replicaOf(first.heard.items)?.slots[2]?.saved === true);
    expect(replicaOf(first.heard.items)?.slots[2]).toMatchObject({ state: 'PLAYING', takeId });

    first.link.send({ t: 'query', id: 9, query: { kind: 'take', takeId } });
    const asked = await first.heard.find((message) => message.t === 'result');
    expect(asked).toMatchObject({
      id: 9,
      result: { kind: 'take', take: { fromFrame, toFrame, saved: true } },
    });

    const blocks = () => readFileSync(join(folder, 'blocks')).readBigUInt64LE(0);
    // Told once a second, for the first time a second after the start.
    await until('the blocks are told', () => statSync(join(folder, 'blocks')).size > 0);
    const before = blocks();
    await first.heard.find((message) => (health(message)?.blocks ?? 0) > Number(before) + 1000);
    expect(blocks()).toBeGreaterThan(before);

    expect(await first.end()).toBe(0);
    expect(existsSync(`/dev/shm${config.ringName}`)).toBeFalse();
    expect(readdirSync(folder)).not.toContain('flowzone.db-wal');

    const second = start();
    await second.told.find((message) => message.t === 'ready');
    const state = replicaOf(second.heard.items);
    expect(state?.slots[2]).toMatchObject({ state: 'PLAYING', takeId, saved: true });
    expect(state?.history).toMatchObject({ count: 2, undoLabel: '1 bar into 3' });
    expect(state?.transport.bpm).toBe(300);
    expect(await second.end()).toBe(0);
  }, 30_000);

  test('the trim comes back with the block it was set for, and with no other', async () => {
    const first = start();
    await first.told.find((message) => message.t === 'ready');
    first.link.send({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { cmd: 'SET_LATENCY_TRIM', trimMs: -7, reqId: 'x' },
    });
    await first.heard.find((message) => message.t === 'answer' && message.message.type === 'OK');
    expect(await first.end()).toBe(0);
    const trimOf = async (blockFrames: number) => {
      const again = start({ blockFrames });
      await again.told.find((message) => message.t === 'ready');
      const trimMs = replicaOf(again.heard.items)?.devices.trimMs;
      expect(await again.end()).toBe(0);
      return trimMs;
    };
    expect(await trimOf(256)).toBe(0);
    expect(await trimOf(128)).toBe(-7);
  }, 30_000);

  test('plays on while the store cannot write, says so, and saves when it can again', async () => {
    const engine = start();
    await engine.told.find((message) => message.t === 'ready');
    await engine.heard.find((message) => (health(message)?.frame ?? 0) > 48_000);
    const other = new Database(join(folder, 'flowzone.db'));
    other.run('BEGIN EXCLUSIVE');
    engine.link.send({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { cmd: 'TRIGGER_SLOT', slot: 6, quantized: false, bars: 1, reqId: 'y' },
    });
    await engine.heard.find(() => replicaOf(engine.heard.items)?.alerts['1012'] !== undefined);
    expect(replicaOf(engine.heard.items)?.slots[6]).toMatchObject({
      state: 'PLAYING',
      saved: false,
    });
    expect(engine.heard.items).toContainEqual({
      t: 'notice',
      message: { type: 'NOTICE', code: 1012 },
    });
    other.run('ROLLBACK');
    other.close();
    await engine.heard.find(() => replicaOf(engine.heard.items)?.slots[6]?.saved === true);
    expect(replicaOf(engine.heard.items)?.alerts['1012']).toBeUndefined();
    engine.link.send({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { cmd: 'UNDO', scope: 'SESSION', reqId: 'z' },
    });
    await engine.heard.find(() => replicaOf(engine.heard.items)?.history.canRedo === true);
    expect(await engine.end()).toBe(0);
  }, 30_000);

  test('that was killed leaves a ring, and the next one goes on in its grid', async () => {
    const first = start();
    await first.told.find((message) => message.t === 'ready');
    const last = health(
      await first.heard.find((message) => (health(message)?.frame ?? 0) > 20_000),
    );
    first.child.kill('SIGKILL');
    await first.child.exited;
    first.link.close();

    const second = start();
    await second.told.find((message) => message.t === 'ready');
    const now = health(await second.heard.find((message) => message.t === 'health'));
    expect(now?.frame).toBeGreaterThan(last?.frame ?? 0);
    expect(now?.blocks).toBeLessThan(1000);
    expect(replicaOf(second.heard.items)?.slots[2]?.state).toBe('PLAYING');
    expect(await second.end()).toBe(0);
  }, 30_000);

  test('in the last step of Safe Mode loads no loop, and all of it is a REDO away', async () => {
    const killed = start();
    await killed.told.find((message) => message.t === 'ready');
    const before = replicaOf(killed.heard.items);
    expect(before?.slots[2]?.state).toBe('PLAYING');
    const last = health(await killed.heard.find((message) => message.t === 'health'));
    killed.child.kill('SIGKILL');
    await killed.child.exited;
    killed.link.close();

    for (const isFirst of [true, false]) {
      const safe = start({
        safe: { step: 2, reason: 'Three deaths.', suspects: ['jack'], sinceMs: 5 },
      });
      await safe.told.find((message) => message.t === 'ready');
      const state = replicaOf(safe.heard.items);
      expect(state).toMatchObject({
        meta: {
          mode: 'SAFE',
          safe: { step: 2, reason: 'Three deaths.', suspects: ['jack'], sinceMs: 5 },
          sessionId: before?.meta.sessionId,
        },
        history: { count: before?.history.count, canUndo: false, canRedo: true },
      });
      expect(state?.slots.every((slot) => slot.state === 'EMPTY')).toBeTrue();
      const now = health(await safe.heard.find((message) => message.t === 'health'));
      // The look-back goes on too.
      if (isFirst) expect(now?.frame).toBeGreaterThan(last?.frame ?? 0);
      safe.link.send({
        t: 'command',
        clientId: 'c',
        loopback: true,
        command: { cmd: 'REDO', scope: 'SESSION', reqId: 'back' },
      });
      await safe.heard.find(() => replicaOf(safe.heard.items)?.slots[2]?.state === 'PLAYING');
      expect(await safe.end()).toBe(0);
    }
  }, 30_000);

  test('leaves Safe Mode for a next one, which goes on in its ring', async () => {
    const safe = start({ safe: { step: 1, reason: 'Asked.', suspects: [], sinceMs: 5 } });
    await safe.told.find((message) => message.t === 'ready');
    const last = health(await safe.heard.find((message) => (health(message)?.frame ?? 0) > 20_000));
    expect(existsSync(join(folder, 'risk.json'))).toBeFalse();
    safe.link.send({
      t: 'command',
      clientId: 'c',
      loopback: true,
      command: { cmd: 'LEAVE_SAFE_MODE', reqId: 'leave' },
    });
    await safe.told.find((message) => message.t === 'leaveSafe');
    expect(await safe.child.exited).toBe(0);
    const answer = safe.heard.items.find((message) => message.t === 'answer');
    expect(answer).toMatchObject({ message: { type: 'OK', reqId: 'leave' } });
    safe.link.close();

    const next = start();
    await next.told.find((message) => message.t === 'ready');
    const now = health(await next.heard.find((message) => message.t === 'health'));
    expect(now).toMatchObject({ mode: 'NORMAL' });
    expect(now?.frame).toBeGreaterThan(last?.frame ?? 0);
    expect(await next.end()).toBe(0);
  }, 30_000);

  test('that comes back without its device plays on without it and says so', async () => {
    const killed = start();
    await killed.told.find((message) => message.t === 'ready');
    const last = health(await killed.heard.find((message) => message.t === 'health'));
    killed.child.kill('SIGKILL');
    await killed.child.exited;
    killed.link.close();

    const next = start({ device: 'jack', isRestart: true });
    await next.told.find((message) => message.t === 'ready');
    const now = health(await next.heard.find((message) => message.t === 'health'));
    expect(now?.device).toBe('headless');
    expect(now?.frame).toBeGreaterThan(last?.frame ?? 0);
    expect(replicaOf(next.heard.items)).toMatchObject({
      alerts: { 2002: { code: 2002 } },
      sources: [{ name: 'Input', monitor: false }],
    });
    expect(await next.end()).toBe(0);
    expect(logged('notice').map(({ codeName }) => codeName)).toContain('ERR_DEVICE_LOST');

    const first = start({ device: 'jack' });
    expect(await first.told.find((message) => message.t === 'failed')).toMatchObject({ exit: 2 });
    expect(await first.child.exited).toBe(2);
    first.link.close();
  }, 30_000);

  test('that cannot start says why and with which code', async () => {
    const bad = start({ inputPath: import.meta.path });
    const failed = await bad.told.find((message) => message.t === 'failed');
    expect(failed).toMatchObject({ exit: 2 });
    expect(await bad.child.exited).toBe(2);
    bad.link.close();
    const away = mkdtempSync(join(folder, 'away-'));
    mkdirSync(join(away, 'flowzone.db'));
    const broken = start({ dataFolder: away, runFolder: away });
    const refused = await broken.told.find((message) => message.t === 'failed');
    expect(refused).toMatchObject({
      exit: 4,
      says: expect.stringContaining(`The session file ${join(away, 'flowzone.db')} cannot be used`),
    });
    expect(await broken.child.exited).toBe(4);
    broken.link.close();
  }, 30_000);

  test('hears a file of four channels as three sources; a take of each holds that one', async () => {
    const dataFolder = mkdtempSync(join(folder, 'pairs-'));
    const inputPath = join(dataFolder, 'four.wav');
    const frames = 10 * config.rateHz;
    const four = makeNoise(printedSeed(), 2 * frames);
    writeWavFile(inputPath, config.rateHz, four, 4);
    const pair = (first: number) =>
      Float32Array.from(
        { length: 2 * frames },
        (_, at) => four[4 * (at >> 1) + first + (at & 1)] ?? 0,
      );
    const [one, two] = [pair(0), pair(2)];
    const sum = one.map((sample, at) => sample + (two[at] ?? 0));

    const engine = start({
      dataFolder,
      inputPath,
      runFolder: dataFolder,
      linkPath: join(dataFolder, 'link.sock'),
      ringName: `/flowzone-${folderTag(dataFolder)}`,
    });
    await engine.told.find((message) => message.t === 'ready');
    const names = replicaOf(engine.heard.items)?.sources.map(({ name }) => name);
    expect(names).toEqual(['Input file', 'Input file 1–2', 'Input file 3–4']);
    await engine.heard.find((message) => (health(message)?.frame ?? 0) > 48_000);
    for (const source of [0, 1, 2]) {
      engine.link.send({
        t: 'command',
        clientId: 'c',
        loopback: true,
        command: { cmd: 'TRIGGER_SLOT', slot: source, source, quantized: true, bars: 1 },
      });
    }
    const takeIdOf = (slot: number) => replicaOf(engine.heard.items)?.slots[slot]?.takeId ?? '';
    for (const source of [0, 1, 2]) {
      await engine.heard.find(() => replicaOf(engine.heard.items)?.slots[source]?.saved === true);
      const take = await fileOf(engine, takeIdOf(source), 100 * source);
      expect(take.source).toBe(source);
      const { samples } = readWavFile(take.path);
      expect(samples).toHaveLength(2 * (take.toFrame - take.fromFrame));
      const found = [sum, one, two].map((each) => findTake(each, samples));
      expect(found[source]).toEqual([take.fromFrame % frames]);
      expect(found.flat()).toHaveLength(1);
    }
    expect(await engine.end()).toBe(0);
  }, 30_000);
});
