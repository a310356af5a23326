/** `GET /api/plugins`: the plug-ins of this computer, and the bundles that were refused. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import type { Room } from '../room.ts';
import { json, refuse } from './respond.ts';

export const pluginRoutes = ({ engine }: Room) =>
  new Elysia().get('/api/plugins', async () => {
    const answer = await engine.query({ kind: 'plugins' });
    if (answer.kind === 'error') return refuse(answer.code);
    if (answer.kind !== 'plugins') return refuse(ERRORS.ERR_ENGINE_RESTARTING.code);
    const { items, refused, revision } = answer;
    return json({ revision, items, refused });
  });
