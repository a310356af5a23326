/** The HTTP side: the guard first, then REST, the socket and the page. */
import { type AnyElysia, Elysia } from 'elysia';
import { ERRORS } from '../../protocol/errors.ts';
import { errorText } from './messages.ts';
import { Guard } from './pairing/guard.ts';
import { ShortFileError } from './pieces.ts';
import { commandRoutes } from './rest/commands.ts';
import { exportRoutes } from './rest/exports.ts';
import { healthRoutes } from './rest/health.ts';
import { metricsRoutes } from './rest/metrics.ts';
import { openApiRoutes } from './rest/openapi.ts';
import { pairRoutes } from './rest/pair.ts';
import { pastRoutes } from './rest/past.ts';
import { pluginRoutes } from './rest/plugins.ts';
import { protocolRoutes } from './rest/protocol.ts';
import { BadQueryError } from './rest/query.ts';
import { refuse } from './rest/respond.ts';
import { riffRoutes } from './rest/riffs.ts';
import { sessionRoutes } from './rest/sessions.ts';
import { stateRoutes } from './rest/state.ts';
import { supportRoutes } from './rest/support.ts';
import { takeRoutes } from './rest/takes.ts';
import type { Room } from './room.ts';
import { securityHeaders } from './security-headers.ts';
import { socketRoute } from './socket.ts';
import { pageResponse } from './static-page.ts';

const SERVER_FAULT = 500;

/** A call to the system that failed: only takes are read from disk below /api. */
const isFileError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && 'code' in error;

/** A read that failed says nothing of the path; what nobody expected is logged. */
const failure = (room: Room, error: unknown, path: string): Response => {
  if (error instanceof BadQueryError) return refuse(ERRORS.ERR_BAD_QUERY.code, error.message);
  if (error instanceof ShortFileError) return refuse(ERRORS.ERR_TAKE_UNREADABLE.code);
  room.log('error', 'request failed', { path, error: errorText(error) });
  if (isFileError(error)) return refuse(ERRORS.ERR_TAKE_UNREADABLE.code);
  return refuse(ERRORS.ERR_CONTROL_FROZEN.code, undefined, SERVER_FAULT);
};

const page = async (room: Room, request: Request): Promise<Response> => {
  const { pathname } = new URL(request.url);
  const isPage = pathname !== '/api' && !pathname.startsWith('/api/');
  const found = isPage ? await pageResponse(room.webFolder, request) : null;
  return found ?? refuse(ERRORS.ERR_NOT_FOUND.code);
};

export const httpApp = (room: Room): AnyElysia => {
  const guard = new Guard(room);
  const app: AnyElysia = new Elysia()
    .onRequest(({ request, server, set }) => {
      const host = request.headers.get('host');
      const refusal = guard.nameRefusal({ request, server });
      const isLocal = room.hosts.isLoopback(host, true);
      const named = refusal === null ? (host ?? '') : 'localhost';
      Object.assign(set.headers, securityHeaders(named, isLocal));
      return refusal === null ? undefined : refuse(refusal);
    })
    .onError(({ code, error, path }) =>
      code === 'NOT_FOUND' ? refuse(ERRORS.ERR_NOT_FOUND.code) : failure(room, error, path),
    )
    .onBeforeHandle({ as: 'global' }, ({ request, route, server }) => {
      const refusal = guard.routeRefusal({ request, server }, route);
      return refusal === null ? undefined : refuse(refusal);
    })
    .use(socketRoute(guard))
    .use(pairRoutes(room, guard))
    .use(commandRoutes(room, guard))
    .use(healthRoutes(room))
    .use(stateRoutes(room))
    .use(metricsRoutes(room, guard))
    .use(riffRoutes(room))
    .use(sessionRoutes(room))
    .use(pastRoutes(room))
    .use(pluginRoutes(room))
    .use(takeRoutes(room))
    .use(exportRoutes(room))
    .use(supportRoutes(room))
    .use(protocolRoutes())
    .use(openApiRoutes(() => app))
    .get('/*', ({ request }) => page(room, request))
    .head('/*', ({ request }) => page(room, request));
  return app;
};
