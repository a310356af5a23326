/** Any bars that were played in the last day, into a slot: when, a length, the last bar, where to. */
import { For, Index, Show } from 'solid-js';
import { LOOP_BARS } from '../../protocol/limits.ts';
import { wallMs } from '../clock.ts';
import { agoText } from '../music/ago.ts';
import type { PastMoment } from '../music/past-moments.ts';
import { barsText } from '../music/words.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { barsName, createPast, type Past } from './create-past.ts';
import { PastBars } from './PastBars.tsx';
import { Dock, Sheet, SheetHead } from './Sheet.tsx';
import more from './MoreSheet.module.css';
import pick from '../stage/Pick.module.css';
import s from './PastSheet.module.css';

const nameOf = ({ atMs, isNow }: PastMoment): string =>
  `${agoText(atMs, wallMs())}${isNow ? '' : ', before a restart'}`;

/** Long ago, also before a restart; the newest bars otherwise. */
const WhenLine = (props: { past: Past }) => {
  const index = () => {
    const moment = props.past.moment();
    return moment ? props.past.moments().indexOf(moment) : -1;
  };
  return (
    <Show when={props.past.moments().length > 0}>
      <label class={more['line']}>
        <span>From</span>
        <select
          class="control"
          aria-label="From"
          value={String(index())}
          onChange={({ currentTarget: { value } }) =>
            props.past.setMoment(props.past.moments()[Number(value)] ?? null)
          }
        >
          <option value="-1">the newest bars</option>
          <For each={props.past.moments()}>
            {(moment, at) => <option value={String(at())}>{nameOf(moment)}</option>}
          </For>
        </select>
      </label>
    </Show>
  );
};

const LengthLine = (props: { past: Past }) => (
  <div class={more['line']}>
    <span>Bars</span>
    <div class={pick['switch']} role="group" aria-label="Bars to take">
      <For each={LOOP_BARS}>
        {(bars) => (
          <button
            type="button"
            aria-label={barsText(bars)}
            aria-pressed={props.past.bars() === bars}
            disabled={bars > props.past.newest() + 1}
            onClick={() => props.past.setBars(bars)}
          >
            {bars}
          </button>
        )}
      </For>
    </div>
  </div>
);

const IntoLine = (props: { past: Past }) => {
  const { session } = usePage();
  const isFull = () => typeof session.state.slots[props.past.slot()]?.takeId === 'string';
  return (
    <label class={more['line']}>
      <span>
        Into
        <Show when={isFull()}>
          <small>Its loop makes room, Undo brings it back</small>
        </Show>
      </span>
      <select
        class="control"
        aria-label="Into"
        value={String(props.past.slot())}
        onChange={({ currentTarget: { value } }) => props.past.setSlot(Number(value))}
      >
        <Show when={props.past.slot() < 0}>
          <option value="-1">choose a slot</option>
        </Show>
        <Index each={session.state.slots}>
          {(slot, index) => (
            <option value={String(index)}>
              slot {index + 1} {slot().takeId === null ? 'empty' : slot().name}
            </option>
          )}
        </Index>
      </select>
    </label>
  );
};

const TakeButton = (props: { past: Past; onTaken: () => void }) => {
  const { session } = usePage();
  const take = () =>
    void props.past.take().then((isTaken) => {
      if (isTaken) props.onTaken();
    });
  return (
    <button
      type="button"
      class={`control ${s['take']}`}
      disabled={!session.isLive() || props.past.isFetching() || props.past.slot() < 0}
      onClick={take}
    >
      Take {barsName(props.past.from(), props.past.end())} into
      <Show when={props.past.slot() >= 0} fallback="…">
        <span class="chip small">{props.past.slot() + 1}</span>
      </Show>
    </button>
  );
};

const Body = (props: { onTaken: () => void }) => {
  const past = createPast();
  const style = () => (past.slot() < 0 ? { '--c': 'var(--text)' } : slotStyle(past.slot()));
  return (
    <div class={s['past']} style={style()}>
      <WhenLine past={past} />
      <Show
        when={past.newest() >= 0}
        fallback={<p class={s['hint']}>The first bar is still being played.</p>}
      >
        <p class={s['hint']}>Tap the last bar of the part. The newest is at the end.</p>
        <PastBars past={past} />
        <LengthLine past={past} />
        <IntoLine past={past} />
        <p class={s['why']} role="alert">
          {past.why()}
        </p>
        <TakeButton past={past} onTaken={props.onTaken} />
      </Show>
    </div>
  );
};

const TITLE = 'Earlier bars';

/** Over the page: closed by what it is for. */
export const PastSheet = () => {
  const { open } = usePage();
  return (
    <Sheet label={TITLE}>
      <SheetHead title={TITLE} />
      <Body onTaken={() => open('none')} />
    </Sheet>
  );
};

/** Beside the grid: stays for the next part. */
export const PastDock = () => (
  <Dock label={TITLE}>
    <SheetHead title={TITLE} />
    <Body onTaken={() => undefined} />
  </Dock>
);
