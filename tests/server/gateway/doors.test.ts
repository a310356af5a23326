import { describe, expect, test } from 'bun:test';
import { COMMANDS } from '../../../protocol/commands.ts';
import { checkCommand, parseMessage, type Refusal } from '../../../server/gateway/doors.ts';

const HERE = { loopback: true, socket: true };

const enter = (text: string | Uint8Array, from = HERE) => {
  const parsed = parseMessage(text);
  return parsed.ok ? checkCommand(parsed, from) : parsed;
};

const refusal = (text: string | Uint8Array, from = HERE): Refusal => {
  const result = enter(text, from);
  if (result.ok) throw new Error(`accepted: ${String(text)}`);
  return result;
};

const NOT_OBJECTS: (string | Uint8Array)[] = [
  '',
  '{bad',
  '"{bad"',
  '123',
  '0x10',
  'null',
  'true',
  '[]',
  '[{"cmd":"PLAY"}]',
  '{"cmd":"PLAY"} x',
  new TextEncoder().encode('{"cmd":"PLAY"}'),
];

/** Each with the path that must be named. */
const BAD: [object, string][] = [
  [{ cmd: 'SET_VOL', slot: 0 }, '/val'],
  [{ cmd: 'SET_VOL', slot: 0, val: 1.01 }, '/val'],
  [{ cmd: 'SET_VOL', slot: 0, val: '1' }, '/val'],
  [{ cmd: 'SET_VOL', slot: -1, val: 1 }, '/slot'],
  [{ cmd: 'SET_VOL', slot: 256, val: 1 }, '/slot'],
  [{ cmd: 'SET_VOL', slot: 0.5, val: 1 }, '/slot'],
  [{ cmd: 'SET_VOL', slot: 0, val: 1, more: 1 }, '/more'],
  [{ cmd: 'SET_VOL', slot: 0, val: 1, reqId: '' }, '/reqId'],
  [{ cmd: 'SET_VOL', slot: 0, val: 1, reqId: 7 }, '/reqId'],
  [{ cmd: 'SET_VOL', slot: 0, val: 1, at: -1 }, '/at'],
  [{ cmd: 'SET_TEMPO', bpm: 301 }, '/bpm'],
  [{ cmd: 'TRIGGER_SLOT', slot: 'auto', quantized: true, bars: 3 }, '/bars'],
  [{ cmd: 'TRIGGER_SLOT', slot: 'any', quantized: true }, '/slot'],
  [{ cmd: 'UNDO', scope: 'SESSION', ifHead: 'x' }, '/ifHead'],
  [{ cmd: 'RENAME_SLOT', slot: 0, name: 'x'.repeat(65) }, '/name'],
  [{ cmd: 'SET_VIS', fps: 60 }, '/fps'],
  [{ cmd: 'ACK' }, '/seq'],
];

describe('doors', () => {
  test.each(NOT_OBJECTS)('what is no JSON object is refused with 5001 (%#)', (text) => {
    expect(refusal(text)).toEqual({ ok: false, code: 5001 });
  });

  test.each([{}, { cmd: 1 }, { cmd: 'JUMP' }, { cmd: 'constructor' }, { cmd: '__proto__' }])(
    'an unknown command is refused with 5002 (%#)',
    (message) => {
      expect(refusal(JSON.stringify({ ...message, reqId: 'r' }))).toEqual({
        ok: false,
        code: 5002,
        reqId: 'r',
      });
    },
  );

  test.each(BAD)('a wrong field is refused with 5003 and its path: %j', (message, path) => {
    const { code, detail } = refusal(JSON.stringify(message));
    expect(code).toBe(5003);
    expect(detail).toStartWith(`${path}: `);
  });

  test('text that is nested deeper than 16 is refused before it is read', () => {
    const nested = (depth: number) =>
      `{"cmd":"PLAY","x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(refusal(nested(16)).detail).toStartWith('/x: ');
    expect(refusal(nested(17))).toEqual({
      ok: false,
      code: 5003,
      detail: 'Nested deeper than 16.',
    });
    expect(refusal('['.repeat(30_000)).detail).toBe('Nested deeper than 16.');
    const brackets = { cmd: 'RENAME_SLOT', slot: 0, name: `"${'['.repeat(40)}` };
    expect(enter(JSON.stringify(brackets)).ok).toBeTrue();
  });

  test('a number that is none cannot be written, a key of the prototype is one too many', () => {
    expect(refusal('{"cmd":"SET_VOL","slot":0,"val":NaN}').code).toBe(5001);
    expect(refusal('{"cmd":"SET_VOL","slot":0,"val":1e999}').code).toBe(5003);
    expect(refusal('{"cmd":"PLAY","__proto__":{"at":1}}').code).toBe(5003);
  });

  test('a reqId is repeated only when it can be', () => {
    expect(refusal('{"cmd":"X"}')).not.toHaveProperty('reqId');
    expect(refusal('{"cmd":"X","reqId":5}')).not.toHaveProperty('reqId');
    expect(refusal(JSON.stringify({ cmd: 'X', reqId: 'x'.repeat(65) }))).not.toHaveProperty(
      'reqId',
    );
    expect(refusal('{"cmd":"X","reqId":"a"}').reqId).toBe('a');
  });

  test('atFrame is accepted from this computer only', () => {
    const text = '{"cmd":"PLAY","atFrame":48000}';
    expect(enter(text)).toEqual({ ok: true, command: { cmd: 'PLAY', atFrame: 48_000 } });
    expect(refusal(text, { ...HERE, loopback: false }).code).toBe(5011);
    expect(enter('{"cmd":"PLAY"}', { ...HERE, loopback: false }).ok).toBeTrue();
  });

  test.each(['{"cmd":"PAIR_START"}', '{"cmd":"FORGET_CLIENT","clientId":"x"}'])(
    'pairing is for this computer only, by socket and by HTTP: %s',
    (text) => {
      expect(enter(text).ok).toBeTrue();
      expect(enter(text, { ...HERE, socket: false }).ok).toBeTrue();
      expect(refusal(text, { ...HERE, loopback: false }).code).toBe(5011);
    },
  );

  test('commands about a connection are known to the socket only', () => {
    expect(enter('{"cmd":"SET_VIS","fps":8}').ok).toBeTrue();
    expect(refusal('{"cmd":"SET_VIS","fps":8}', { ...HERE, socket: false }).code).toBe(5002);
    expect(enter('{"cmd":"PLAY"}', { ...HERE, socket: false }).ok).toBeTrue();
  });

  test('every command of the contract has a door', () => {
    for (const cmd of Object.keys(COMMANDS)) {
      const result = enter(JSON.stringify({ cmd, surplus: 1 }));
      expect(result).toMatchObject({ ok: false, code: 5003 });
    }
  });
});
