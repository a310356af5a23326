/** The page: header, slots, strip, steps, and the history or a slot's sheet beside them. */
import { onCleanup, onMount, Show } from 'solid-js';
import { around } from './around.ts';
import { later } from './later.tsx';
import { ActionBar } from './stage/ActionBar.tsx';
import { CaptureStrip } from './stage/CaptureStrip.tsx';
import { Header } from './stage/Header.tsx';
import { IconSprite } from './stage/Icon.tsx';
import { SlotGrid } from './stage/SlotGrid.tsx';
import { createSession } from './sync/create-session.ts';
import { createPage, type Page, PageProvider } from './use-session.ts';
import s from './App.module.css';

// The stage stands first; what is around it comes at once after, the sheets a moment later.
const Around = around('Around');
const HistoryList = later(() => import('./stage/HistoryColumn.tsx'), 'HistoryColumn');
const StripAlert = around('StripAlert');
const Notes = around('Toasts');
const loadSheets = () => import('./sheets/AllSheets.tsx');
const Sheets = later(loadSheets, 'Sheets');
const Docked = later(loadSheets, 'Docked');
const PairThis = later(() => import('./overlay/PairThis.tsx'), 'PairThis');
const loadMixer = () => import('./mixer/Mixer.tsx');
const Mixer = later(loadMixer, 'Mixer');
const PlayPage = later(() => import('./play/PlayPage.tsx'), 'PlayPage');
const SHEETS_AFTER_MS = 600;

const Aside = (props: { page: Page }) => (
  <aside class={s['aside']} aria-label={props.page.isDocked() ? 'Opened' : 'Past'}>
    <HistoryList />
    <Show when={props.page.isDocked()}>
      <Docked />
    </Show>
    <Notes />
  </aside>
);

const Strip = () => (
  <div class={s['strip']}>
    <CaptureStrip />
    <StripAlert />
  </div>
);

export const App = () => {
  const page = createPage(createSession());
  const { session, isPhone, hasColumn } = page;
  onMount(() => {
    const timer = setTimeout(
      () => void Promise.allSettled([loadSheets(), loadMixer()]),
      SHEETS_AFTER_MS,
    );
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <PageProvider value={page}>
      <IconSprite />
      <div
        class={s['app']}
        data-live={session.isLive()}
        data-column={hasColumn()}
        data-docked={page.isDocked()}
      >
        <Header />
        <main class={s['main']}>
          <h1 class="unseen">FlowZone</h1>
          <Show when={isPhone()}>
            <Strip />
          </Show>
          <div class={s['grid']}>
            <Show when={page.view() !== 'slots'} fallback={<SlotGrid />}>
              <Show when={page.view() === 'mixer'} fallback={<PlayPage />}>
                <Mixer />
              </Show>
            </Show>
          </div>
          <Show when={!isPhone()}>
            <Strip />
          </Show>
        </main>
        <div class={s['steps']}>
          <ActionBar />
        </div>
        <Show when={hasColumn()}>
          <Aside page={page} />
        </Show>
      </div>
      <Show when={page.panel() !== 'none'}>
        <Sheets />
      </Show>
      <Show when={session.isStranger()}>
        <PairThis />
      </Show>
      <Around />
    </PageProvider>
  );
};
