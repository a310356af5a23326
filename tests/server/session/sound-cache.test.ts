/** Rendered sounds: which get a file, when it is read instead of rendering, and which go first. */
import { describe, expect, test } from 'bun:test';
import { EVENT_KIND, TAKE_FLAGS } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { idOfWords, wordsOfId } from '../../../server/session/core/ids.ts';
import { STANDS_MS } from '../../../server/session/sounds/cache-keeper.ts';
import { renderedBy } from '../../../server/session/sounds/sound-cache.ts';
import { STILL_MS } from '../../../server/session/sounds/sound-keeper.ts';
import { cachedSound, makeCache, VERSION } from './cache-rig.ts';
import { capture, sounding } from './derived-rig.ts';
import { Rig } from './rig.ts';
import { makeEvent, RATE_HZ } from './core-event.ts';

const SHA = [1, 2, 3, 4, 5, 6, 7, 8];
const SHA_HEX = SHA.map((word) => word.toString(16).padStart(8, '0')).join('');

/** A second has passed by the session's clock, `ms` by the core's. */
const tick = (rig: Rig, ms: number) => {
  rig.core.frame += (ms * RATE_HZ) / 1000;
  rig.session.tick(rig.state.system, true);
};

const stand = (rig: Rig) => {
  tick(rig, 0);
  tick(rig, STANDS_MS);
};

const filed = (rig: Rig): string[] =>
  rig.core.filed.map((words) => idOfWords(words.split(',').map(Number)));

const answer = (rig: Rig, code = 0, bytes = 99) => {
  const id = (rig.core.filed.at(-1) ?? '').split(',').map(Number);
  rig.session.onEvents([
    makeEvent({ kind: EVENT_KIND.loopFile, id, code, sha: SHA, value: bytes }),
  ]);
};

const cacheWrites = (rig: Rig) =>
  rig.writes.filter(({ kind }) => kind === 'cache' || kind === 'uncache');

/** A slot plays its loop at 96 bpm, in a sound made for that. */
const repitched = async (rig = new Rig()) => {
  await capture(rig, 0, 2);
  await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
  await rig.pass(STILL_MS);
  return { rig, soundId: sounding(rig, 0) ?? '' };
};

describe('a file is made', () => {
  test('of a sound at another tempo that has stood for five seconds, once', async () => {
    const { rig, soundId } = await repitched();
    tick(rig, 0);
    tick(rig, STANDS_MS - 1);
    expect(filed(rig)).toEqual([]);
    tick(rig, 1);
    expect(filed(rig)).toEqual([soundId]);
    answer(rig);
    expect(cacheWrites(rig)).toEqual([
      {
        kind: 'cache',
        sound: { soundId, rateHz: RATE_HZ, version: VERSION, sha256: SHA_HEX, bytes: 99 },
      },
    ]);
    tick(rig, STANDS_MS);
    expect(rig.core.filed).toHaveLength(1);
  });

  test('not of a take as it was played, nor of what was left again within them', async () => {
    const rig = new Rig();
    await capture(rig, 0, 2);
    stand(rig);
    expect(rig.core.filed).toEqual([]);
    await repitched(rig);
    tick(rig, 0);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 97 });
    await rig.pass(STILL_MS);
    tick(rig, STANDS_MS);
    expect(rig.core.filed).toEqual([]);
  });

  test('not of a loop the store does not hold yet', async () => {
    const { rig } = await repitched(new Rig({ isDiskInstant: false }));
    stand(rig);
    expect(rig.core.filed).toEqual([]);
    rig.spool(rig.state.slots[0]?.takeId ?? '');
    await rig.settle();
    tick(rig, 0);
    expect(rig.core.filed).toHaveLength(1);
  });

  test('of what is made of other loops, and of it at another tempo; one at a time', async () => {
    const rig = new Rig();
    await capture(rig, 0, 2);
    await capture(rig, 0, 2, 'overdub');
    const own = rig.state.slots[0]?.takeId ?? '';
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 96 });
    await rig.pass(STILL_MS);
    const heard = sounding(rig, 0) ?? '';
    stand(rig);
    expect(filed(rig)).toEqual([own]);
    tick(rig, 1000);
    expect(rig.core.filed).toHaveLength(1);
    answer(rig);
    expect(filed(rig)).toEqual([own, heard]);
  });

  test('one that could not be written is not asked for again', async () => {
    const { rig } = await repitched();
    stand(rig);
    answer(rig, ERRORS.ERR_DISK_FULL.code);
    expect(cacheWrites(rig)).toEqual([]);
    tick(rig, STANDS_MS);
    expect(rig.core.filed).toHaveLength(1);
  });
});

describe('a sound that has a file', () => {
  const known = async () => (await repitched()).soundId;

  test('is read as it is, and not rendered', async () => {
    const soundId = await known();
    const sound = cachedSound(soundId);
    const { rig } = await repitched(new Rig({ cached: [sound] }));
    expect(sounding(rig, 0)).toBe(soundId);
    expect(rig.core.rendered).toEqual([]);
    expect(rig.core.loaded.at(-1)).toMatchObject({
      id: wordsOfId(soundId),
      toFrame: 240_000,
      framesPerBeat: 30_000,
      sampleRateHz: RATE_HZ,
      flags: TAKE_FLAGS.seamless,
      path: `/data/cache/${sound.sha256}.wav`,
    });
  });

  test('that is not what it should be: told, forgotten, rendered', async () => {
    const soundId = await known();
    const rig = new Rig({ cached: [cachedSound(soundId)] });
    rig.core.renderedFileCode = ERRORS.ERR_TAKE_UNREADABLE.code;
    await repitched(rig);
    expect(sounding(rig, 0)).toBe(soundId);
    expect(rig.core.rendered).toHaveLength(1);
    expect(rig.badCache).toEqual([`/data/cache/sha-${soundId}.wav`]);
    expect(cacheWrites(rig)).toEqual([{ kind: 'uncache', soundId, rateHz: RATE_HZ }]);
  });

  test('that cannot be read now: rendered this time, and still there for the next', async () => {
    const soundId = await known();
    const rig = new Rig({ cached: [cachedSound(soundId)] });
    rig.core.renderedFileCode = ERRORS.ERR_TAKE_NOT_LOADED.code;
    await repitched(rig);
    expect(sounding(rig, 0)).toBe(soundId);
    expect(rig.core.rendered).toHaveLength(1);
    expect([rig.badCache, cacheWrites(rig)]).toEqual([[], []]);
  });

  test('never plays for another tempo, rate or version of FlowZone', async () => {
    const soundId = await known();
    const others = [
      cachedSound(soundId, { rateHz: 44_100 }),
      cachedSound(soundId, { version: 'another' }),
    ];
    for (const other of others) {
      const { rig } = await repitched(new Rig({ cached: [other] }));
      expect(rig.core.rendered).toHaveLength(1);
    }
    const rig = new Rig({ cached: [cachedSound(soundId)] });
    await capture(rig, 0, 2);
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 95 });
    await rig.pass(STILL_MS);
    expect(rig.core.rendered).toHaveLength(1);
  });
});

describe('room', () => {
  const needed =
    (...ids: string[]) =>
    () =>
      new Set(ids);

  test('what no riff needs goes, the oldest first; what one needs never goes for another', () => {
    const old = ['a', 'b', 'c'].map((id) => cachedSound(id));
    const { cache, removed, writes } = makeCache(old, { bytesMax: 300 });
    cache.add({ soundId: 'd', sha256: 'sha-d', bytes: 100 }, needed('a', 'd'));
    expect(removed).toEqual(['sha-b']);
    expect(writes.at(-1)).toEqual({ kind: 'uncache', soundId: 'b', rateHz: 48_000 });
    const isKept = cache.add({ soundId: 'e', sha256: 'sha-e', bytes: 200 }, needed('a', 'd', 'e'));
    expect(isKept).toBeFalse();
    expect(removed).toEqual(['sha-b', 'sha-e']);
    expect(writes.at(-1)).toEqual({ kind: 'uncache', soundId: 'e', rateHz: 48_000 });
    expect(['a', 'c', 'd'].every((id) => cache.has(id))).toBeTrue();
  });

  test('for other things on the disk also what is needed goes, last', () => {
    const { cache, removed } = makeCache(['a', 'b', 'c'].map((id) => cachedSound(id)));
    cache.makeRoom(150, needed('a'));
    expect(removed).toEqual(['sha-b', 'sha-c']);
    cache.makeRoom(1, needed('a'));
    expect(removed).toEqual(['sha-b', 'sha-c', 'sha-a']);
    cache.makeRoom(1, needed());
    expect(cache.bytes).toBe(0);
  });

  test('a file for which there is none is not asked for again', async () => {
    const { rig } = await repitched();
    stand(rig);
    answer(rig, 0, LIMITS.renderCacheBytesMax + 1);
    tick(rig, STANDS_MS);
    expect(rig.core.filed).toHaveLength(1);
    expect(cacheWrites(rig).map(({ kind }) => kind)).toEqual(['cache', 'uncache']);
  });

  test('where the past is about to go nothing is written, and what is there goes', async () => {
    const disk = { diskBytes: 50e9, freeBytes: LIMITS.pastFreeBytesMin - 50 };
    const past = { pastBytes: 0, pastSeconds: 0, pastSinceMs: 0, takesBytes: 0 };
    const cached = [cachedSound('other')];
    const read = () => Promise.resolve({ doomed: [], storage: { ...past, ...disk } } as never);
    const { rig } = await repitched(new Rig({ cached, read }));
    for (let second = 0; second < 6; second += 1) {
      tick(rig, 0);
      await rig.settle();
    }
    stand(rig);
    expect(rig.core.filed).toEqual([]);
    expect(cacheWrites(rig)).toEqual([{ kind: 'uncache', soundId: 'other', rateHz: RATE_HZ }]);
    disk.freeBytes = LIMITS.pastFreeBytesMin;
    for (let second = 0; second < 60; second += 1) {
      tick(rig, 1000);
      await rig.settle();
    }
    expect(rig.core.filed).toHaveLength(1);
  });

  test('two that sound alike have one file, which stays for the other', () => {
    const alike = ['a', 'b'].map((id) => cachedSound(id, { sha256: 'same' }));
    const { cache, removed } = makeCache(alike, { bytesMax: 200 });
    cache.add({ soundId: 'c', sha256: 'sha-c', bytes: 100 }, needed('c', 'b'));
    expect(cache.has('a')).toBeFalse();
    expect(removed).toEqual([]);
  });

  test('files without a row go at the start, and rows of another version', () => {
    const old = cachedSound('old', { version: 'before' });
    const far = cachedSound('far', { rateHz: 44_100 });
    const { kept, writes } = makeCache([old, far, cachedSound('new')]);
    expect(kept()).toEqual(['sha-far', 'sha-new']);
    expect(writes).toEqual([{ kind: 'uncache', soundId: 'old', rateHz: 48_000 }]);
  });

  test('another stretching library makes them anew; without one they are all there is', () => {
    const by = (mark: number) => cachedSound(`by-${mark}`, { version: renderedBy(mark) });
    const left = (mark: number) => {
      const { cache } = makeCache([by(0), by(0xab), by(0xabc)], { version: renderedBy(mark) });
      return ['by-0', `by-${0xab}`, `by-${0xabc}`].filter((id) => cache.has(id));
    };
    expect(left(0xab)).toEqual([`by-${0xab}`]);
    expect(left(0)).toEqual(['by-0', `by-${0xab}`, `by-${0xabc}`]);
    expect(left(0xa)).toEqual([]);
  });
});
