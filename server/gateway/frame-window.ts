/**
 * Which feature frames one client gets: at its rate, never more than five unacknowledged.
 *
 * The kernel would swallow half a minute of frames for a phone that stalls; only the client's own
 * ACK bounds their age. An ACK is cumulative, so a lost one costs nothing.
 */
import { LIMITS } from '../../protocol/limits.ts';

interface InFlight {
  readonly seq: number;
  readonly sentMs: number;
}

const HALF_FRAME_MS = 500 / LIMITS.featureFps;

/** Sequence numbers are u32 and wrap. */
const isAtOrBefore = (seq: number, ack: number): boolean => ((ack - seq) | 0) >= 0;

export class FrameWindow {
  #fps: number = LIMITS.featureFps;
  #inFlight: InFlight[] = [];
  #dueMs = 0;
  sentCount = 0;
  skippedCount = 0;

  get fps(): number {
    return this.#fps;
  }

  /** 0 = none; what is in flight is not waited for any more. */
  setFps(fps: number): void {
    this.#fps = fps;
    if (fps === 0) this.clear();
  }

  clear(): void {
    this.#inFlight = [];
  }

  get inFlightCount(): number {
    return this.#inFlight.length;
  }

  /**
   * Since when the client owes an ACK; null when it owes none. It acknowledges every second frame, so
   * that the last one before frames stop coming may stay open for ever.
   */
  get waitingSinceMs(): number | null {
    return this.#inFlight[LIMITS.ackEveryFrames - 1]?.sentMs ?? null;
  }

  /** True when the client's rate asks for a frame now; at full rate every frame is due. */
  isDue(nowMs: number): boolean {
    if (this.#fps === 0) return false;
    if (this.#fps >= LIMITS.featureFps) return true;
    return nowMs >= this.#dueMs - HALF_FRAME_MS;
  }

  /** A due frame goes out or is skipped: at five in flight it is skipped and counted. */
  offer(seq: number, nowMs: number, hasRoom: boolean): boolean {
    if (!hasRoom || this.#inFlight.length >= LIMITS.framesInFlightMax) {
      this.skippedCount += 1;
      return false;
    }
    const periodMs = 1000 / this.#fps;
    // The schedule keeps the mean rate; after a pause it begins anew instead of catching up.
    this.#dueMs = (nowMs - this.#dueMs > periodMs ? nowMs : this.#dueMs) + periodMs;
    this.#inFlight.push({ seq, sentMs: nowMs });
    this.sentCount += 1;
    return true;
  }

  acknowledge(seq: number): void {
    this.#inFlight = this.#inFlight.filter((frame) => !isAtOrBefore(frame.seq, seq));
  }
}
