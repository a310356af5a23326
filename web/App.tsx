/** The page: header, slots, strip, steps, and the history or a slot's sheet beside them. */
import { onCleanup, onMount, Show } from 'solid-js';
import { belongsToFocus, type KeyActions, pressKey } from './input/keys.ts';
import { Alerts, CriticalBanner, Toasts } from './overlay/Errors.tsx';
import { Reconnecting } from './overlay/Reconnecting.tsx';
import { Spoken } from './overlay/Spoken.tsx';
import { MoreSheet, SheetHead } from './sheets/MoreSheet.tsx';
import { Dock, Sheet } from './sheets/Sheet.tsx';
import { Shortcuts } from './sheets/Shortcuts.tsx';
import { SlotSheet } from './sheets/SlotSheet.tsx';
import { ActionBar } from './stage/ActionBar.tsx';
import { CaptureStrip } from './stage/CaptureStrip.tsx';
import { makeFlight } from './stage/flight.ts';
import { Header } from './stage/Header.tsx';
import { HistoryList } from './stage/HistoryList.tsx';
import { IconSprite } from './stage/Icon.tsx';
import { SlotGrid } from './stage/SlotGrid.tsx';
import { createSession } from './sync/create-session.ts';
import { createPage, type Page, PageProvider } from './use-session.ts';
import s from './App.module.css';

const keyActions = (page: Page): KeyActions => {
  const { session } = page;
  const live = (act: () => void) => {
    if (session.isLive()) act();
  };
  return {
    captureSlot: (slot, atMs) => live(() => session.capture(slot, session.loopBars(), atMs)),
    captureZone: (bars, atMs) => live(() => session.captureZone(bars, atMs)),
    toggleMute: (slot) => live(() => session.setMuted(slot, !session.mutedOf(slot))),
    togglePlay: () => live(session.togglePlay),
    toggleMetronome: () => live(session.toggleMetronome),
    toggleFree: () => session.setPrefs({ isQuantized: !session.prefs.isQuantized }),
    undo: () => live(session.undo),
    redo: () => live(session.redo),
    panic: () => session.panic('ENGINE'),
    showShortcuts: () => page.open('shortcuts'),
    hasSingleKeys: () => session.prefs.singleKeys,
  };
};

const listenToKeys = (page: Page) => {
  const actions = keyActions(page);
  const onKeyDown = (event: KeyboardEvent) => {
    const isInSheet = document.querySelector('dialog[open]') !== null;
    const isPanic = event.code === 'Escape' && event.shiftKey;
    if ((isInSheet && !isPanic) || belongsToFocus(event.target, event)) return;
    if (pressKey(event, actions)) event.preventDefault();
  };
  // A press with the mouse leaves the focus where it was, so that Space goes on meaning play.
  const onMouseDown = (event: MouseEvent) => {
    const { target } = event;
    const isButton = target instanceof Element && target.closest('button') !== null;
    if (!isButton) return;
    event.preventDefault();
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  };
  window.addEventListener('keydown', onKeyDown);
  window.addEventListener('mousedown', onMouseDown);
  onCleanup(() => {
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('mousedown', onMouseDown);
  });
};

const Aside = (props: { page: Page }) => {
  const slot = () => props.page.openSlot();
  return (
    <aside class={s['aside']} aria-label={slot() >= 0 ? 'Slot' : 'Past'}>
      <Show when={slot() >= 0} fallback={<HistoryList />}>
        <Dock label={`Slot ${slot() + 1}`}>
          <SlotSheet index={slot()} />
        </Dock>
      </Show>
    </aside>
  );
};

const Sheets = (props: { page: Page }) => {
  const is = (panel: string) => props.page.panel() === panel;
  return (
    <>
      <Show when={is('slot') && !props.page.hasColumn()}>
        <Sheet label={`Slot ${props.page.openSlot() + 1}`}>
          <SlotSheet index={props.page.openSlot()} />
        </Sheet>
      </Show>
      <Show when={is('history') && !props.page.hasColumn()}>
        <Sheet label="History" isTall>
          <SheetHead title="History" />
          <HistoryList isBare onDone={() => props.page.open('none')} />
        </Sheet>
      </Show>
      <Show when={is('more')}>
        <MoreSheet />
      </Show>
      <Show when={is('shortcuts')}>
        <Shortcuts />
      </Show>
    </>
  );
};

export const App = () => {
  const session = createSession();
  const page = createPage(session);
  const flight = makeFlight(page.reducedMotion);
  const strip = () => (
    <div class={s['strip']}>
      <CaptureStrip flight={flight} />
      <Alerts />
    </div>
  );
  onMount(() => {
    listenToKeys(page);
    onCleanup(session.onCapture((slot) => flight.fly(slot)));
  });
  return (
    <PageProvider value={page}>
      <IconSprite />
      <div
        class={s['app']}
        data-live={session.isLive()}
        data-column={page.hasColumn()}
        data-dock={page.hasColumn() && page.openSlot() >= 0 ? 'slot' : 'history'}
      >
        <Header />
        <main class={s['main']}>
          <h1 class="unseen">FlowZone</h1>
          <Show when={page.isPhone()}>{strip()}</Show>
          <div class={s['grid']}>
            <SlotGrid flight={flight} />
          </div>
          <Show when={!page.isPhone()}>{strip()}</Show>
        </main>
        <div class={s['steps']}>
          <ActionBar />
        </div>
        <Show when={page.hasColumn()}>
          <Aside page={page} />
        </Show>
      </div>
      <Sheets page={page} />
      <Reconnecting />
      <CriticalBanner />
      <Toasts />
      <Spoken />
    </PageProvider>
  );
};
