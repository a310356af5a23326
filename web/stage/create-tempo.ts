/** The tempo while it is being set: typed, dragged or stepped; one command per change. */
import { createSignal } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import type { Session } from '../sync/create-session.ts';

const PX_PER_BPM = 3;
const SLOP_PX = 4;
const STEP_WAIT_MS = 250;

export const clampBpm = (bpm: number): number =>
  Math.round(Math.max(LIMITS.bpmMin, Math.min(LIMITS.bpmMax, bpm)) * 10) / 10;

/** A typed tempo, with a point or a comma; undefined when it is none. */
export const readBpm = (text: string): number | undefined => {
  const typed = Number(text.replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(typed) && typed > 0 ? clampBpm(typed) : undefined;
};

export const createTempo = (session: Session) => {
  /** What the player is setting; shown until the server has it. */
  const [wanted, setWanted] = createSignal<number>();
  const bpm = () => wanted() ?? session.state.transport.bpm;
  let drag: { y: number; from: number; hasMoved: boolean } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = (value: number) => {
    clearTimeout(timer);
    if (value === session.state.transport.bpm) return setWanted(undefined);
    setWanted(value);
    void session.run({ cmd: 'SET_TEMPO', bpm: value }).then(() => {
      // Else something newer is being set.
      if (wanted() === value) setWanted(undefined);
    });
  };

  return {
    bpm,
    /** true while what is shown is not yet the server's. */
    isSetting: () => wanted() !== undefined,
    send,
    /** Steps are gathered: the last one is sent. */
    step(by: number) {
      setWanted(clampBpm(bpm() + by));
      clearTimeout(timer);
      timer = setTimeout(() => send(bpm()), STEP_WAIT_MS);
    },
    dragStart(y: number) {
      drag = { y, from: bpm(), hasMoved: false };
    },
    dragTo(y: number, isFine: boolean) {
      if (!drag) return;
      const up = drag.y - y;
      if (Math.abs(up) > SLOP_PX) drag.hasMoved = true;
      if (drag.hasMoved) setWanted(clampBpm(drag.from + up / PX_PER_BPM / (isFine ? 10 : 1)));
    },
    /** true when it was a tap and not a drag. */
    dragEnd(): boolean {
      const ended = drag;
      drag = undefined;
      if (ended?.hasMoved) send(bpm());
      return ended !== undefined && !ended.hasMoved;
    },
    cancel() {
      drag = undefined;
      setWanted(undefined);
    },
  };
};
