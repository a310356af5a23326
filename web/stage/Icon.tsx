/** One sprite for all icons: 24 grid, 1.75 px stroke, round ends; filled only where it says so. */
import { For } from 'solid-js';

const STROKED = {
  mute: 'M4 9.5v5h3.2L12 18.5v-13L7.2 9.5zM16 9.5l5 5M21 9.5l-5 5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 7.5V12l3 2',
  sending:
    'M12 7.5V12l3 2M12 3.5a8.5 8.5 0 0 1 2.5.4M18 6a8.5 8.5 0 0 1 2.3 4M20 14.6a8.5 8.5 0 0 1-2.3 3.6M13.8 20.3a8.5 8.5 0 0 1-4.3-.2M5.8 17.8a8.5 8.5 0 0 1-2.1-3.7M3.8 9.7a8.5 8.5 0 0 1 2.2-3.6',
  solo: 'M4 14.5V12a8 8 0 0 1 16 0v2.5M4 14.5a2 2 0 0 1 2-1h1.5v6H6a2 2 0 0 1-2-2zM20 14.5a2 2 0 0 0-2-1h-1.5v6H18a2 2 0 0 0 2-2z',
  down: 'M12 4.5v14M6.5 13.5l5.5 5.5 5.5-5.5',
  warn: 'M12 4L21.5 20h-19zM12 10v4.5M12 17.2v.1',
  undo: 'M8.5 4.5L4 9l4.5 4.5M4 9h9.5a6 6 0 0 1 0 12H10',
  redo: 'M15.5 4.5L20 9l-4.5 4.5M20 9h-9.5a6 6 0 0 0 0 12H14',
  close: 'M6 6l12 12M18 6L6 18',
  chevron: 'M6.5 9.5l5.5 5.5 5.5-5.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  metronome: 'M9 4h6l3.5 16h-13zM7.5 14.5h9M12 14.5l6-9',
  wifi: 'M2.5 9a14 14 0 0 1 19 0M5.8 12.7a9 9 0 0 1 12.4 0M9 16.2a4.5 4.5 0 0 1 6 0M12 19.5v.1',
  history: 'M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4.5v4h4M12 8v4.5l3 1.8',
  panic: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16.4v.1',
  repeat:
    'M17 3l3.5 3.5L17 10M20.5 6.5H7a3.5 3.5 0 0 0-3.5 3.5v1M7 21l-3.5-3.5L7 14M3.5 17.5H17a3.5 3.5 0 0 0 3.5-3.5v-1',
  save: 'M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15',
  disk: 'M4 6.5c0-4 16-4 16 0v11c0 4-16 4-16 0zM4 6.5c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
  power: 'M12 3.5v8M7 6.5a8 8 0 1 0 10 0',
  move: 'M8 20V5M4 9l4-4 4 4M16 4v15M12 15l4 4 4-4',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  plus: 'M12 5v14M5 12h14',
  screens:
    'M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5M11 17.5h2',
} as const;

const FILLED = {
  play: 'M7.5 4.8v14.4L19.5 12z',
  pause: 'M7 5h3.6v14H7zM13.4 5H17v14h-3.6z',
  dot: 'M12 6.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11',
  more: 'M5.5 10.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M12 10.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M18.5 10.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4',
} as const;

export type IconName = keyof typeof STROKED | keyof typeof FILLED;

export const IconSprite = () => (
  <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
    <For each={Object.entries(STROKED)}>
      {([name, path]) => (
        <symbol id={`i-${name}`} viewBox="0 0 24 24">
          <path
            d={path}
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </symbol>
      )}
    </For>
    <For each={Object.entries(FILLED)}>
      {([name, path]) => (
        <symbol id={`i-${name}`} viewBox="0 0 24 24">
          <path d={path} fill="currentColor" />
        </symbol>
      )}
    </For>
  </svg>
);

export const Icon = (props: { name: IconName; size?: number }) => (
  <svg
    width={props.size ?? 18}
    height={props.size ?? 18}
    aria-hidden="true"
    style={{ flex: 'none' }}
  >
    <use href={`#i-${props.name}`} />
  </svg>
);
