/** What is played and how it lies: the instrument, pads or keys, root and scale, the octave. */
import { For, Show } from 'solid-js';
import type { PluginOf } from '../../protocol/state.ts';
import { NOTE_NAMES } from '../input/note-keys.ts';
import { badgeText, placeText } from '../music/plugin-words.ts';
import { SCALES } from '../music/scale.ts';
import { OctaveButtons } from '../sheets/NoteKeys.tsx';
import type { Notes } from '../sheets/create-notes.ts';
import { Icon } from '../stage/Icon.tsx';
import type { PlayPrefs } from '../sync/create-prefs.ts';
import { slotStyle, usePage } from '../use-session.ts';
import pick from '../stage/Pick.module.css';
import s from './Play.module.css';

export type Instrument = readonly [id: string, plugin: PluginOf];

interface PickProps {
  readonly all: readonly Instrument[];
  readonly chosen: Instrument;
  readonly onChoose: (id: string) => void;
}

export const InstrumentPick = (props: PickProps) => {
  const { session } = usePage();
  const one = () => props.chosen[1];
  const badge = () => badgeText(one(), session.state.meta.mode === 'SAFE');
  return (
    <label class={`${pick['picker']} ${s['pick']}`}>
      <Show when={typeof one().where === 'number'}>
        <span class="chip small" style={slotStyle(Number(one().where))}>
          {Number(one().where) + 1}
        </span>
      </Show>
      <b>{one().name}</b>
      <Show when={badge()}>{(says) => <span class={s['badge']}>{says()}</span>}</Show>
      <Icon name="chevron" size={14} />
      <select
        aria-label="Instrument"
        value={props.chosen[0]}
        onChange={({ currentTarget }) => props.onChoose(currentTarget.value)}
      >
        <For each={props.all}>
          {([id, { name, where }]) => (
            <option value={id}>
              {name}, {placeText(where)}
            </option>
          )}
        </For>
      </select>
    </label>
  );
};

interface LayProps {
  readonly prefs: PlayPrefs;
  readonly onChange: (part: Partial<PlayPrefs>) => void;
}

export const LayoutSwitch = (props: LayProps) => (
  <div class={`${pick['switch']} ${s['switch']}`} role="group" aria-label="How notes lie">
    <button
      type="button"
      aria-pressed={!props.prefs.isKeys}
      onClick={() => props.onChange({ isKeys: false })}
    >
      Pads
    </button>
    <button
      type="button"
      aria-pressed={props.prefs.isKeys}
      onClick={() => props.onChange({ isKeys: true })}
    >
      Keys
    </button>
  </div>
);

export const ScalePick = (props: LayProps) => (
  <div class={s['scale']}>
    <label class={pick['picker']}>
      <b>{NOTE_NAMES[props.prefs.root]}</b>
      <Icon name="chevron" size={14} />
      <select
        aria-label="Root of the scale"
        value={String(props.prefs.root)}
        onChange={({ currentTarget }) => props.onChange({ root: Number(currentTarget.value) })}
      >
        <For each={NOTE_NAMES}>{(name, index) => <option value={index()}>{name}</option>}</For>
      </select>
    </label>
    <label class={`${pick['picker']} ${s['pick']}`}>
      <b>{props.prefs.scale}</b>
      <Icon name="chevron" size={14} />
      <select
        aria-label="Scale"
        value={props.prefs.scale}
        onChange={({ currentTarget }) => props.onChange({ scale: currentTarget.value })}
      >
        <For each={Object.keys(SCALES)}>{(name) => <option value={name}>{name}</option>}</For>
      </select>
    </label>
  </div>
);

/** An instrument on an input that is not played through is captured, and nobody hears it. */
export const Unheard = (props: { where: PluginOf['where'] }) => {
  const { session } = usePage();
  const isUnheard = () => props.where === 'input' && session.state.sources[0]?.monitor === false;
  return (
    <Show when={isUnheard()}>
      <p class={s['unheard']} role="status">
        <span>The input is not in the sound: it is captured, but you do not hear it.</span>
        <button
          type="button"
          class="control"
          disabled={!session.isLive()}
          onClick={() => void session.run({ cmd: 'SET_INPUT', source: 0, monitor: true })}
        >
          Hear it
        </button>
      </p>
    </Show>
  );
};

export const Octave = (props: { notes: Notes }) => (
  <div class={s['octave']} role="group" aria-label="Octave">
    <OctaveButtons notes={props.notes} />
  </div>
);
