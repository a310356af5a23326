/** `GET /api/plugins`: the plug-ins of this computer, what was refused; parameters of those loaded. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import type { LinkQuery } from '../../../protocol/link.ts';
import type { Room } from '../room.ts';
import { Id, Params, ParamsQuery, Plugins } from './answers.ts';
import { about } from './describe.ts';
import { isUuid, Query } from './query.ts';
import { json, refuse } from './respond.ts';

/** Parameters are counted in a word of 32 bits; no plug-in has more than this. */
const FROM_MAX = 999_999_999;

export const pluginRoutes = ({ engine }: Room) =>
  new Elysia()
    .get(
      '/api/plugins',
      async () => {
        const answer = await engine.query({ kind: 'plugins' });
        if (answer.kind === 'error') return refuse(answer.code);
        if (answer.kind !== 'plugins') return refuse(ERRORS.ERR_ENGINE_RESTARTING.code);
        const { items, refused, revision } = answer;
        return json({ revision, items, refused });
      },
      about({
        id: 'listPlugins',
        says: 'Plug-ins of this computer, and what was refused.',
        answer: Plugins,
      }),
    )
    .get(
      '/api/plugins/:instanceId/params',
      async ({ params: { instanceId }, request }) => {
        const asked = new Query(request.url, ['from', 'fresh']);
        const from = asked.integer('from', { min: 0, max: FROM_MAX, otherwise: 0 });
        const isFresh = asked.flag('fresh') ?? false;
        if (!isUuid(instanceId)) return refuse(ERRORS.ERR_NO_SUCH_INSTANCE.code);
        const query: LinkQuery = { kind: 'params', instanceId, from, isFresh };
        const answer = await engine.query(query);
        if (answer.kind === 'error') return refuse(answer.code);
        if (answer.kind !== 'params') return refuse(ERRORS.ERR_ENGINE_RESTARTING.code);
        return answer.params ? json(answer.params) : refuse(ERRORS.ERR_NO_SUCH_INSTANCE.code);
      },
      about({
        id: 'getPluginParams',
        says: 'Parameters of a plug-in that is loaded.',
        path: { instanceId: Id },
        query: ParamsQuery,
        answer: Params,
      }),
    );
