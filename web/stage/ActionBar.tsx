/** Undo and Redo that name what they do, what pads take, and Panic. */
import { createMemo, onCleanup, onMount, Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { makePress } from '../input/press.ts';
import { around } from '../around.ts';
import { riffWords, type RiffWords } from '../music/words.ts';
import { type Page, slotStyle, usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import { Panic } from './Panic.tsx';
import s from './ActionBar.module.css';

const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);

const Step = (props: { words: RiffWords }) => (
  <span class={s['what']}>
    {lower(props.words.before)}
    <Show when={props.words.slot !== null}>
      <span class="chip small" style={slotStyle(props.words.slot ?? 0)}>
        {(props.words.slot ?? 0) + 1}
      </span>
    </Show>
  </span>
);

/** Words of a riff; when it is not among the newest, what the server calls it. */
const wordsOf = (row: RiffRow | undefined, label: string | null, slot: number | null) =>
  row ? riffWords(row) : { before: label ?? '', slot };

const PadLength = around('PadLength');

const Views = around('Views');

/** A tap undoes; held, or with the other button, it shows what there is to go back to. */
const bindUndo = (page: Page) => (button: HTMLElement) =>
  onMount(() =>
    onCleanup(
      makePress(button, {
        isEnabled: page.session.isLive,
        onLight: () => {},
        onPress: page.session.undo,
        onHold: () => page.open('history'),
      }),
    ),
  );

const UndoRedo = () => {
  const page = usePage();
  const { session } = page;
  const history = () => session.state.history;
  const rowOf = (id: string | undefined): RiffRow | undefined =>
    history().newest.find((row) => row.id === id);
  const undo = createMemo(() =>
    wordsOf(rowOf(history().head), history().undoLabel, history().undoSlot),
  );
  const redo = createMemo(() =>
    wordsOf(rowOf(history().redoIds[0]), history().redoLabel, history().redoSlot),
  );
  return (
    <>
      <button
        type="button"
        class={`control ${s['undo']}`}
        data-do="undo"
        ref={bindUndo(page)}
        title="Hold: the history"
        disabled={!history().canUndo || !session.isLive()}
      >
        <Icon name="undo" />
        Undo
        <Show when={history().canUndo}>
          <Show when={page.isNarrow()} fallback={<Step words={undo()} />}>
            <Show when={undo().slot !== null}>
              <Step words={{ before: '', slot: undo().slot }} />
            </Show>
          </Show>
        </Show>
      </button>
      <button
        type="button"
        class="control"
        data-do="redo"
        disabled={!history().canRedo || !session.isLive()}
        aria-label={page.isNarrow() ? `Redo ${redo().before}` : undefined}
        onClick={session.redo}
      >
        <Icon name="redo" />
        <Show when={!page.isNarrow()}>
          Redo
          <Show when={history().canRedo}>
            <Step words={redo()} />
          </Show>
        </Show>
      </button>
    </>
  );
};

export const ActionBar = () => {
  const page = usePage();
  return (
    <nav class={s['bar']} aria-label="Steps">
      <UndoRedo />
      <Show
        when={!page.isPhone()}
        fallback={
          <Show when={!page.isNarrow()}>
            <span class={s['space']} />
          </Show>
        }
      >
        <span class={s['space']} />
        <Show when={page.hasColumn()}>
          <PadLength />
          <span class={s['space']} />
        </Show>
      </Show>
      <Views />
      <Show when={!page.hasColumn()}>
        <button type="button" class="control" onClick={() => page.open('history')}>
          <Icon name="history" />
          <Show when={!page.isNarrow()}>History</Show>
          <Show when={page.isNarrow()}>
            <span class="unseen">History</span>
          </Show>
        </button>
      </Show>
      <Panic />
      <Show when={page.isPhone()}>
        <button type="button" class="control" aria-label="More" onClick={() => page.open('more')}>
          <Icon name="more" size={20} />
        </button>
      </Show>
    </nav>
  );
};
