/** Which key does what; single letters can be switched off. */
import { For } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Sheet, SheetHead } from './Sheet.tsx';
import s from './MoreSheet.module.css';

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['1', '…', '8'], 'capture into that slot'],
  [['⇧', '1', '…', '8'], 'mute or unmute it'],
  [['R', 'E', 'W', 'Q'], 'take the last 8, 4, 2, 1 bars'],
  [['Del', '⌫'], 'clear the focused slot'],
  [['Space'], 'play or pause'],
  [['M'], 'metronome'],
  [['T'], 'tap the tempo'],
  [['F'], 'cut on the bar, or free'],
  [['P'], 'mixer, or slots'],
  [['I'], 'pads and keys, or slots'],
  [['⌘', 'Z'], 'undo, with ⇧ redo (Ctrl elsewhere)'],
  [['Esc'], 'close what is open'],
  [['⇧', 'Esc'], 'panic: silence at once'],
  [['Z', 'S', 'X', '…', '/'], 'play the instrument that is open'],
  [['?'], 'this list'],
];

export const Shortcuts = () => {
  const { session } = usePage();
  return (
    <Sheet label="Keyboard shortcuts">
      <SheetHead title="Keys" />
      <div class={s['body']}>
        <dl class={s['keys']}>
          <For each={KEYS}>
            {([keys, meaning]) => (
              <>
                <dt>
                  <For each={keys}>{(key) => (key === '…' ? '–' : <kbd>{key}</kbd>)}</For>
                </dt>
                <dd>{meaning}</dd>
              </>
            )}
          </For>
        </dl>
        <div class={s['line']}>
          <span>
            Single keys
            <small>Letters, digits: off when they are in the way</small>
          </span>
          <button
            type="button"
            class="control"
            aria-pressed={session.prefs.singleKeys}
            onClick={() => session.setPrefs({ singleKeys: !session.prefs.singleKeys })}
          >
            {session.prefs.singleKeys ? 'On' : 'Off'}
          </button>
        </div>
      </div>
    </Sheet>
  );
};
