/** `GET /api/support/bundle`: one file for whoever shall help, without sound. */
import { Elysia } from 'elysia';
import { wallClock } from '../../clock.ts';
import type { Room } from '../room.ts';
import { bundleName, makeBundle } from '../support/bundle.ts';
import { about } from './describe.ts';

const TYPE = 'application/gzip';

const respond = (name: string, bytes: Uint8Array): Response =>
  new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="${name}.tar.gz"`,
      'content-type': TYPE,
    },
  });

export const supportRoutes = (room: Room) => {
  /** Two at once are one: it is read from disk and packed. */
  let making: Promise<{ name: string; bytes: Uint8Array }> | null = null;
  const make = async () => {
    const atMs = wallClock();
    return { name: bundleName(atMs), bytes: await makeBundle(room, { ...room.support, atMs }) };
  };
  return new Elysia().get(
    '/api/support/bundle',
    async () => {
      making ??= make().finally(() => (making = null));
      const { bytes, name } = await making;
      return respond(name, bytes);
    },
    about({
      id: 'getSupportBundle',
      says: 'Logs, figures and settings for whoever shall help; no sound.',
      answer: TYPE,
    }),
  );
};
