/**
 * The flash of a capture: the coloured window of the strip is copied and bends into its slot's ring.
 *
 * One element over the page for 180 ms; nothing is shown when motion is unwanted.
 */
import type { Page } from '../use-session.ts';

/** How the strip's cut looks right now: a part of its canvas, in device pixels. */
export interface CutPicture {
  readonly canvas: HTMLCanvasElement;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const FLIGHT_MS = 180;

const copy = (picture: CutPicture, ratio: number): HTMLCanvasElement => {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width));
  canvas.height = Math.max(1, Math.round(picture.height));
  const { x, y, width, height } = picture;
  const ctx = canvas.getContext('2d');
  ctx?.drawImage(picture.canvas, x, y, width, height, 0, 0, canvas.width, canvas.height);
  Object.assign(canvas.style, {
    position: 'fixed',
    left: '0',
    top: '0',
    width: `${canvas.width / ratio}px`,
    height: `${canvas.height / ratio}px`,
    pointerEvents: 'none',
    zIndex: '30',
  });
  canvas.setAttribute('aria-hidden', 'true');
  return canvas;
};

const fly = (picture: CutPicture, landing: Element) => {
  const from = picture.canvas.getBoundingClientRect();
  const to = landing.getBoundingClientRect();
  const ratio = picture.canvas.width / Math.max(1, from.width);
  const ghost = copy(picture, ratio);
  const width = ghost.width / ratio;
  const startX = from.left + picture.x / ratio;
  const startY = from.top + picture.y / ratio;
  const endX = to.left + to.width / 2 - width / 2;
  const endY = to.top + to.height / 2 - ghost.height / ratio / 2;
  const scale = (to.width * 0.8) / width;
  document.body.append(ghost);
  const flight = ghost.animate(
    [
      { transform: `translate(${startX}px, ${startY}px)`, opacity: 1, borderRadius: '0' },
      {
        transform: `translate(${endX}px, ${endY}px) scale(${scale}, ${Math.min(1.4, scale * 2)})`,
        opacity: 0.15,
        borderRadius: '50%',
      },
    ],
    { duration: FLIGHT_MS, easing: 'ease-out' },
  );
  flight.addEventListener('finish', () => ghost.remove());
  flight.addEventListener('cancel', () => ghost.remove());
};

/** Lets the cut fly into a slot. */
export const makeFlight = (page: Page) => (slot: number) => {
  const landing = document.querySelector(`[data-ring="${slot}"]`);
  const picture = page.reducedMotion() ? undefined : page.cutPicture();
  if (landing && picture && picture.width >= 2) fly(picture, landing);
};
