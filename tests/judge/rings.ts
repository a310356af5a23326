/** The capture rings of FlowZones that were started here: in shared memory, where they outlive who made them. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of Linux; named after the data folder. */
export const ringPath = (data: string): string => {
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 16);
  return `/dev/shm/flowzone-${hash}`;
};

const noted = new Set<string>();

/** A FlowZone begins on this folder: its ring goes with the folder, or with this process. */
export const noteRing = (data: string): void => {
  noted.add(data);
};

/** The ring of one data folder, and what outgrew it. */
export const ringsOf = (data: string): string[] => {
  const ring = ringPath(data);
  if (!existsSync(dirname(ring))) return [];
  return readdirSync(dirname(ring))
    .map((name) => join(dirname(ring), name))
    .filter((path) => path.startsWith(ring));
};

/** The ring itself, what outgrew it, or what waits to be written. */
export const isOfRing = (data: string, path: string): boolean => {
  const ring = ringPath(data);
  return path.startsWith(ring) && /^(?:-(?:\d+|writes))?$/.test(path.slice(ring.length));
};

/** Of one data folder. */
export const forgetRing = (data: string): void => {
  for (const path of ringsOf(data)) rmSync(path, { force: true });
};

/** Of all data folders that are this one or lie in it. */
export const forgetRingsIn = (folder: string): void => {
  for (const data of noted) {
    if (data !== folder && !data.startsWith(`${folder}/`)) continue;
    forgetRing(data);
    noted.delete(data);
  }
};

process.on('exit', () => {
  for (const data of noted) forgetRing(data);
});
