/** What the launcher and its children say to each other over Bun's IPC channel. */

export type FromChild =
  /** Every 250 ms. */
  | { t: 'beat' }
  /** The gateway listens and tells its real port; the engine process counts blocks. */
  | { t: 'ready'; port?: number }
  /** It was asked to end, and the disk still takes what it owes: it is waited for anew. */
  | { t: 'draining' }
  /** The player leaves Safe Mode: this one ends, and the next one starts as ever. */
  | { t: 'leaveSafe' }
  /** Will exit with this code (`EXIT` of errors.ts) for this reason; never restarted. */
  | { t: 'failed'; exit: number; says: string };

export type ToChild =
  /** End in order; `hurry` = at once, without waiting for the disk. */
  | { t: 'end'; hurry: boolean }
  /** For the gateway: the engine process answers no heartbeat, or answers again. */
  | { t: 'controlFrozen'; frozen: boolean }
  /** For the gateway: why the engine process could not be started; it is tried again. */
  | { t: 'engineRefused'; says: string };
