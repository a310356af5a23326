/**
 * The page that Vite built: its files and nothing beside them.
 *
 * Names of assets carry a hash of their content and may be kept for ever; the page itself is asked
 * for each time, so that a new build is seen at once.
 */
import { extname } from 'node:path';
import { findFile, insidePath } from './inside-folder.ts';

const TYPES = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.ico', 'image/x-icon'],
  ['.jpg', 'image/jpeg'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.mp3', 'audio/mpeg'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.wav', 'audio/wav'],
  ['.webmanifest', 'application/manifest+json'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
]);
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+$/;
const INDEX = '/index.html';

const MISSING = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>FlowZone</title>
<h1>FlowZone is running.</h1>
<p>Its page has not been built yet. Run <code>sh scripts/up build</code> and reload.</p>
</html>
`;

const headersOf = (path: string, file: Bun.BunFile): Record<string, string> => ({
  'cache-control': HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  'content-type': TYPES.get(extname(path).toLowerCase()) ?? 'application/octet-stream',
  etag: `"${file.size.toString(36)}-${Math.trunc(file.lastModified).toString(36)}"`,
});

const HTML_HEADERS = { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' };

/** Null when there is no such file. */
export const pageResponse = async (folder: string, request: Request): Promise<Response | null> => {
  const asked = insidePath(new URL(request.url).pathname);
  if (asked === null) return null;
  const path = asked === '/' ? INDEX : asked;
  const found = await findFile(folder, path);
  if (found === null) {
    return path === INDEX ? new Response(MISSING, { status: 503, headers: HTML_HEADERS }) : null;
  }
  const file = Bun.file(found);
  const headers = headersOf(path, file);
  if (request.headers.get('if-none-match') === headers['etag']) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(file, { headers });
};
