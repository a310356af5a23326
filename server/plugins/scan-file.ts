/**
 * What is known of bundles, on disk: `known.json` is a cache and may be deleted; `denied.json` names
 * those that must not be looked at again unasked.
 *
 * A bundle is denied before its child starts, and that is lifted when the child has ended well: what
 * takes the whole computer down is not tried a second time. All of it is void for other keys.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../protocol/errors.ts';
import { makeFolder } from '../make-folder.ts';
import { writeSynced } from '../synced-files.ts';
import { isRecord, type PluginClass } from './plugin-class.ts';
import type { Refusal } from './scan-child.ts';

interface Known {
  readonly key: string;
  readonly classes: readonly PluginClass[];
}

/** `code` 0 = a child is about to look at it, or was when everything ended. */
interface Denied extends Refusal {
  readonly key: string;
  readonly path: string;
}

const readList = (path: string): readonly unknown[] => {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(read) ? read : [];
  } catch {
    // None yet, or none that can be read: then nothing is known.
    return [];
  }
};

const isKnown = (value: unknown): value is Known =>
  isRecord(value) && typeof value['key'] === 'string' && Array.isArray(value['classes']);

const isDenied = (value: unknown): value is Denied =>
  isRecord(value) &&
  typeof value['key'] === 'string' &&
  typeof value['path'] === 'string' &&
  typeof value['code'] === 'number' &&
  typeof value['detail'] === 'string';

/** Everything ended while it was looked at: by whom is not known, so it is not tried again unasked. */
const unfinished = (denied: Denied): Denied =>
  denied.code === 0 ? { ...denied, code: ERRORS.ERR_PLUGIN_SCAN_CUT.code } : denied;

export class ScanFile {
  readonly #folder: string;
  readonly #known: Map<string, Known>;
  readonly #denied: Map<string, Denied>;
  #isKnownWritten = true;
  /** The denied ones as the disk has them. */
  #written: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'plugins');
    const known = readList(join(this.#folder, 'known.json')).filter(isKnown);
    const denied = readList(join(this.#folder, 'denied.json')).filter(isDenied);
    this.#known = new Map(known.map((each) => [each.key, each]));
    this.#denied = new Map(denied.map((each) => [each.key, unfinished(each)]));
    this.#written = JSON.stringify(this.#deniedList);
  }

  known(key: string): readonly PluginClass[] | undefined {
    return this.#known.get(key)?.classes;
  }

  denied(key: string): Refusal | undefined {
    const denied = this.#denied.get(key);
    return denied && { code: denied.code, detail: denied.detail };
  }

  /** On disk when it returns; throws when the disk takes nothing. */
  intend(key: string, path: string): void {
    this.#denied.set(key, { key, path, code: 0, detail: '' });
    this.#writeDenied();
  }

  /** It may be looked at again. */
  lift(key: string): void {
    this.#denied.delete(key);
  }

  know(key: string, classes: readonly PluginClass[]): void {
    this.#denied.delete(key);
    this.#known.set(key, { key, classes });
    this.#isKnownWritten = false;
  }

  deny(key: string, path: string, refusal: Refusal): void {
    this.#denied.set(key, { key, path, ...refusal });
    this.#writeDenied();
  }

  /** Of bundles that are there no more nothing is kept. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) {
      if (keys.has(key)) continue;
      this.#known.delete(key);
      this.#isKnownWritten = false;
    }
    for (const key of this.#denied.keys()) if (!keys.has(key)) this.#denied.delete(key);
  }

  /** After it the files say what is known now; throws when the disk takes nothing. */
  save(): void {
    this.#writeDenied();
    if (this.#isKnownWritten) return;
    this.#write('known.json', [...this.#known.values()]);
    this.#isKnownWritten = true;
  }

  get #deniedList(): readonly Denied[] {
    return [...this.#denied.values()];
  }

  #writeDenied(): void {
    const text = JSON.stringify(this.#deniedList);
    if (text === this.#written) return;
    this.#write('denied.json', this.#deniedList);
    this.#written = text;
  }

  #write(name: string, list: readonly unknown[]): void {
    makeFolder(this.#folder);
    writeSynced(join(this.#folder, name), `${JSON.stringify(list)}\n`);
  }
}
