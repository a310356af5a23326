/** Whatever way a take was called saved, the judge is told of it. */
import { beforeEach, expect, test } from 'bun:test';
import { join } from 'node:path';
import { makeFolder } from '../../judge/product.ts';
import { AckLog, readAcks } from '../judge/acks.ts';
import { CalledSaved } from './called-saved.ts';

let path: string;
let saved: CalledSaved;
beforeEach(() => {
  path = join(makeFolder(), 'acks.jsonl');
  saved = new CalledSaved(new AckLog(path));
});

const told = () => readAcks(path).map(({ t, ...ack }) => [t, 'takeId' in ack && ack.takeId]);

const answering = (status: number, body: unknown) => ({
  get: () => Promise.resolve(Response.json(body, { status })),
});

test('in a slot: once, however often it is seen', () => {
  const slots = [
    { saved: true, takeId: 'a' },
    { saved: false, takeId: 'b' },
    { saved: true, takeId: null },
  ];
  saved.noteSlots(slots);
  saved.noteSlots(slots);
  expect(told()).toEqual([['saved', 'a']]);
});

test('only when it was asked for, as it had left its slot', async () => {
  expect(await saved.ask(answering(200, { saved: false }), 'a')).toBe(false);
  expect(await saved.ask(answering(503, { saved: true }), 'a')).toBe(false);
  expect(told()).toEqual([]);
  expect(await saved.ask(answering(200, { saved: true }), 'a')).toBe(true);
  expect(await saved.ask(answering(503, {}), 'a')).toBe(true);
  saved.note('a');
  expect(told()).toEqual([['saved', 'a']]);
});

test('who waits for it is told when', async () => {
  const atMs = saved.atMs('a');
  saved.note('a');
  expect(await atMs).toBe(await saved.atMs('a'));
});
