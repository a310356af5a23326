/** Icons of the stage: 24 grid, 1.75 px stroke, round ends; filled only where it says so. */
import { For } from 'solid-js';
import type { LaterIconName } from './later-icons.ts';

const STROKED = {
  mute: 'M4 9.5v5h3.2L12 18.5v-13L7.2 9.5zM16 9.5l5 5M21 9.5l-5 5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 7.5V12l3 2',
  down: 'M12 4.5v14M6.5 13.5l5.5 5.5 5.5-5.5',
  warn: 'M12 4L21.5 20h-19zM12 10v4.5M12 17.2v.1',
  undo: 'M8.5 4.5L4 9l4.5 4.5M4 9h9.5a6 6 0 0 1 0 12H10',
  redo: 'M15.5 4.5L20 9l-4.5 4.5M20 9h-9.5a6 6 0 0 0 0 12H14',
  chevron: 'M6.5 9.5l5.5 5.5 5.5-5.5',
  metronome: 'M9 4h6l3.5 16h-13zM7.5 14.5h9M12 14.5l6-9',
  history: 'M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4.5v4h4M12 8v4.5l3 1.8',
  panic: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16.4v.1',
} as const;

const FILLED = {
  play: 'M7.5 4.8v14.4L19.5 12z',
  pause: 'M7 5h3.6v14H7zM13.4 5H17v14h-3.6z',
  dot: 'M12 6.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11',
  more: 'M5.5 10.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M12 10.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M18.5 10.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4',
} as const;

export type IconName = keyof typeof STROKED | keyof typeof FILLED | LaterIconName;

/** Outlines by name, to be used by every `Icon` of the page once they are in it. */
export const Outlines = (props: { paths: Readonly<Record<string, string>> }) => (
  <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
    <For each={Object.entries(props.paths)}>
      {([name, path]) => (
        <symbol id={`i-${name}`} viewBox="0 0 24 24">
          <path
            d={path}
            fill={name in FILLED ? 'currentColor' : 'none'}
            stroke={name in FILLED ? undefined : 'currentColor'}
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </symbol>
      )}
    </For>
  </svg>
);

export const IconSprite = () => <Outlines paths={{ ...STROKED, ...FILLED }} />;

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
