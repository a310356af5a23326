/**
 * A riff's loop on its way to a slot: its picture under the finger, the slot it would go into marked.
 *
 * A sheet that hides the slots steps aside meanwhile. Slots are found by where they are: under an open
 * sheet nothing else can be touched.
 */
import { onCleanup, onMount } from 'solid-js';
import { makeDrag } from '../input/drag.ts';
import { usePage } from '../use-session.ts';
import s from './HistoryRow.module.css';

const padAt = (x: number, y: number): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>('[data-pad]')].find((pad) => {
    const { bottom, left, right, top } = pad.getBoundingClientRect();
    return x >= left && x < right && y >= top && y < bottom;
  });

const pictureOf = (row: HTMLElement): HTMLElement => {
  const ghost = document.createElement('div');
  ghost.className = s['carried'] ?? '';
  ghost.ariaHidden = 'true';
  const icon = row.querySelector('canvas');
  const copy = document.createElement('canvas');
  copy.width = icon?.width ?? 1;
  copy.height = icon?.height ?? 1;
  if (icon) copy.getContext('2d')?.drawImage(icon, 0, 0);
  ghost.append(copy, document.createElement('span'));
  return ghost;
};

/** Binds it to a row; nothing is carried of a riff that brought no loop. */
export const bindCarry = (takeId: () => string | undefined) => {
  const { open, panel, session } = usePage();
  return (row: HTMLElement) =>
    onMount(() => {
      let ghost: HTMLElement | undefined;
      let over: HTMLElement | undefined;
      const sheet = () => row.closest('dialog');
      const mark = (pad: HTMLElement | undefined) => {
        if (pad === over) return;
        over?.removeAttribute('data-drop');
        pad?.setAttribute('data-drop', '');
        over = pad;
        const says = pad ? `into ${Number(pad.dataset['pad']) + 1}` : '';
        if (ghost?.lastChild) ghost.lastChild.textContent = says;
      };
      onCleanup(
        makeDrag(row, {
          canStart: () => session.isLive() && takeId() !== undefined,
          onStart() {
            ghost = pictureOf(row);
            (sheet() ?? document.body).append(ghost);
            sheet()?.setAttribute('data-away', '');
          },
          onMove(x, y) {
            if (ghost) ghost.style.translate = `${x}px ${y}px`;
            mark(padAt(x, y));
          },
          onEnd(place) {
            const slot = place && padAt(place.x, place.y)?.dataset['pad'];
            mark(undefined);
            ghost?.remove();
            ghost = undefined;
            sheet()?.removeAttribute('data-away');
            const id = takeId();
            if (slot === undefined || id === undefined) return;
            void session.run({ cmd: 'RESTORE_TAKE', takeId: id, slot: Number(slot) });
            if (panel() === 'history') open('none');
          },
        }),
      );
    });
};
