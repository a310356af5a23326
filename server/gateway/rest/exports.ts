/** `GET /api/exports`: what was exported, and its files to be kept elsewhere. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { extname } from 'node:path';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { parseRange } from '../byte-range.ts';
import { listExports } from '../export-list.ts';
import { findFile, insidePath } from '../inside-folder.ts';
import type { Room } from '../room.ts';
import { Exports, pageOf } from './answers.ts';
import { about } from './describe.ts';
import { Query } from './query.ts';
import { json, refuse } from './respond.ts';

const PREFIX = '/api/exports/';
const PARTIAL = 206;
const UNSATISFIABLE = 416;

/** Nothing else is written there by us. */
const TYPES = new Map([
  ['.wav', 'audio/wav'],
  ['.flac', 'audio/flac'],
  ['.json', 'application/json; charset=utf-8'],
]);

const headersOf = (name: string, type: string): Record<string, string> => ({
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-cache',
  'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  'content-type': type,
});

const download = async (folder: string, request: Request): Promise<Response> => {
  const { pathname } = new URL(request.url);
  const path = insidePath(pathname.slice(PREFIX.length));
  const type = path === null ? undefined : TYPES.get(extname(path).toLowerCase());
  const found = path === null || type === undefined ? null : await findFile(folder, path);
  if (path === null || type === undefined || found === null) {
    return refuse(ERRORS.ERR_NOT_FOUND.code);
  }
  const file = Bun.file(found);
  const headers = headersOf(path.slice(path.lastIndexOf('/') + 1), type);
  if (request.method === 'HEAD') {
    return new Response(null, { headers: { ...headers, 'content-length': String(file.size) } });
  }
  const range = parseRange(request.headers.get('range'), file.size);
  if (range === 'unsatisfiable') {
    const refused = refuse(ERRORS.ERR_BAD_QUERY.code, `${file.size} bytes.`, UNSATISFIABLE);
    refused.headers.set('content-range', `bytes */${file.size}`);
    return refused;
  }
  if (range === null) return new Response(file, { headers });
  return new Response(file.slice(range.from, range.to), {
    status: PARTIAL,
    headers: { ...headers, 'content-range': `bytes ${range.from}-${range.to - 1}/${file.size}` },
  });
};

export const exportRoutes = ({ exportsFolder }: Room) =>
  new Elysia()
    .get(
      '/api/exports',
      async ({ request }) => {
        const query = new Query(request.url, ['limit']);
        const bounds = { min: 1, max: LIMITS.exportPageMax, otherwise: LIMITS.exportPageMax };
        return json({ items: await listExports(exportsFolder, query.integer('limit', bounds)) });
      },
      about({
        id: 'listExports',
        says: 'What was exported, newest first.',
        query: { limit: pageOf(LIMITS.exportPageMax) },
        answer: Exports,
      }),
    )
    .get(
      `${PREFIX}:folder/:file`,
      ({ request }) => download(exportsFolder, request),
      about({
        id: 'getExportFile',
        says: 'A file of an export.',
        path: { folder: Type.String(), file: Type.String() },
        answer: 'application/octet-stream',
      }),
    )
    .head(`${PREFIX}:folder/:file`, ({ request }) => download(exportsFolder, request));
