/** What a client was told before the fault, one JSON line each, kept away from the faulty disk. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The loop plays; nothing was promised of the disk. */
export interface Captured {
  readonly t: 'captured';
  readonly takeId: string;
  readonly slot: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly atMs: number;
}

/** DURABLE: the page says "saved". */
export interface Saved {
  readonly t: 'saved';
  readonly takeId: string;
  readonly atMs: number;
}

/** The fault, and the frame that was played then. */
export interface Fault {
  readonly t: 'fault';
  readonly frame: number;
  readonly atMs: number;
}

export type Ack = Captured | Saved | Fault;

export class AckLog {
  readonly path: string;
  readonly #fd: number;

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'a');
  }

  add(ack: Ack): void {
    writeSync(this.#fd, `${JSON.stringify(ack)}\n`);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

export const readAcks = (path: string): Ack[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Ack);

/** A take that must be there, and the frames that its capture was said to hold, where somebody was told. */
export type Claim = Pick<Captured, 'takeId'> & Partial<Pick<Captured, 'fromFrame' | 'toFrame'>>;

/** Every take that was called saved, once; also one whose press was cut off before its answer. */
export const savedTakes = (acks: readonly Ack[]): Claim[] => {
  const captured = new Map(
    acks.filter((ack) => ack.t === 'captured').map((ack) => [ack.takeId, ack]),
  );
  const saved = new Set(acks.filter((ack) => ack.t === 'saved').map(({ takeId }) => takeId));
  return [...saved].map((takeId) => captured.get(takeId) ?? { takeId });
};
