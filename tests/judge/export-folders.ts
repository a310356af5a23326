/**
 * The judge of what lies in a folder of exports: each is whole, or it is not to be seen.
 *
 * Imports nothing of the product; reads only files.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './client.ts';

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** What is wrong with one that can be seen; undefined = it is whole. */
const faultOf = (folder: string): string | undefined => {
  const names = namesIn(folder);
  const about = names.find((name) => name.endsWith('.json'));
  if (about === undefined) return `${folder}: ${names.length} files and no JSON`;
  const document = JSON.parse(readFileSync(join(folder, about), 'utf8')) as Json;
  const files = document['files'] as { file: string; bytes: number; sha256: string }[];
  if (names.length !== files.length + 1) return `${folder}: ${names.length - 1} of ${files.length}`;
  const bad = files.find(({ bytes, file, sha256 }) => {
    const found = names.includes(file) ? readFileSync(join(folder, file)) : Buffer.alloc(0);
    return found.length !== bytes || createHash('sha256').update(found).digest('hex') !== sha256;
  });
  return bad && `${folder}: ${bad.file} is not what it should be`;
};

export const lookAt = (exports: string) => {
  const all = namesIn(exports);
  const seen = all.filter((name) => !name.startsWith('.'));
  return {
    wholeCount: seen.length,
    hiddenCount: all.length - seen.length,
    faults: seen.flatMap((name) => faultOf(join(exports, name)) ?? []),
  };
};
