/** `GET /openapi`: the REST interface for programs that make programs, by Elysia's own plug-in. */
import { type AnyElysia, Elysia } from 'elysia';
import { PROTOCOL_VERSION } from '../../../protocol/version.ts';
import { json } from './respond.ts';

const OPENAPI = '3.1.0';
/** They say what is there and give nothing of their own: page, socket, and this description. */
const HIDDEN = ['/*', '/ws', '/openapi'];

type Path = Record<string, { parameters?: unknown }>;

/**
 * The plug-in forgets the query of a route that has parameters in its path; it is put back.
 *
 * Read at the first question: nobody who plays needs it, and it costs the start of a gateway a tenth of
 * its time.
 */
const describe = async (app: AnyElysia): Promise<object> => {
  const { toOpenAPISchema } = await import('@elysiajs/openapi/openapi');
  const exclude = { methods: ['head', 'options'], paths: HIDDEN, staticFile: false };
  const { components, paths } = toOpenAPISchema(app, exclude);
  for (const { hooks, method, path } of app.routes) {
    const operations = paths[path.replaceAll(/:(\w+)/g, '{$1}')] as Path | undefined;
    const operation = operations?.[method.toLowerCase()];
    const parameters = (hooks as { detail?: { parameters?: unknown } }).detail?.parameters;
    if (operation && parameters) operation.parameters = parameters;
  }
  const info = {
    title: 'FlowZone',
    version: String(PROTOCOL_VERSION),
    description:
      'A looper that is always listening. What travels on the socket at /ws is described by /api/protocol.',
  };
  return { openapi: OPENAPI, info, paths, components };
};

export const openApiRoutes = (app: () => AnyElysia) => {
  let described: Promise<object> | null = null;
  return new Elysia().get('/openapi', async () => json(await (described ??= describe(app()))));
};
