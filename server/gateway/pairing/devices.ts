/** The devices that may come in without a code, found by the token each of them keeps. */
import { createHash, randomBytes } from 'node:crypto';
import { LIMITS } from '../../../protocol/limits.ts';
import type { WallClock } from '../../clock.ts';
import type { Device, DeviceFile } from './device-file.ts';

export interface NewDevice {
  readonly id: string;
  readonly name: string;
  /** For the device alone; nobody else can tell it again. */
  readonly token: string;
}

const TOKEN_BYTES = 32;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export class Devices {
  readonly #file: DeviceFile;
  readonly #wallClock: WallClock;
  readonly #byHash: Map<string, Device>;

  constructor(file: DeviceFile, known: readonly Device[], wallClock: WallClock) {
    this.#file = file;
    this.#wallClock = wallClock;
    this.#byHash = new Map(known.map((device) => [device.tokenHash, device]));
  }

  get all(): Device[] {
    return [...this.#byHash.values()];
  }

  get isFull(): boolean {
    return this.#byHash.size >= LIMITS.pairedDevicesMax;
  }

  has(id: string): boolean {
    return this.all.some((device) => device.id === id);
  }

  /** Null when no device has that token. */
  idOf(token: string): string | null {
    return this.#byHash.get(hashOf(token))?.id ?? null;
  }

  /** Rejects when it could not be stored; then it is not let in. */
  async add(wantedName: string): Promise<NewDevice> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const tokenHash = hashOf(token);
    const id = crypto.randomUUID();
    const name = this.#freeName(wantedName);
    this.#byHash.set(tokenHash, { id, name, tokenHash, pairedMs: this.#wallClock() });
    try {
      await this.#file.store(this.all);
    } catch (error) {
      this.#byHash.delete(tokenHash);
      throw error;
    }
    return { id, name, token };
  }

  /** At once here; rejects when it is not so on disk, and then a restart lets it in again. */
  async forget(id: string): Promise<void> {
    const found = this.all.find((device) => device.id === id);
    if (found === undefined) return;
    this.#byHash.delete(found.tokenHash);
    await this.#file.store(this.all);
  }

  /** A second iPhone is "iPhone 2". */
  #freeName(wanted: string): string {
    const taken = new Set(this.all.map(({ name }) => name));
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) {
      const end = ` ${number}`;
      name = wanted.slice(0, LIMITS.nameCharsMax - end.length) + end;
    }
    return name;
  }
}
