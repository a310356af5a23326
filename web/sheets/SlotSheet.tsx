/** One slot in full: name, mute, solo, its sound as a line, volume, pan, a new take, clear. */
import { For, Match, Show, Switch } from 'solid-js';
import { LOOP_BARS } from '../../protocol/limits.ts';
import { clearSlot } from '../overlay/clear-slot.ts';
import { dbText, faderToGain, gainToDb, gainToFader } from '../music/level.ts';
import { panText } from '../music/pan.ts';
import { barsText } from '../music/words.ts';
import { Icon } from '../stage/Icon.tsx';
import { slotStyle, usePage } from '../use-session.ts';
import { later } from '../later.tsx';
import { Adjust } from './Adjust.tsx';
import { createFader } from './create-fader.ts';
import { EarlierTakes } from './EarlierTakes.tsx';
import { SlotSheetHead } from './SlotSheetHead.tsx';
import { MergePick, TailSwitch, TempoModes } from './SlotWays.tsx';
import { TakeLine } from './TakeLine.tsx';
import s from './SlotSheet.module.css';

const STEPS = 1000;

const SlotChain = later(() => import('./PluginChain.tsx'), 'SlotChain');

const Faders = (props: { index: number }) => {
  const { session } = usePage();
  const gain = () => session.volumeOf(props.index);
  const pan = createFader(
    () => session.state.slots[props.index]?.pan ?? 0,
    (val) => ({ cmd: 'SET_PAN', slot: props.index, val }),
  );
  return (
    <div class={s['two']}>
      <label>
        <span class={s['row']}>
          Volume <b>{dbText(gainToDb(gain()))}</b>
        </span>
        <input
          class="fader"
          type="range"
          min="0"
          max={STEPS}
          value={Math.round(gainToFader(gain()) * STEPS)}
          style={{ '--at': gainToFader(gain()) }}
          disabled={!session.isLive()}
          aria-valuetext={dbText(gainToDb(gain()))}
          onInput={({ currentTarget: { valueAsNumber } }) =>
            session.setVolume(props.index, faderToGain(valueAsNumber / STEPS))
          }
          onChange={({ currentTarget: { valueAsNumber } }) =>
            session.endVolume(props.index, faderToGain(valueAsNumber / STEPS))
          }
          onDblClick={() => session.endVolume(props.index, 1)}
        />
      </label>
      <label>
        <span class={s['row']}>
          Pan <b>{panText(pan.value())}</b>
        </span>
        <input
          class="fader"
          data-kind="pan"
          type="range"
          min="-1"
          max="1"
          step="0.02"
          value={pan.value()}
          disabled={!session.isLive()}
          aria-valuetext={panText(pan.value())}
          onInput={({ currentTarget: { valueAsNumber } }) => pan.move(valueAsNumber)}
          onChange={({ currentTarget: { valueAsNumber } }) => pan.end(valueAsNumber)}
          onDblClick={() => pan.end(0)}
        />
      </label>
    </div>
  );
};

const madeOf = (takes: number): string =>
  takes > 1 ? `${takes} takes, each as it was played` : 'exactly as played';

const LengthRow = (props: { index: number; isOver: boolean }) => {
  const { session } = usePage();
  const words = (bars: number) =>
    `${bars}: capture the last ${barsText(bars)} ${props.isOver ? 'over this loop' : 'into this slot'}`;
  const mode = () => (props.isOver ? 'overdub' : undefined);
  return (
    <div class={s['lengths']}>
      <For each={LOOP_BARS}>
        {(bars) => (
          <button
            type="button"
            class="control"
            disabled={!session.isLive()}
            aria-label={words(bars)}
            onClick={(event) =>
              session.capture(props.index, bars, event.timeStamp, { mode: mode() })
            }
          >
            {bars}
          </button>
        )}
      </For>
    </div>
  );
};

/** Instead of the loop, or over it. */
const TakeNew = (props: { index: number; hasLoop: boolean }) => {
  const { open } = usePage();
  return (
    <div>
      <div class={s['row']}>
        <h3>Take what was just played</h3>
        <span>bars</span>
      </div>
      <LengthRow index={props.index} isOver={false} />
      <button
        type="button"
        class={`control ${s['earlier']}`}
        onClick={() => open('past', props.index)}
      >
        Earlier bars into this slot…
      </button>
      <Show when={props.hasLoop}>
        <div class={`${s['row']} ${s['second']}`}>
          <h3>Lay it over this loop</h3>
          <span>bars</span>
        </div>
        <LengthRow index={props.index} isOver />
      </Show>
    </div>
  );
};

const Facts = (props: { index: number }) => {
  const { session } = usePage();
  const slot = () => session.state.slots[props.index];
  return (
    <dl class={s['facts']}>
      <dt>Kept</dt>
      <dd>
        <Icon name={slot()?.saved ? 'check' : 'disk'} size={14} />
        {slot()?.saved ? 'saved, survives a power cut' : 'being written to disk'}
      </dd>
      <dt>Sound</dt>
      <dd data-tone={slot()?.tainted || slot()?.damaged ? 'warn' : 'quiet'}>
        <Switch fallback={madeOf(slot()?.layerCount ?? 1)}>
          <Match when={slot()?.damaged}>
            <Icon name="warn" size={14} /> its file is missing or damaged
          </Match>
          <Match when={slot()?.tainted}>
            <Icon name="warn" size={14} /> a dropout, a gap or a clip touched it
          </Match>
        </Switch>
      </dd>
      <Show when={slot()?.acrossChange}>
        <dt>Bars</dt>
        <dd>counted over a change of tempo or meter</dd>
      </Show>
    </dl>
  );
};

export const SlotSheet = (props: { index: number }) => {
  const { session } = usePage();
  const slot = () => session.state.slots[props.index];
  const takeId = () => slot()?.takeId ?? null;
  return (
    <div class={s['sheet']} style={slotStyle(props.index)}>
      <SlotSheetHead index={props.index} />
      <Show
        when={takeId()}
        fallback={<p class={s['empty']}>Empty. Take what was just played with a length below.</p>}
      >
        {(id) => (
          <>
            <div>
              <div class={s['row']}>
                <h3>Loop</h3>
                <span>{barsText(slot()?.bars ?? 0)}</span>
              </div>
              <TakeLine index={props.index} takeId={id()} />
              <Adjust index={props.index} />
            </div>
            <Faders index={props.index} />
          </>
        )}
      </Show>
      <SlotChain />
      <TakeNew index={props.index} hasLoop={takeId() !== null} />
      <Show when={takeId()}>
        {(id) => (
          <>
            <TempoModes index={props.index} />
            <MergePick index={props.index} />
            <EarlierTakes index={props.index} />
            <Facts index={props.index} />
            <div class={s['ends']}>
              <TailSwitch index={props.index} />
              <Show when={slot()?.layerCount === 1}>
                <a class="control" href={`api/takes/${id()}/audio`} download={`take-${id()}.wav`}>
                  <Icon name="save" /> Take as WAV
                </a>
              </Show>
              <button
                type="button"
                class={`control ${s['clear']}`}
                disabled={!session.isLive()}
                onClick={() => void clearSlot(session, props.index)}
              >
                Clear slot
              </button>
            </div>
          </>
        )}
      </Show>
    </div>
  );
};
