/** A page's sheet: a native dialog that traps and returns the focus, closed by Esc or a tap beside. */
import { type JSX, onCleanup, onMount } from 'solid-js';
import { Icon } from '../stage/Icon.tsx';
import { usePage } from '../use-session.ts';
import s from './Sheet.module.css';

const giveBack = (element: Element | null) => {
  if (element instanceof HTMLElement) element.focus();
};

const openDialog = (dialog: HTMLDialogElement) => {
  const { setSheet } = usePage();
  onMount(() => {
    const before = document.activeElement;
    dialog.showModal();
    setSheet(dialog);
    // Its title, not its first field: on a phone that would bring up the keyboard.
    dialog.querySelector<HTMLElement>('[data-title]')?.focus();
    onCleanup(() => {
      dialog.close();
      // The next one may be open already.
      setSheet((open) => (open === dialog ? undefined : open));
      giveBack(before);
    });
  });
};

/** What the first of several docks that follow each other was opened from. */
let opener: Element | null = null;
/** The focus was in a dock that makes way for the next one. */
let goesOn = false;

/** The focus stays where it is; it goes on with a press inside, and in the end back to what opened it. */
const returnFocus = (dock: HTMLElement) => {
  const page = usePage();
  const before = document.activeElement;
  const isNext = goesOn || Boolean(before?.closest('[data-dock]'));
  if (!isNext) opener = before;
  onMount(() => {
    goesOn = false;
    if (isNext) dock.querySelector<HTMLElement>('[data-title]')?.focus();
  });
  onCleanup(() => {
    if (!dock.contains(document.activeElement)) return;
    goesOn = page.isDocked();
    if (!goesOn) giveBack(opener);
  });
};

interface SheetProps {
  readonly label: string;
  readonly isTall?: boolean;
  readonly children: JSX.Element;
}

export const Sheet = (props: SheetProps) => {
  const page = usePage();
  return (
    <dialog
      ref={openDialog}
      class={s['dialog']}
      data-shape={page.isPhone() ? 'bottom' : 'middle'}
      data-tall={props.isTall === true}
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        page.open('none');
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) page.open('none');
      }}
    >
      {props.children}
    </dialog>
  );
};

/** The same content beside the grid: no veil, nothing trapped; Esc closes it. */
export const Dock = (props: { label: string; children: JSX.Element }) => {
  const page = usePage();
  return (
    <section
      ref={returnFocus}
      class={s['dock']}
      data-dock
      aria-label={props.label}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.shiftKey) page.open('none');
      }}
    >
      {props.children}
    </section>
  );
};

export const SheetHead = (props: { title: string }) => {
  const page = usePage();
  return (
    <header class={s['head']}>
      <h2 data-title tabindex="-1">
        {props.title}
      </h2>
      <button type="button" class={s['close']} aria-label="Close" onClick={() => page.open('none')}>
        <Icon name="close" />
      </button>
    </header>
  );
};
