/** A page's sheet: a native dialog that traps and returns the focus, closed by Esc or a tap beside. */
import { type JSX, onCleanup, onMount } from 'solid-js';
import { usePage } from '../use-session.ts';
import s from './Sheet.module.css';

interface SheetProps {
  readonly label: string;
  readonly isTall?: boolean;
  readonly children: JSX.Element;
}

export const Sheet = (props: SheetProps) => {
  const page = usePage();
  let dialog!: HTMLDialogElement;
  onMount(() => {
    const before = document.activeElement;
    dialog.showModal();
    onCleanup(() => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    });
  });
  return (
    <dialog
      ref={dialog}
      class={s['dialog']}
      data-shape={page.isPhone() ? 'bottom' : 'middle'}
      data-tall={props.isTall === true}
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        page.open('none');
      }}
      onClick={(event) => {
        if (event.target === dialog) page.open('none');
      }}
    >
      {props.children}
    </dialog>
  );
};

/** The same content beside the grid: no veil, nothing trapped; Esc closes it. */
export const Dock = (props: { label: string; children: JSX.Element }) => {
  const page = usePage();
  let dock!: HTMLElement;
  onMount(() => {
    const before = document.activeElement;
    onCleanup(() => {
      if (before instanceof HTMLElement && dock.contains(document.activeElement)) before.focus();
    });
  });
  return (
    <section
      ref={dock}
      class={s['dock']}
      aria-label={props.label}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.shiftKey) page.open('none');
      }}
    >
      {props.children}
    </section>
  );
};
