/**
 * Where a start stands in the tree: where the last life ended, or at the empty root when it is to load
 * no loop by itself. What such a start left is taken up again by the first one that starts as ever, or when
 * the player opens that session.
 */
import type { HeadMove } from '../store/stored.ts';
import type { HeadCause } from '../store/write-requests.ts';
import type { History } from './history.ts';

export interface SafeMove {
  readonly from: string;
  readonly to: string;
  readonly cause: HeadCause;
}

export class SafeHead {
  readonly #history: History;
  /** It was not the player who went to the root, and he has not gone on from there. */
  readonly #wasLeft: boolean;

  /** Goes back to what was left: the head is there until `stand`. */
  constructor(moves: readonly HeadMove[], history: History) {
    this.#history = history;
    const last = moves.at(-1);
    const left = last?.cause === 'SAFE' && history.head === history.root ? last.from : null;
    this.#wasLeft = left !== null && history.get(left) !== undefined;
    if (left !== null && this.#wasLeft) history.moveTo(left);
  }

  /** The move that the store has to know of; none when it knows where the head is. */
  stand(isBare: boolean): readonly SafeMove[] {
    const { head, root } = this.#history;
    if (!isBare) return this.#wasLeft ? [{ from: root.id, to: head.id, cause: 'RECALL' }] : [];
    if (head === root) return [];
    this.#history.moveTo(root.id);
    return this.#wasLeft ? [] : [{ from: head.id, to: root.id, cause: 'SAFE' }];
  }
}
