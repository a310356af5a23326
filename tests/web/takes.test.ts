/** Overviews are asked for once the sound they are made of can be read. */
import { expect, test } from 'bun:test';
import { makeTakes } from '../../web/sync/make-takes.ts';

const TAKE = '00000000-0000-4000-8000-000000000001';

/** A server that has the sound of what is in `kept`, and notes what it is asked for. */
const makeStage = () => {
  const kept = new Set<string>();
  const asked: string[] = [];
  const takes = makeTakes({
    isKept: (id) => kept.has(id),
    load(path) {
      asked.push(path);
      return Promise.resolve(new Response(new Uint8Array(512 * 3)));
    },
  });
  const loaded = new Promise<string>((resolve) => takes.onLoad(resolve));
  return { asked, kept, loaded, takes };
};

test('a take whose sound is not on disk yet is not asked for; once it is, one request is made', async () => {
  const { asked, kept, loaded, takes } = makeStage();
  for (let paint = 0; paint < 100; paint++) expect(takes.get(TAKE)).toBeUndefined();
  expect(asked).toEqual([]);
  kept.add(TAKE);
  for (let paint = 0; paint < 100; paint++) takes.get(TAKE);
  await loaded;
  expect(takes.get(TAKE)?.count).toBe(512);
  expect(asked).toEqual([`api/takes/${TAKE}/peaks?n=512&brightness=1`]);
});

test('what was loaded stays, whatever becomes of its slot', async () => {
  const { asked, kept, loaded, takes } = makeStage();
  kept.add(TAKE);
  takes.get(TAKE);
  await loaded;
  kept.clear();
  expect(takes.get(TAKE)?.count).toBe(512);
  expect(asked).toHaveLength(1);
});
