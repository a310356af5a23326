import { expect, test } from 'bun:test';
import { COMMANDS } from '../../protocol/commands.ts';
import { abiHash, hashOf, protocolHash } from '../../protocol/hash.ts';
import { ABI_HASH, PROTOCOL_HASH } from '../../protocol/version.ts';

const EXPLAIN =
  'A schema changed. If clients and server of different builds no longer understand each other, raise the version in protocol/version.ts, add a line to its history, and pin this hash.';

test('the protocol hash is pinned beside its version', () => {
  expect(protocolHash(), EXPLAIN).toBe(PROTOCOL_HASH);
});

test('the ABI hash is pinned beside its version', () => {
  expect(abiHash(), EXPLAIN).toBe(ABI_HASH);
});

test('a changed schema changes the hash', () => {
  const changed = structuredClone(COMMANDS.SET_VOL) as { properties: { val: { maximum: number } } };
  changed.properties.val.maximum = 2;
  expect(hashOf(changed)).not.toBe(hashOf(COMMANDS.SET_VOL));
});
