/**
 * The paired devices on disk: for each its name and the hash of its token, never the token.
 *
 * For its owner alone (mode 0600), and after a power cut the list before or the list after.
 */
import { readFileSync } from 'node:fs';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { LIMITS } from '../../../protocol/limits.ts';
import { storeSynced } from '../../synced-files.ts';

const Device = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
  name: Type.String({ minLength: 1, maxLength: LIMITS.nameCharsMax }),
  tokenHash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256' }),
  pairedMs: Type.Number({ description: 'wall clock, Unix ms' }),
});
const DeviceList = Type.Object({ version: Type.Literal(1), devices: Type.Array(Device) });

export type Device = Static<typeof Device>;

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

export class DeviceFile {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Empty when there is none yet. Throws when it cannot be read or is not what was written. */
  read(): Device[] {
    try {
      const list: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      if (Value.Check(DeviceList, list)) return list.devices;
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    throw new Error(`${this.#path} is not a list of devices`);
  }

  /** Resolves when it survives a power cut; one after the other. */
  store(devices: readonly Device[]): Promise<void> {
    const text = JSON.stringify({ version: 1, devices });
    const stored = this.#last.then(() => storeSynced(this.#path, text));
    this.#last = stored.catch(() => undefined);
    return stored;
  }
}
