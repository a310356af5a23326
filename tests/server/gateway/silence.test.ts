import { describe, expect, test } from 'bun:test';
import { Silence } from '../../../server/gateway/silence.ts';

describe('silence', () => {
  test('is asked about once after ten seconds, and gives up twenty later', () => {
    const silence = new Silence(0);
    expect(silence.look(9999, false)).toBe('fine');
    expect(silence.look(10_000, false)).toBe('ask');
    expect(silence.look(20_000, false)).toBe('fine');
    expect(silence.look(29_999, false)).toBe('fine');
    expect(silence.look(30_000, false)).toBe('gone');
  });

  test('an answer begins it anew', () => {
    const silence = new Silence(0);
    silence.look(10_000, false);
    silence.heard(29_999);
    expect(silence.look(39_998, false)).toBe('fine');
    expect(silence.look(39_999, false)).toBe('ask');
  });

  test('a gateway that slept asks before it gives anybody up', () => {
    const silence = new Silence(0);
    expect(silence.look(3_600_000, false)).toBe('ask');
    expect(silence.look(3_600_001, false)).toBe('fine');
  });

  test('what waits to go out is the question, and that it went the answer', () => {
    const silence = new Silence(0);
    expect(silence.look(10_000, true)).toBe('fine');
    expect(silence.look(29_999, true)).toBe('fine');
    expect(silence.look(29_999, false)).toBe('fine');
    expect(silence.look(39_999, false)).toBe('ask');
    const stuck = new Silence(0);
    stuck.look(10_000, true);
    expect(stuck.look(30_000, true)).toBe('gone');
  });
});
