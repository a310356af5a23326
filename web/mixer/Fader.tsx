/** One fader of the mixer, over the meter of what it sets: the same scale for both. */
import { type JSX, onCleanup, onMount } from 'solid-js';
import { makeSlide } from '../input/slide.ts';
import { DB_MIN, dbText, dbToPlace, placeToDb } from '../music/level.ts';
import { usePage } from '../use-session.ts';
import s from './Fader.module.css';

const STEP_DB = 0.5;
const FINE_DB = 0.1;
const PAGE_DB = 3;

interface FaderProps {
  readonly label: string;
  /** −∞ = silent. */
  readonly db: number;
  readonly maxDb: number;
  readonly onMove: (db: number) => void;
  /** The finger left, or a key was pressed: what comes last. */
  readonly onEnd: (db: number) => void;
  /** The meter. */
  readonly children: JSX.Element;
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowUp: STEP_DB,
  ArrowRight: STEP_DB,
  ArrowDown: -STEP_DB,
  ArrowLeft: -STEP_DB,
  PageUp: PAGE_DB,
  PageDown: -PAGE_DB,
};

/** The lowest place is silence. */
const dbAt = (place: number, maxDb: number): number =>
  place <= 0 ? -Infinity : Math.min(maxDb, placeToDb(place));

const bindSlide = (lane: HTMLElement, props: FaderProps) => {
  const { session, isPhone } = usePage();
  let place = 0;
  onMount(() =>
    onCleanup(
      makeSlide(lane, {
        isEnabled: session.isLive,
        isLying: isPhone,
        onStart: () => {
          place = dbToPlace(props.db);
        },
        onMove(px) {
          const length = isPhone() ? lane.clientWidth : lane.clientHeight;
          place = Math.max(0, Math.min(dbToPlace(props.maxDb), place + px / Math.max(1, length)));
          props.onMove(dbAt(place, props.maxDb));
        },
        onEnd: () => props.onEnd(dbAt(place, props.maxDb)),
        onDoubleTap: () => props.onEnd(0),
      }),
    ),
  );
};

export const Fader = (props: FaderProps) => {
  const { session, isPhone } = usePage();
  const shown = () => Math.max(DB_MIN, props.db);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = KEYS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const isFine = event.shiftKey && event.key.startsWith('Arrow');
    const db = Math.min(props.maxDb, shown() + (isFine ? Math.sign(step) * FINE_DB : step));
    props.onEnd(db <= DB_MIN ? -Infinity : db);
  };
  return (
    <div
      ref={(lane) => bindSlide(lane, props)}
      class={s['lane']}
      data-fader
      style={{ '--at': dbToPlace(props.db) }}
    >
      {props.children}
      <span class={s['cap']} aria-hidden="true" />
      <input
        type="range"
        min={DB_MIN}
        max={props.maxDb}
        step={FINE_DB}
        value={shown()}
        aria-label={props.label}
        aria-orientation={isPhone() ? 'horizontal' : 'vertical'}
        aria-valuetext={dbText(props.db)}
        disabled={!session.isLive()}
        onKeyDown={onKeyDown}
        onChange={({ currentTarget: { valueAsNumber: db } }) =>
          props.onEnd(db <= DB_MIN ? -Infinity : db)
        }
      />
    </div>
  );
};
