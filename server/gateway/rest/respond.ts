/** Answers of the REST interface: JSON, and every error as `{code, msg}`. */
import { ERRORS } from '../../../protocol/errors.ts';
import { sentence } from '../messages.ts';

const BAD_REQUEST = 400;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const CONFLICT = 409;
const TOO_MANY = 429;
const SERVER_FAULT = 500;
const UNAVAILABLE = 503;

/** Codes whose status is not that of their group. */
const STATUS = new Map<number, number>([
  [ERRORS.ERR_COMMAND_BOUNDS.code, BAD_REQUEST],
  [ERRORS.ERR_BUSY.code, UNAVAILABLE],
  [ERRORS.ERR_NOTHING_HEARD.code, CONFLICT],
  [ERRORS.ERR_TAKE_NOT_LOADED.code, UNAVAILABLE],
  [ERRORS.ERR_NO_SUCH_TAKE.code, NOT_FOUND],
  [ERRORS.ERR_NO_SUCH_JOB.code, NOT_FOUND],
  [ERRORS.ERR_NO_SUCH_INSTANCE.code, NOT_FOUND],
  [ERRORS.ERR_TAKE_DERIVED.code, NOT_FOUND],
  [ERRORS.ERR_FOREIGN_ORIGIN.code, FORBIDDEN],
  [ERRORS.ERR_FOREIGN_HOST.code, FORBIDDEN],
  [ERRORS.ERR_TOO_FAST.code, TOO_MANY],
  [ERRORS.ERR_NOT_FOUND.code, NOT_FOUND],
  [ERRORS.ERR_LOOPBACK_ONLY.code, FORBIDDEN],
  [ERRORS.ERR_NOT_PAIRED.code, UNAUTHORIZED],
  [ERRORS.ERR_PAIR_REFUSED.code, FORBIDDEN],
  [ERRORS.ERR_PAIR_LOCKED.code, TOO_MANY],
  [ERRORS.ERR_LAN_OFF.code, FORBIDDEN],
  [ERRORS.ERR_NO_SUCH_DEVICE.code, NOT_FOUND],
  [ERRORS.ERR_PAIRED_UNSTORED.code, UNAVAILABLE],
  [ERRORS.ERR_PAIRED_FULL.code, CONFLICT],
]);

const GROUP_STATUS = [SERVER_FAULT, UNAVAILABLE, SERVER_FAULT, SERVER_FAULT, CONFLICT, BAD_REQUEST];

/** The group of a code is its thousands: system, audio, plug-ins, session, protocol. */
export const statusOf = (code: number): number =>
  STATUS.get(code) ?? GROUP_STATUS[Math.floor(code / 1000)] ?? SERVER_FAULT;

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });

export const refuse = (code: number, detail?: string, status = statusOf(code)): Response =>
  json({ code, msg: sentence(code, detail) }, status);
