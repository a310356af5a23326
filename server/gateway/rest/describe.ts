/** How a route is told in the OpenAPI description. Nothing here checks a request: the routes do. */
import { type TSchema, Type } from '@sinclair/typebox';
import type { DocumentDecoration } from 'elysia';

/** By name; those in the path are required, the others are not unless they say so. */
export type Parameters = Readonly<Record<string, TSchema & { readonly isRequired?: boolean }>>;

export interface About {
  /** Name of the operation, as clients call it. */
  readonly id: string;
  /** What it gives, in one sentence. */
  readonly says: string;
  readonly path?: Parameters;
  readonly query?: Parameters;
  readonly body?: TSchema;
  /** JSON of that shape, or bytes of that media type. */
  readonly answer: TSchema | string;
}

export const RestError = Type.Object({ code: Type.Integer(), msg: Type.String() });

const parametersOf = (place: 'path' | 'query', parameters: Parameters = {}) =>
  Object.entries(parameters).map(([name, { isRequired, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || isRequired === true,
    schema,
  }));

const jsonOf = (schema: TSchema) => ({ 'application/json': { schema } });

const bytesOf = (mediaType: string) => ({
  [mediaType]: {
    schema: mediaType.startsWith('text/')
      ? { type: 'string' }
      : { type: 'string', format: 'binary' },
  },
});

const detailOf = ({ answer, body, id, path, query, says }: About) => ({
  operationId: id,
  summary: says,
  parameters: [...parametersOf('path', path), ...parametersOf('query', query)],
  ...(body !== undefined && { requestBody: { required: true, content: jsonOf(body) } }),
  responses: {
    200: {
      description: says,
      content: typeof answer === 'string' ? bytesOf(answer) : jsonOf(answer),
    },
    default: {
      description: 'It was refused: a code of /api/protocol, and a sentence for people.',
      content: jsonOf(RestError),
    },
  },
});

/**
 * The third argument of a route.
 *
 * OpenAPI 3.1 takes JSON Schema as it is; the types that Elysia has for it are those of 3.0.
 */
export const about = (what: About) => ({ detail: detailOf(what) as unknown as DocumentDecoration });
