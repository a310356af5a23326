/** What was played, bar by bar, eight to a line: a tap makes a bar the last one of the part. */
import { createMemo, Index, onMount, Show } from 'solid-js';
import { barOutline, OUTLINE_COLUMNS } from '../music/bar-outline.ts';
import { usePage } from '../use-session.ts';
import { LINE_BARS } from './create-moments.ts';
import type { Past } from './create-past.ts';
import s from './PastSheet.module.css';

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -LINE_BARS,
  ArrowDown: LINE_BARS,
};

const PastBar = (props: { past: Past; bar: number }) => {
  const { session } = usePage();
  const outline = createMemo(() => {
    // The last buckets of a bar come after its end.
    props.past.newest();
    if (props.past.runId() !== undefined) return undefined;
    const place = session.bars.place(props.bar);
    return place && barOutline(session.strip, place);
  });
  return (
    <button
      type="button"
      role="radio"
      class={s['bar']}
      data-bar={props.bar}
      data-in={props.past.isIn(props.bar)}
      data-known={outline() !== undefined}
      aria-label={`Bar ${props.bar + 1}`}
      aria-checked={props.past.end() === props.bar}
      tabindex={props.past.end() === props.bar ? 0 : -1}
      onClick={() => props.past.setEnd(props.bar)}
    >
      <Show when={outline()}>
        <svg viewBox={`0 -1 ${OUTLINE_COLUMNS} 2`} preserveAspectRatio="none" aria-hidden="true">
          <polygon points={outline() ?? ''} />
        </svg>
      </Show>
      <span>{props.bar + 1}</span>
    </button>
  );
};

export const PastBars = (props: { past: Past }) => {
  const lines = createMemo(() => {
    const count = Math.ceil((props.past.newest() + 1 - props.past.first()) / LINE_BARS);
    return Array.from({ length: Math.max(0, count) }, (_, line) => line);
  });
  let list: HTMLElement | undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const bar = props.past.end() + step;
    if (bar >= 0 && bar < props.past.first()) props.past.showMore();
    props.past.setEnd(bar);
    list?.querySelector<HTMLElement>(`[data-bar="${props.past.end()}"]`)?.focus();
  };
  return (
    <div
      class={s['bars']}
      ref={(element) => {
        list = element;
        onMount(() => element.scrollTo(0, element.scrollHeight));
      }}
    >
      <Show when={props.past.first() > 0}>
        <button type="button" class="control" onClick={props.past.showMore}>
          Bars before {props.past.first() + 1}
        </button>
      </Show>
      <div role="radiogroup" aria-label="Last bar of the part" onKeyDown={onKeyDown}>
        <Index each={lines()}>
          {(line) => (
            <div class={s['line']} role="presentation">
              <Index each={Array.from({ length: LINE_BARS })}>
                {(_, place) => {
                  const bar = () => props.past.first() + line() * LINE_BARS + place;
                  return (
                    <Show when={bar() <= props.past.newest()}>
                      <PastBar past={props.past} bar={bar()} />
                    </Show>
                  );
                }}
              </Index>
            </div>
          )}
        </Index>
      </div>
    </div>
  );
};
