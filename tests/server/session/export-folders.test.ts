/** What a killed engine left of an export, on a real disk. */
import { afterEach, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exportsFolder,
  hiddenFolder,
  removeLeftovers,
} from '../../../server/session/export/folders.ts';

const data = mkdtempSync(join(tmpdir(), 'flowzone-exports-'));
const exports = exportsFolder(data);
afterEach(() => rmSync(data, { recursive: true, force: true }));

test('half written ones go; whole ones, and what is not ours, stay', async () => {
  await removeLeftovers(exports);
  const half = hiddenFolder(exports, crypto.randomUUID());
  for (const folder of [half, join(exports, 'Evening'), join(exports, '.part-theirs')]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.wav'), 'sound');
  }
  const removed = removeLeftovers(exports);
  // Begun while the old ones are going.
  const nextId = crypto.randomUUID();
  mkdirSync(hiddenFolder(exports, nextId));
  await removed;
  expect(readdirSync(exports).toSorted()).toEqual([`.part-${nextId}`, '.part-theirs', 'Evening']);
});
