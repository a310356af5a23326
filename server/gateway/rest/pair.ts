/**
 * `/api/pair`: a device shows its token or code and gets its cookie; this computer lists all of them, a
 * device finds itself, and a stranger hears that it is one.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { PairList } from '../../../protocol/messages.ts';
import { deviceName } from '../pairing/device-name.ts';
import type { Guard } from '../pairing/guard.ts';
import type { Shown } from '../pairing/offer.ts';
import { deviceCookie, type Visitor } from '../pairing/visitor.ts';
import type { Room } from '../room.ts';
import { Entered } from './answers.ts';
import { about } from './describe.ts';
import { json, refuse } from './respond.ts';

const TOO_LARGE = 413;
/** No line breaks and nothing that turns the direction of writing. */
const NAME = '^[^\\p{C}\\p{Zl}\\p{Zp}]+$';

const Request = Type.Object(
  {
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.nameCharsMax })),
  },
  { additionalProperties: false },
);
type Request = Static<typeof Request>;

const isName = (name: string): boolean => name.trim() !== '' && new RegExp(NAME, 'u').test(name);

const parse = (text: string): Request | null => {
  try {
    const value: unknown = JSON.parse(text);
    if (!Value.Check(Request, value)) return null;
    return value.name === undefined || isName(value.name) ? value : null;
  } catch {
    return null;
  }
};

/** One of the two; people write a code with spaces. */
const shownBy = ({ code, token }: Request): Shown | null => {
  if ((code === undefined) === (token === undefined)) return null;
  return token === undefined ? { code: (code ?? '').replaceAll(/[\s-]/g, '') } : { token };
};

const enter = async ({ pairing, port }: Room, text: string, userAgent: string | null) => {
  const asked = parse(text);
  const shown = asked === null ? null : shownBy(asked);
  if (asked === null || shown === null) {
    return refuse(ERRORS.ERR_BAD_COMMAND.code, 'Send {"code":"123456"} or {"token":"…"}.');
  }
  const device = await pairing.enter(shown, asked.name?.trim() ?? deviceName(userAgent));
  if ('code' in device) return refuse(device.code);
  const { id: clientId, name, token } = device;
  return json({ clientId, name }, undefined, { 'set-cookie': deviceCookie(port, token) });
};

const list = ({ pairing }: Room, { deviceId, loopback }: Visitor): Response => {
  const all = pairing.list();
  if (loopback) return json(all);
  if (deviceId === null) return refuse(ERRORS.ERR_NOT_PAIRED.code);
  return json({ ...all, devices: all.devices.filter(({ clientId }) => clientId === deviceId) });
};

export const pairRoutes = (room: Room, guard: Guard) =>
  new Elysia()
    .get(
      '/api/pair',
      ({ request, server }) => list(room, guard.visitor({ request, server })),
      about({
        id: 'listPaired',
        says: 'Devices of the network that were let in.',
        answer: PairList,
      }),
    )
    .post(
      '/api/pair',
      async ({ request }) => {
        const text = await request.text();
        if (text.length > LIMITS.pairBodyBytesMax) {
          return refuse(ERRORS.ERR_BAD_COMMAND.code, 'Longer than 1 KiB.', TOO_LARGE);
        }
        return enter(room, text, request.headers.get('user-agent'));
      },
      {
        parse: 'none',
        ...about({
          id: 'pair',
          says: 'Lets the device in that shows the code or the token; it gets its cookie.',
          body: Request,
          answer: Entered,
        }),
      },
    );
