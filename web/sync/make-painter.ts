/**
 * The one animation loop: everything that moves is painted from here.
 *
 * Painters get the moment and the time since the last paint; motion depends on time, never on the
 * number of paints. Slow screens are noticed, so that costly painters can skip. What goes wrong in one
 * painter is reported, and stops neither the others nor its own next paint.
 */
export type Paint = (nowMs: number, dtMs: number) => void;

export interface Painter {
  /** Adds a painter; the result removes it. */
  add(paint: Paint): () => void;
  /** Paints a second, smoothed. */
  fps(): number;
  /** The screen gives fewer than 40 paints a second. */
  isEco(): boolean;
}

const DT_MS_MAX = 100;
const ECO_MS = 25;
const SMOOTHING_MS = 2000;

export const makePainter = (
  request: (paint: (nowMs: number) => void) => unknown = (paint) => requestAnimationFrame(paint),
): Painter => {
  const paints: Paint[] = [];
  let lastMs = 0;
  let meanDtMs = 1000 / 60;
  let isRunning = false;

  const loop = (nowMs: number) => {
    if (paints.length === 0) {
      isRunning = false;
      lastMs = 0;
      return;
    }
    const dtMs = lastMs === 0 ? meanDtMs : Math.min(DT_MS_MAX, nowMs - lastMs);
    lastMs = nowMs;
    meanDtMs += (dtMs - meanDtMs) * Math.min(1, dtMs / SMOOTHING_MS);
    for (let i = 0; i < paints.length; i++) {
      try {
        paints[i]?.(nowMs, dtMs);
      } catch (error) {
        reportError(error);
      }
    }
    request(loop);
  };

  return {
    add(paint) {
      paints.push(paint);
      if (!isRunning) {
        isRunning = true;
        request(loop);
      }
      return () => {
        const at = paints.indexOf(paint);
        if (at >= 0) paints.splice(at, 1);
      };
    },
    fps: () => 1000 / meanDtMs,
    isEco: () => meanDtMs > ECO_MS,
  };
};
