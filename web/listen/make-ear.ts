/**
 * Plays the master on this page, as it comes.
 *
 * Begun by a press: no browser lets a page sound without one. Pieces are buffers placed one behind the
 * other on the sound card's clock, which also pages may do that are not reached by https.
 */
import { type Accessor, createEffect, createRoot, createSignal, onCleanup } from 'solid-js';
import type { Session } from '../sync/create-session.ts';
import { makeSchedule, type Placed } from './make-schedule.ts';
import { readSound, type SoundPiece } from './read-sound.ts';

export interface EarFigures {
  /** From the engine's block to this page's loudspeaker, without the network. */
  readonly delayMs: number;
  readonly dropouts: number;
  /** Since the last one. */
  readonly calmSeconds: number;
}

export interface Ear {
  readonly figures: Accessor<EarFigures>;
  close(): void;
}

const FADE_FRAMES = 96;
const TELL_MS = 500;

/** A rate that the browser does not take is converted piece by piece. */
const makeContext = (sampleRate: number): AudioContext => {
  try {
    return new AudioContext({ latencyHint: 'interactive', sampleRate });
  } catch {
    return new AudioContext({ latencyHint: 'interactive' });
  }
};

/** What does not go on where something ended begins softly. */
const fadeIn = (samples: Float32Array): void => {
  const frames = Math.min(FADE_FRAMES, samples.length);
  for (let frame = 0; frame < frames; frame++) {
    samples[frame] = ((samples[frame] ?? 0) * frame) / FADE_FRAMES;
  }
};

const play = (context: AudioContext, piece: SoundPiece, { at, speed }: Placed): void => {
  const { left, rateHz, right } = piece;
  const buffer = context.createBuffer(2, left.length, rateHz);
  buffer.copyToChannel(left, 0);
  buffer.copyToChannel(right, 1);
  const source = new AudioBufferSourceNode(context, { buffer, playbackRate: speed });
  source.connect(context.destination);
  source.start(at);
};

/** Call it in the press itself. */
export const makeEar = (session: Session): Ear =>
  createRoot((dispose) => {
    const context = makeContext(session.state.devices.rateHz || 48_000);
    const schedule = makeSchedule();
    const [figures, setFigures] = createSignal<EarFigures>({
      delayMs: 0,
      dropouts: 0,
      calmSeconds: 0,
    });
    // One that may not sound now is asked again at the next sign of life.
    const wake = () => void (context.state === 'closed' || context.resume().catch(() => undefined));
    wake();
    // A call or a page that was put away leaves it standing still.
    document.addEventListener('visibilitychange', wake);
    context.addEventListener('statechange', wake);
    const stop = session.listenToSound((bytes) => {
      const piece = readSound(bytes);
      if (!piece) return;
      const placed = schedule.place(
        piece.first,
        piece.left.length,
        piece.rateHz,
        context.currentTime,
      );
      if (!placed) return;
      if (placed.isFresh) for (const side of [piece.left, piece.right]) fadeIn(side);
      play(context, piece, placed);
    });
    const timer = setInterval(() => {
      const seconds = schedule.delay() + context.baseLatency + (context.outputLatency || 0);
      setFigures({
        delayMs: Math.round(1000 * seconds),
        dropouts: schedule.dropouts(),
        calmSeconds: schedule.calmSeconds(context.currentTime),
      });
    }, TELL_MS);
    // Each gateway is asked anew.
    createEffect(() => {
      if (session.status() === 'live') session.askForSound(true);
    });
    onCleanup(() => {
      stop();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', wake);
      session.askForSound(false);
      session.setEar(undefined);
      void context.close();
    });
    return { figures, close: dispose };
  });
