/** A folder made anew is found also where it is empty, so that a rename would hide it. */
import { expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stand } from '../stand/stand.ts';
import { folderRenamed } from './folder-away.ts';

test.each([false, true])(
  'a folder that was renamed comes back; made anew meanwhile: %p',
  async (isMade) => {
    const place = await folderRenamed.prepare(1);
    try {
      mkdirSync(place.data);
      writeFileSync(join(place.data, 'held'), '');
      await place.begin({} as Stand);
      if (isMade) mkdirSync(place.data);
      expect(place.found?.()).toHaveLength(isMade ? 1 : 0);
      await place.end();
      expect(existsSync(join(place.data, 'held'))).toBeTrue();
    } finally {
      await place.remove();
    }
  },
);
