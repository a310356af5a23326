/** How a slot looks and what it says: one word per state, never colour alone. */
import type { SlotOf } from '../../protocol/state.ts';

export type SlotLook =
  | 'empty'
  | 'target'
  | 'pending'
  | 'recording'
  | 'playing'
  | 'held'
  | 'muted'
  | 'solo'
  | 'bySolo'
  | 'sending'
  | 'gap'
  | 'damaged'
  | 'bypassed';

/** What besides the slot itself decides its look. */
export interface LookInputs {
  readonly isTarget: boolean;
  /** A press or a change is not confirmed for longer than 250 ms. */
  readonly isSending: boolean;
  readonly isPlaying: boolean;
  /** A plug-in of its chain failed or cannot keep up. */
  readonly isBypassed?: boolean;
}

type LookedAt = Pick<
  SlotOf,
  'state' | 'takeId' | 'pending' | 'muted' | 'soloed' | 'audible' | 'tainted' | 'damaged'
>;

export const slotLook = (
  slot: LookedAt,
  { isTarget, isSending, isPlaying, isBypassed }: LookInputs,
): SlotLook => {
  if (isSending) return 'sending';
  if (slot.state === 'RECORDING') return 'recording';
  if (slot.pending) return 'pending';
  if (slot.takeId === null) return isTarget ? 'target' : 'empty';
  if (slot.muted) return 'muted';
  if (isBypassed) return 'bypassed';
  if (slot.soloed) return 'solo';
  if (!slot.audible) return 'bySolo';
  if (slot.damaged) return 'damaged';
  if (slot.tainted) return 'gap';
  return isPlaying ? 'playing' : 'held';
};

/** The word in the slot's corner. */
export const LOOK_WORDS: Readonly<Record<SlotLook, string>> = {
  empty: 'Empty',
  target: 'Next capture',
  pending: 'Pending',
  recording: 'Recording',
  playing: 'Playing',
  held: 'Paused',
  muted: 'Muted',
  solo: 'Solo',
  bySolo: 'By solo',
  sending: 'Sending',
  gap: 'Has a gap',
  damaged: 'File damaged',
  bypassed: 'Plug-in off',
};

/** Glyph of a look; the names are those of the icon sprite. */
export const LOOK_ICONS = {
  empty: undefined,
  target: 'down',
  pending: 'clock',
  recording: 'dot',
  playing: 'play',
  held: 'pause',
  muted: 'mute',
  solo: 'solo',
  bySolo: 'solo',
  sending: 'sending',
  gap: 'warn',
  damaged: 'warn',
  bypassed: 'warn',
} as const;

/** true when the slot sounds and may give light. */
export const isLit = (look: SlotLook): boolean =>
  look === 'playing' ||
  look === 'solo' ||
  look === 'gap' ||
  look === 'damaged' ||
  look === 'bypassed' ||
  look === 'recording';
