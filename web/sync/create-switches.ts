/** M and S of a slot: at once or on the next bar, as the player has set it on this device. */
import type { SlotOf } from '../../protocol/state.ts';
import type { Prefs } from './create-prefs.ts';
import type { Replica } from './create-replica.ts';
import type { Wish } from './make-requests.ts';

/** The click or key; with Alt it is the other way. */
export type Hand = Pick<MouseEvent, 'timeStamp' | 'altKey'>;

interface SwitchParts {
  readonly replica: Replica;
  readonly prefs: Prefs;
  readonly mixer: {
    readonly mutedOf: (slot: number) => boolean;
    readonly setMuted: (slot: number, muted: boolean) => void;
  };
  readonly run: (wish: Wish) => Promise<unknown>;
  readonly runAt: (wish: Wish, pressedMs: number) => Promise<unknown>;
}

const waits = (slot: SlotOf | undefined, kind: 'mute' | 'solo') => slot?.pending?.kind === kind;

export const createSwitches = ({ replica, prefs, mixer, run, runAt }: SwitchParts) => {
  /** A bar passes only while something plays. */
  const isOnBar = ({ altKey }: Hand) =>
    replica.state.transport.isPlaying && prefs.isMuteOnBar !== altKey;
  return {
    /** One that waits for its bar is called off. */
    toggleMute(slot: number, hand: Hand) {
      const isWaiting = waits(replica.state.slots[slot], 'mute');
      const muted = mixer.mutedOf(slot) === isWaiting;
      if (isWaiting || !isOnBar(hand)) return mixer.setMuted(slot, muted);
      return void runAt({ cmd: 'MUTE_SLOT', slot, muted, quantized: true }, hand.timeStamp);
    },
    toggleSolo(slot: number, hand: Hand) {
      const one = replica.state.slots[slot];
      const isWaiting = waits(one, 'solo');
      const wish = {
        cmd: 'SOLO_SLOT',
        slot,
        soloed: (one?.soloed === true) === isWaiting,
      } as const;
      if (isWaiting || !isOnBar(hand)) return void run({ ...wish, quantized: false });
      return void runAt({ ...wish, quantized: true }, hand.timeStamp);
    },
  };
};
