/**
 * The first door: is this text a command? Shape only; meaning is checked by the session.
 *
 * Elysia guesses what a text means and hides what was sent, so it is parsed here. Schemas are
 * compiled once and found by `cmd`: a union would only say that no member fits.
 */
import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import {
  CLIENT_COMMANDS,
  type Command,
  PAIR_COMMANDS,
  type PairCommand,
  SESSION_COMMANDS,
} from '../../protocol/commands.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isDeeperThan } from './text-depth.ts';

export interface Refusal {
  readonly ok: false;
  readonly code: number;
  readonly detail?: string;
  /** Only when the text had one that can be repeated. */
  readonly reqId?: string;
}

/** Before the schema was looked at: enough to know what it costs. */
export interface Parsed {
  readonly ok: true;
  readonly cmd: string;
  readonly reqId?: string;
  readonly value: object;
}

export interface Accepted {
  readonly ok: true;
  readonly command: Command;
}

const compile = (schemas: Record<string, TSchema>) =>
  new Map(Object.entries(schemas).map(([cmd, schema]) => [cmd, TypeCompiler.Compile(schema)]));

const SESSION = compile(SESSION_COMMANDS);
const CLIENT = compile(CLIENT_COMMANDS);
const PAIR = compile(PAIR_COMMANDS);

export const isPairCommand = (command: Command): command is PairCommand => PAIR.has(command.cmd);

const reqIdOf = (reqId: unknown): { reqId?: string } => {
  const fits = typeof reqId === 'string' && reqId !== '' && reqId.length <= LIMITS.reqIdCharsMax;
  return fits ? { reqId } : {};
};

/** Text → object with a `cmd`; a binary message is none. */
export const parseMessage = (message: string | Uint8Array): Parsed | Refusal => {
  const refused: Refusal = { ok: false, code: ERRORS.ERR_NOT_AN_OBJECT.code };
  if (typeof message !== 'string') return refused;
  if (isDeeperThan(message, LIMITS.messageDepthMax)) {
    const detail = `Nested deeper than ${LIMITS.messageDepthMax}.`;
    return { ok: false, code: ERRORS.ERR_BAD_COMMAND.code, detail };
  }
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return refused;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused;
  const { cmd, reqId } = value as { cmd?: unknown; reqId?: unknown };
  const more = reqIdOf(reqId);
  if (typeof cmd !== 'string') return { ok: false, code: ERRORS.ERR_UNKNOWN_COMMAND.code, ...more };
  return { ok: true, cmd, value, ...more };
};

const schemaFault = (check: TypeCheck<TSchema>, value: object): string => {
  const first = check.Errors(value).First();
  return first === undefined ? '' : `${first.path === '' ? '/' : first.path}: ${first.message}.`;
};

/** By `cmd`, then by schema; pairing and `atFrame` are for this computer only. */
export const checkCommand = (
  parsed: Parsed,
  from: { readonly loopback: boolean; readonly socket: boolean },
): Accepted | Refusal => {
  const { cmd, value } = parsed;
  const more = parsed.reqId === undefined ? {} : { reqId: parsed.reqId };
  const check = SESSION.get(cmd) ?? PAIR.get(cmd) ?? (from.socket ? CLIENT.get(cmd) : undefined);
  if (check === undefined) {
    return { ok: false, code: ERRORS.ERR_UNKNOWN_COMMAND.code, ...more };
  }
  if (!check.Check(value)) {
    const detail = schemaFault(check, value);
    return { ok: false, code: ERRORS.ERR_BAD_COMMAND.code, detail, ...more };
  }
  const command = value as Command;
  if (!from.loopback && (command.atFrame !== undefined || isPairCommand(command))) {
    return { ok: false, code: ERRORS.ERR_LOOPBACK_ONLY.code, ...more };
  }
  return { ok: true, command };
};
