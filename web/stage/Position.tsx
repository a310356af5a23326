/** Bar and beat as figures and lamps; written by the painter, only when they change. */
import { Index, onCleanup, onMount } from 'solid-js';
import { positionAt } from '../music/position.ts';
import { usePage } from '../use-session.ts';
import { keepElements } from './keep-elements.ts';
import s from './Header.module.css';

interface PositionElements {
  readonly bar: HTMLElement;
  readonly beat: HTMLElement;
  readonly lamps: HTMLElement;
}

const LAMPS_WIDE_MAX = 5;

export const Position = () => {
  const { session } = usePage();
  const { beat, features, painter } = session;
  const { elements, keep } = keepElements<PositionElements>();
  const beats = () => session.state.transport.meter.beats;
  const at = { bar: 1, beat: 1 };
  const shown = { bar: -1, beat: -1, count: 0 };

  const paint = (nowMs: number) => {
    const { children, childElementCount: count } = elements.lamps;
    positionAt(beat.beatAt(nowMs), beat.barStartBeat(), features.frame.barIndex, count, at);
    if (at.bar === shown.bar && at.beat === shown.beat && count === shown.count) return;
    Object.assign(shown, at, { count });
    elements.bar.textContent = String(at.bar);
    elements.beat.textContent = String(at.beat);
    for (let index = 0; index < count; index++) {
      const is = index + 1 < at.beat ? 'past' : index + 1 === at.beat ? 'now' : 'next';
      children[index]?.setAttribute('data-is', is);
    }
  };
  onMount(() => onCleanup(painter.add(paint)));

  return (
    <>
      <div class={s['position']} data-position aria-hidden="true">
        <span ref={keep('bar')}>1</span>
        <i>.</i>
        <span ref={keep('beat')}>1</span>
      </div>
      <div
        ref={keep('lamps')}
        class={s['lamps']}
        data-many={beats() > LAMPS_WIDE_MAX}
        aria-hidden="true"
      >
        <Index each={Array.from({ length: beats() })}>{() => <span class={s['lamp']} />}</Index>
      </div>
    </>
  );
};
