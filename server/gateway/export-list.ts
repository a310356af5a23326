/** The exports that lie in the data folder, out of the JSON beside them. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A JSON document is this large at most. */
const DOCUMENT_BYTES_MAX = 1_048_576;

interface Found {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly madeMs: number;
}

/** A folder that is not there, or went away meanwhile, holds nothing. */
const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
};

const documentsIn = async (root: string, folder: string): Promise<Found[]> => {
  const names = await namesIn(join(root, folder));
  const documents = names.filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  return Promise.all(
    documents.map(async (name) => {
      const path = join(root, folder, name);
      const { mtimeMs, size } = await stat(path);
      return { folder, name, path, bytes: size, madeMs: mtimeMs };
    }),
  );
};

/** What somebody else put there is no export of ours. */
const read = async ({ bytes, folder, name, path }: Found): Promise<object[]> => {
  if (bytes > DOCUMENT_BYTES_MAX) return [];
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    const isOurs = typeof document === 'object' && document !== null && 'files' in document;
    return isOurs ? [{ folder, json: name, ...document }] : [];
  } catch {
    return [];
  }
};

/** The newest first. */
export const listExports = async (root: string, limit: number): Promise<object[]> => {
  const folders = (await namesIn(root)).filter((name) => !name.startsWith('.'));
  const found = await Promise.all(folders.map((folder) => documentsIn(root, folder)));
  const newest = found.flat().toSorted((a, b) => b.madeMs - a.madeMs || (a.name < b.name ? 1 : -1));
  const items: object[] = [];
  for (const each of newest) {
    if (items.length === limit) break;
    items.push(...(await read(each)));
  }
  return items;
};
