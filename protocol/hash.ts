/** Hashes of everything that crosses a border; pinned beside the versions in `version.ts`. */
import { createHash } from 'node:crypto';
import * as abi from './abi.ts';
import { COMMANDS } from './commands.ts';
import { ERRORS } from './errors.ts';
import * as features from './features.ts';
import { MESSAGES } from './messages.ts';
import { canonicalJson } from './state-hash.ts';

/** First 16 hex digits of SHA-256 over canonical JSON. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);

const numbersOf = (module: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(module).filter(([, value]) => typeof value !== 'function'));

const errorCodes = Object.fromEntries(
  Object.entries(ERRORS).map(([name, row]) => [name, row.code]),
);

/** Of commands, messages, state, feature frames and error codes. */
export const protocolHash = (): string =>
  hashOf({ commands: COMMANDS, messages: MESSAGES, features: numbersOf(features), errorCodes });

/** Of records, functions, kinds and flags of the FFI border. */
export const abiHash = (): string => hashOf({ ...numbersOf(abi), errorCodes });
