/** Addresses as files below a folder, and nothing beside them. */
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** The path of an address, decoded; null for one that leads elsewhere, or to a hidden file. */
export const insidePath = (pathname: string): string | null => {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const parts = path.split('/');
  const isPlain = parts.every((part) => !part.startsWith('.') && !/[\\\0:]/.test(part));
  return isPlain ? path : null;
};

/** Its real place: a link in the folder must not lead out of it either. */
export const findFile = async (folder: string, path: string): Promise<string | null> => {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    const isInside = file.startsWith(root + sep);
    return isInside && (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
};
