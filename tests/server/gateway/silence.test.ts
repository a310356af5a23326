import { describe, expect, test } from 'bun:test';
import { Silence } from '../../../server/gateway/silence.ts';

describe('silence', () => {
  test('is asked about once after ten seconds, and gives up twenty later', () => {
    const silence = new Silence(0);
    expect(silence.look(9999)).toBe('fine');
    expect(silence.look(10_000)).toBe('ask');
    expect(silence.look(20_000)).toBe('fine');
    expect(silence.look(29_999)).toBe('fine');
    expect(silence.look(30_000)).toBe('gone');
  });

  test('an answer begins it anew', () => {
    const silence = new Silence(0);
    silence.look(10_000);
    silence.heard(29_999);
    expect(silence.look(39_998)).toBe('fine');
    expect(silence.look(39_999)).toBe('ask');
  });

  test('a gateway that slept asks before it gives anybody up', () => {
    const silence = new Silence(0);
    expect(silence.look(3_600_000)).toBe('ask');
    expect(silence.look(3_600_001)).toBe('fine');
  });
});
