/** What stands around the stage and is loaded right after it: keys, notes, announcements. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { belongsToFocus, type KeyActions, pressKey } from '../input/keys.ts';
import { watchPointedFocus } from '../input/pointed-focus.ts';
import { makeFlight } from '../stage/flight.ts';
import { Outlines } from '../stage/Icon.tsx';
import { LATER_ICONS } from '../stage/later-icons.ts';
import { type Page, usePage } from '../use-session.ts';
import { clearSlot } from './clear-slot.ts';
import { createAlertNotes, CriticalBanner, Toasts } from './Errors.tsx';
import { keepAwake } from './keep-awake.ts';
import { Reconnecting } from './Reconnecting.tsx';
import { SafeBar } from './SafeBar.tsx';
import { Spoken } from './Spoken.tsx';

export { Clients } from '../stage/Clients.tsx';
export { FirstHint } from '../stage/FirstHint.tsx';
export { Health } from '../stage/Health.tsx';
export { PadLength } from '../stage/PadLength.tsx';
export { Saved } from '../stage/Saved.tsx';
export { SessionName } from '../stage/SessionName.tsx';
export { StripHead } from '../stage/StripHead.tsx';
export { Views } from '../stage/Views.tsx';
export { TimingTools } from '../stage/TimingTools.tsx';
export { StripAlert, Toasts } from './Errors.tsx';

const keyActions = (page: Page): KeyActions => {
  const { session } = page;
  const live = (act: () => void) => {
    if (session.isLive()) act();
  };
  return {
    captureSlot: (slot, atMs) => live(() => session.capture(slot, session.loopBars(), atMs)),
    captureZone: (bars, atMs) => live(() => session.captureZone(bars, atMs)),
    toggleMute: (slot, timeStamp) =>
      live(() => session.toggleMute(slot, { timeStamp, altKey: false })),
    togglePlay: () => live(session.togglePlay),
    toggleMetronome: () => live(session.toggleMetronome),
    tapTempo: (atMs) => live(() => void session.runAt({ cmd: 'TAP_TEMPO' }, atMs)),
    toggleFree: () => session.setPrefs({ isQuantized: !session.prefs.isQuantized }),
    undo: () => live(session.undo),
    redo: () => live(session.redo),
    toggleMixer: () => page.toggle('mixer'),
    togglePlayPage: () => page.toggle('play'),
    panic: () => session.panic('ENGINE'),
    showShortcuts: () => page.open('shortcuts'),
    hasSingleKeys: () => session.prefs.singleKeys,
  };
};

/** Delete, which on a Mac's keyboard is Backspace, on a pad that holds something: its slot. */
const slotToClear = ({ key, target }: KeyboardEvent, { session }: Page): number | undefined => {
  if (key !== 'Delete' && key !== 'Backspace') return undefined;
  const pad = target instanceof HTMLElement ? target.dataset['pad'] : undefined;
  const slot = session.state.slots[Number(pad)];
  if (!slot || !session.isLive()) return undefined;
  return slot.takeId !== null || slot.state === 'RECORDING' ? Number(pad) : undefined;
};

const listenToKeys = (page: Page) => {
  const actions = keyActions(page);
  const onKeyDown = (event: KeyboardEvent) => {
    const isInSheet = document.querySelector('dialog[open]') !== null;
    const isPanic = event.code === 'Escape' && event.shiftKey;
    if ((isInSheet && !isPanic) || belongsToFocus(event.target, event)) return;
    if (event.code === 'Escape' && !event.shiftKey && page.isDocked()) page.open('none');
    const slot = slotToClear(event, page);
    if (slot !== undefined) void clearSlot(page.session, slot);
    else if (pressKey(event, actions)) event.preventDefault();
  };
  window.addEventListener('keydown', onKeyDown);
  onCleanup(() => window.removeEventListener('keydown', onKeyDown));
};

/** Over the page, and over the sheet that is open: only what is in a modal one is not inert. */
const keepOnTop = (box: HTMLElement, { sheet }: Page) => {
  createEffect(() => (sheet() ?? document.body).append(box));
  onCleanup(() => box.remove());
};

export const Around = () => {
  const page = usePage();
  const fly = makeFlight(page);
  createAlertNotes();
  keepAwake();
  onMount(() => {
    listenToKeys(page);
    onCleanup(watchPointedFocus());
    onCleanup(page.session.onCapture(fly));
  });
  const said = (
    <div>
      <CriticalBanner />
      <Toasts isOver />
      <Spoken />
      <Reconnecting />
    </div>
  );
  keepOnTop(said as HTMLElement, page);
  return (
    <>
      <SafeBar />
      <Outlines paths={LATER_ICONS} />
    </>
  );
};
