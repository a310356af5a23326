/** One slot in the mixer: its ring, pan, volume over its level, mute and solo. */
import { type JSX, Show } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { createFader } from '../sheets/create-fader.ts';
import { dbFigure, gainToDb } from '../music/level.ts';
import { panText } from '../music/pan.ts';
import { createLook } from '../stage/create-look.ts';
import { keepElements } from '../stage/keep-elements.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { type ChannelElements, createChannelPainter } from './create-channel-painter.ts';
import { Fader } from './Fader.tsx';
import s from './Channel.module.css';
import f from './Fader.module.css';

interface ChannelProps {
  readonly index: number;
  readonly slot: SlotOf;
}

const gainOf = (db: number) => (db === -Infinity ? 0 : Math.min(1, 10 ** (db / 20)));

const Pan = (props: ChannelProps) => {
  const { session } = usePage();
  const pan = createFader(
    () => props.slot.pan,
    (val) => ({ cmd: 'SET_PAN', slot: props.index, val }),
  );
  return (
    <input
      class={`fader ${s['pan']}`}
      data-kind="pan"
      type="range"
      min="-1"
      max="1"
      step="0.02"
      value={pan.value()}
      aria-label={`Pan of slot ${props.index + 1}`}
      aria-valuetext={panText(pan.value())}
      title={panText(pan.value())}
      disabled={!session.isLive()}
      onInput={({ currentTarget: { valueAsNumber } }) => pan.move(valueAsNumber)}
      onChange={({ currentTarget: { valueAsNumber } }) => pan.end(valueAsNumber)}
      onDblClick={() => pan.end(0)}
    />
  );
};

const Keys = (props: ChannelProps) => {
  const { session } = usePage();
  const number = () => props.index + 1;
  return (
    <div class={s['keys']}>
      <button
        type="button"
        class="control"
        aria-pressed={session.mutedOf(props.index)}
        aria-label={`M: mute slot ${number()}`}
        disabled={!session.isLive()}
        onClick={(event) => session.toggleMute(props.index, event)}
      >
        M
      </button>
      <button
        type="button"
        class="control"
        aria-pressed={props.slot.soloed}
        aria-label={`S: solo slot ${number()}`}
        disabled={!session.isLive()}
        onClick={(event) => session.toggleSolo(props.index, event)}
      >
        S
      </button>
    </div>
  );
};

const Head = (props: ChannelProps & { children: JSX.Element; word: string }) => {
  const { showSlot, openSlot } = usePage();
  const label = () => {
    const { name } = props.slot;
    const says = name === '' ? '' : `, ${props.word.toLowerCase()}`;
    return `${name || props.word} ${props.index + 1}${says}: more about the slot`;
  };
  return (
    <button
      type="button"
      class={s['head']}
      aria-label={label()}
      aria-expanded={openSlot() === props.index}
      onClick={() => showSlot(props.index)}
    >
      <span class={s['name']}>{props.slot.name || props.word}</span> {props.children}
    </button>
  );
};

export const Channel = (props: ChannelProps) => {
  const { session } = usePage();
  const { look, word } = createLook(props);
  const { elements, keep } = keepElements<ChannelElements>();
  const isThere = () => props.slot.takeId !== null || props.slot.state === 'RECORDING';
  const db = () => gainToDb(session.volumeOf(props.index));
  createChannelPainter({
    index: () => props.index,
    slot: () => props.slot,
    look,
    elements: () => elements,
  });
  return (
    <li
      class={s['channel']}
      style={slotStyle(props.index)}
      data-channel={props.index}
      data-look={look()}
      data-content={isThere() ? 'loop' : 'none'}
    >
      <Head {...props} word={word()}>
        <span ref={keep('ringBox')} class={s['ring']} data-ring={props.index}>
          <canvas ref={keep('ringCanvas')} />
          <b>{props.index + 1}</b>
        </span>
      </Head>
      <Pan {...props} />
      <Fader
        label={`Volume of slot ${props.index + 1}`}
        db={db()}
        maxDb={0}
        onMove={(to) => session.setVolume(props.index, gainOf(to))}
        onEnd={(to) => session.endVolume(props.index, gainOf(to))}
      >
        <canvas ref={keep('meterCanvas')} class={f['meter']} aria-hidden="true" />
      </Fader>
      <span class={s['figure']} aria-hidden="true">
        <span class={s['also']}>{props.slot.name || word()}</span>
        <Show when={isThere()}>{dbFigure(db())}</Show>
      </span>
      <Keys {...props} />
    </li>
  );
};
