/** The page: header, slots, strip, steps, and the history or a slot's sheet beside them. */
import { lazy, onCleanup, onMount, Show } from 'solid-js';
import { belongsToFocus, type KeyActions, pressKey } from './input/keys.ts';
import { Alerts, CriticalBanner, Toasts } from './overlay/Errors.tsx';
import { Reconnecting } from './overlay/Reconnecting.tsx';
import { Spoken } from './overlay/Spoken.tsx';
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

/** Not part of the first load; fetched as soon as the stage stands. */
const loadSheets = () => import('./sheets/AllSheets.tsx');
const Sheets = lazy(async () => ({ default: (await loadSheets()).Sheets }));
const DockedSlot = lazy(async () => ({ default: (await loadSheets()).DockedSlot }));
const PRELOAD_MS = 600;

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

/** A press with the mouse leaves the focus where it was, so that Space goes on meaning play. */
const keepFocus = (event: MouseEvent) => {
  const { target } = event;
  if (!(target instanceof Element) || !target.closest('button')) return;
  event.preventDefault();
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
};

const listenToKeys = (page: Page) => {
  const actions = keyActions(page);
  const onKeyDown = (event: KeyboardEvent) => {
    const isInSheet = document.querySelector('dialog[open]') !== null;
    const isPanic = event.code === 'Escape' && event.shiftKey;
    if ((isInSheet && !isPanic) || belongsToFocus(event.target, event)) return;
    if (pressKey(event, actions)) event.preventDefault();
  };
  window.addEventListener('keydown', onKeyDown);
  window.addEventListener('mousedown', keepFocus);
  onCleanup(() => {
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('mousedown', keepFocus);
  });
};

const Aside = (props: { page: Page }) => {
  const slot = () => props.page.openSlot();
  return (
    <aside class={s['aside']} aria-label={slot() >= 0 ? 'Slot' : 'Past'}>
      <Show when={slot() >= 0} fallback={<HistoryList />}>
        <DockedSlot />
      </Show>
    </aside>
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
    setTimeout(() => void loadSheets(), PRELOAD_MS);
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
      <Show when={page.panel() !== 'none'}>
        <Sheets />
      </Show>
      <Reconnecting />
      <CriticalBanner />
      <Toasts />
      <Spoken />
    </PageProvider>
  );
};
