/**
 * Messages that no page would send, made from the protocol's own description so that they come close:
 * cut short, too deep, too long, with names of the language itself, of wrong types, or impossible.
 *
 * All of them have to be refused; nothing of the product is imported.
 */
import type { Json } from '../../judge/client.ts';

type Random = () => number;

const UUID = '00000000-0000-4000-8000-000000000000';
const CLIMBS = [
  '../../../../tmp/fz',
  '..',
  '/etc/passwd',
  'a/../../b',
  '\u0000',
  '.hidden',
  'C:\\x',
];
const INHERITED = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
];
// biome-ignore format: one kind a line
const FOREIGN: readonly unknown[] = [
  null, {}, [], [[]], { length: -1 }, { $gt: 0 }, { toString: 1 },
  '', 'NaN', '../../x', 1e308, -1, 0.5, true,
];
const DEPTH_MAX = 8000;
const LONG_MAX = 60_000;

export const choose = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** Types that a field takes. */
const typesOf = (schema: Json): string[] =>
  schema.anyOf
    ? schema.anyOf.flatMap(typesOf)
    : [schema.type === 'integer' ? 'number' : String(schema.type)];

/** A value that a field takes. */
const sample = (schema: Json): unknown => {
  if (schema.anyOf) return sample(schema.anyOf[0]);
  if (schema.const !== undefined) return schema.const;
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 1 }, (_, at) => at);
  if (schema.type === 'boolean') return true;
  if (schema.type === 'string') return schema.pattern ? UUID : 'x';
  if (schema.type === 'object') return fieldsOf(schema);
  return schema.minimum ?? 0;
};

const fieldsOf = (schema: Json): Record<string, unknown> =>
  Object.fromEntries(
    schema.required.map((name: string) => [name, sample(schema.properties[name])]),
  );

/** With a `reqId`, so that what reaches the session is answered too. */
const IMPOSSIBLE = [
  { cmd: 'SET_VOL', slot: 200, val: 0.5 },
  { cmd: 'CLEAR_SLOT', slot: 255 },
  { cmd: 'RECALL_RIFF', riffId: UUID, when: 'now' },
  { cmd: 'SET_MARK', riffId: UUID, label: null },
  { cmd: 'RESTORE_TAKE', takeId: UUID, slot: 0 },
  { cmd: 'OPEN_SESSION', sessionId: UUID },
  { cmd: 'CANCEL_JOB', jobId: UUID },
  { cmd: 'UNDO', scope: 'SESSION', ifHead: UUID },
  { cmd: 'EXPORT', what: { riffId: UUID }, format: 'wav24', stems: true },
  { cmd: 'LEAVE_SAFE_MODE' },
];

const noise = (random: Random): string =>
  String.fromCodePoint(
    0x21,
    ...Array.from({ length: 1 + random() * 80 }, () => Math.floor(random() * 0xd7ff)),
  );

/** @param commands Of `/api/protocol`. */
export const hostileTexts = (commands: Readonly<Record<string, Json>>) => {
  const names = Object.keys(commands);
  let asked = 0;
  const valid = (random: Random) => fieldsOf(commands[choose(random, names)]);
  const raw = (message: object, more: string) => `${JSON.stringify(message).slice(0, -1)},${more}}`;
  const nested = (random: Random) => {
    const depth = 16 + Math.floor(random() * DEPTH_MAX);
    const [open, close] = choose(random, [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    return `${open.repeat(depth)}0${close.repeat(depth)}`;
  };

  const kinds: Readonly<Record<string, (random: Random) => string>> = {
    truncated(random) {
      const text = JSON.stringify(valid(random));
      return text.slice(0, 1 + Math.floor(random() * (text.length - 1)));
    },
    deep: (random) => choose(random, [nested(random), raw(valid(random), `"x":${nested(random)}`)]),
    inherited: (random) =>
      choose(random, [
        JSON.stringify({ cmd: choose(random, INHERITED) }),
        raw(valid(random), `"${choose(random, INHERITED)}":{"polluted":true}`),
        raw(valid(random), '"constructor":{"prototype":{"polluted":true}}'),
      ]),
    wrongType(random) {
      const message = valid(random);
      const { properties } = commands[String(message['cmd'])];
      const field = choose(random, Object.keys(properties));
      const types = typesOf(properties[field]);
      const value = choose(
        random,
        FOREIGN.filter((each) => !types.includes(typeOf(each))),
      );
      return JSON.stringify({ ...message, [field]: value });
    },
    missing(random) {
      const message = valid(random);
      delete message[choose(random, Object.keys(message))];
      return JSON.stringify({ ...message, left: 'out' });
    },
    climbing: (random) =>
      choose(random, [
        JSON.stringify({ cmd: choose(random, CLIMBS) }),
        JSON.stringify({ cmd: 'OPEN_SESSION', sessionId: choose(random, CLIMBS) }),
        JSON.stringify({ cmd: 'RESTORE_TAKE', slot: 0, takeId: choose(random, CLIMBS) }),
        JSON.stringify({ cmd: 'NEW_SESSION', path: choose(random, CLIMBS) }),
      ]),
    long: (random) =>
      JSON.stringify({ cmd: 'RENAME_SLOT', slot: 0, name: 'x'.repeat(65 + random() * LONG_MAX) }),
    outOfRange: (random) =>
      JSON.stringify({ cmd: 'SET_TEMPO', bpm: choose(random, [-1e308, 19.999, 300.001, 1e308]) }),
    impossible(random) {
      asked += 1;
      return JSON.stringify({ ...choose(random, IMPOSSIBLE), reqId: `h${asked}` });
    },
    noise,
  };
  return {
    kinds: Object.keys(kinds),
    next: (random: Random): string => choose(random, Object.values(kinds))(random),
  };
};

/** Paths that would lead elsewhere if somebody believed them. */
export const climbingPaths = (random: Random): string => {
  const climb = choose(random, ['../', '..%2f', '%2e%2e/', '..%5c', '%252e%252e/', './/../']);
  const base = choose(random, ['/', '/api/takes/', '/api/exports/', '/api/sessions/', '/assets/']);
  const goal = choose(random, [
    'etc/passwd',
    'run.json',
    'lock.db',
    'session.db',
    'proc/self/environ',
  ]);
  return `${base}${climb.repeat(1 + Math.floor(random() * 8))}${goal}`;
};
