/** Canvases at the screen's density, at most twice: their size, and sheets to draw aside on. */

export const DENSITY_MAX = 2;

export const density = (): number => Math.min(DENSITY_MAX, globalThis.devicePixelRatio || 1);

/** Gives the canvas the pixels for a CSS size; true when that changed (and wiped it). */
export const fitCanvas = (canvas: HTMLCanvasElement, width: number, height: number): boolean => {
  const ratio = density();
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width === w && canvas.height === h) return false;
  canvas.width = w;
  canvas.height = h;
  return true;
};

/** A canvas beside the page, in device pixels, and its context. */
export const sheet = (
  width: number,
  height: number,
): { canvas: HTMLCanvasElement; ctx: CanvasRenderingContext2D } => {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.ceil(width));
  canvas.height = Math.max(1, Math.ceil(height));
  return { canvas, ctx: context(canvas) };
};

export const context = (canvas: HTMLCanvasElement): CanvasRenderingContext2D => {
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('this browser has no 2D canvas');
  return ctx;
};
