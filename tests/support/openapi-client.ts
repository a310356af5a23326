/**
 * A client made of an OpenAPI description and of nothing else: one function per operation.
 *
 * It takes the parameters by name, and refuses an answer that is not as described.
 */
import { type Schema, schemaFaults } from './json-schema.ts';

interface Content {
  readonly [mediaType: string]: { readonly schema: Schema };
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: { readonly [status: string]: { readonly content: Content } };
}

export interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
}

export interface Answer {
  readonly status: number;
  /** JSON parsed, text as it is, bytes otherwise. */
  readonly body: unknown;
}

export type Call = (given?: Record<string, unknown>) => Promise<Answer>;

export class NotAsDescribedError extends Error {
  override readonly name = 'NotAsDescribedError';
}

const addressOf = (
  path: string,
  { parameters = [] }: Operation,
  given: Record<string, unknown>,
) => {
  let address = path;
  const query = new URLSearchParams();
  for (const { in: place, name, required } of parameters) {
    const value = given[name];
    if (value === undefined && required) throw new NotAsDescribedError(`${name} is required`);
    if (value === undefined) continue;
    if (place === 'query') query.set(name, String(value));
    else address = address.replace(`{${name}}`, encodeURIComponent(String(value)));
  }
  const known = [...parameters.map(({ name }) => name), 'body'];
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new NotAsDescribedError(`unknown: ${unknown.join(', ')}`);
  return query.size > 0 ? `${address}?${query}` : address;
};

const read = async (response: Response, operation: Operation): Promise<unknown> => {
  const described = operation.responses[response.status] ?? operation.responses['default'];
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const content = described?.content ?? {};
  const isBytes = 'application/octet-stream' in content;
  const found = content[mediaType] ?? (isBytes ? content['application/octet-stream'] : undefined);
  if (found === undefined) {
    throw new NotAsDescribedError(`${operation.operationId}: ${response.status} ${mediaType}`);
  }
  if (mediaType.startsWith('text/')) return response.text();
  if (found.schema['format'] === 'binary') return new Uint8Array(await response.arrayBuffer());
  const body: unknown = await response.json();
  const faults = schemaFaults(body, found.schema);
  if (faults.length > 0) {
    throw new NotAsDescribedError(`${operation.operationId}: ${faults.slice(0, 5).join('; ')}`);
  }
  return body;
};

const callOf =
  (url: string, path: string, method: string, operation: Operation): Call =>
  async (given = {}) => {
    const address = new URL(addressOf(path, operation, given), url);
    const { requestBody } = operation;
    if (requestBody !== undefined) {
      const faults = schemaFaults(
        given['body'],
        requestBody.content['application/json']?.schema ?? {},
      );
      if (faults.length > 0) throw new NotAsDescribedError(faults.join('; '));
    }
    const response = await fetch(address, {
      method: method.toUpperCase(),
      ...(requestBody !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(given['body']),
      }),
    });
    return { status: response.status, body: await read(response, operation) };
  };

export const clientOf = (url: string, { paths }: Description): Record<string, Call> =>
  Object.fromEntries(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        operation.operationId,
        callOf(url, path, method, operation),
      ]),
    ),
  );

/** What every generator of clients would stumble over. */
export const descriptionFaults = ({ openapi, paths }: Description): string[] => {
  const faults = openapi.startsWith('3.1.') ? [] : [`OpenAPI ${openapi}`];
  const ids = new Set<string>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { operationId, parameters = [], responses, summary }] of Object.entries(
      operations,
    )) {
      const at = `${method} ${path}`;
      if (ids.has(operationId)) faults.push(`${at}: ${operationId} twice`);
      ids.add(operationId);
      if (!/^[a-z][A-Za-z]+$/.test(operationId)) faults.push(`${at}: no name`);
      if (summary === undefined) faults.push(`${at}: no summary`);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const told = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      if (inPath.join() !== told.join()) faults.push(`${at}: path says ${inPath}, not ${told}`);
      if (responses?.['200'] === undefined) faults.push(`${at}: no answer`);
    }
  }
  return faults;
};
