/** An instrument under the hands, on any device: loops, XY pad, and pads or keys of a loaded plug-in. */
import { createMemo, createSignal, Show } from 'solid-js';
import { createNotes } from '../sheets/create-notes.ts';
import { Piano } from '../sheets/Piano.tsx';
import type { PlayPrefs } from '../sync/create-prefs.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { Loops } from './Loops.tsx';
import { Pads } from './Pads.tsx';
import {
  InstrumentPick,
  type Instrument,
  LayoutSwitch,
  Octave,
  ScalePick,
  Unheard,
} from './PlayHead.tsx';
import { XyPad } from './XyPad.tsx';
import s from './Play.module.css';

const FIRST: PlayPrefs = { isKeys: false, root: 0, scale: 'minor' };
const WIDE_KEYS = 24;
const NARROW_KEYS = 12;

const createInstruments = () => {
  const { session } = usePage();
  const [wanted, setWanted] = createSignal('');
  const all = createMemo((): readonly Instrument[] =>
    Object.entries(session.state.plugins).filter(([, { isInstrument }]) => isInstrument),
  );
  /** The one that was chosen, or the first while that is not loaded. */
  const chosen = () => all().find(([id]) => id === wanted()) ?? all()[0];
  return { all, chosen, choose: setWanted };
};

type Instruments = ReturnType<typeof createInstruments>;

const NoInstrument = () => {
  const { browse, session } = usePage();
  return (
    <div class={s['nothing']}>
      <p>
        No instrument is loaded yet.
        <small>What you load on the input is captured like anything you play.</small>
      </p>
      <button
        type="button"
        class="control"
        disabled={!session.isLive()}
        onClick={() => browse('input')}
      >
        Add an instrument
      </button>
    </div>
  );
};

const Playing = (props: { id: string; instruments: Instruments }) => {
  const { isNarrow, session } = usePage();
  const one = () => props.instruments.all().find(([id]) => id === props.id);
  const canPlay = () => ['on', 'dry'].includes(one()?.[1].status ?? '') && session.isLive();
  const notes = createNotes(props.id, canPlay);
  const prefs = (): PlayPrefs => session.prefs.play ?? FIRST;
  const change = (part: Partial<PlayPrefs>) => session.setPrefs({ play: { ...prefs(), ...part } });
  const colour = () => {
    const where = one()?.[1].where;
    return typeof where === 'number' ? slotStyle(where) : {};
  };
  return (
    <>
      <div class={s['head']}>
        <Show when={one()}>
          {(now) => (
            <InstrumentPick
              all={props.instruments.all()}
              chosen={now()}
              onChoose={props.instruments.choose}
            />
          )}
        </Show>
        <LayoutSwitch prefs={prefs()} onChange={change} />
        <Show when={!prefs().isKeys}>
          <ScalePick prefs={prefs()} onChange={change} />
        </Show>
        <Octave notes={notes} />
        <Unheard where={one()?.[1].where ?? 0} />
      </div>
      <div class={s['notes']} style={colour()} data-lay={prefs().isKeys ? 'keys' : 'pads'}>
        <Show
          when={prefs().isKeys}
          fallback={<Pads notes={notes} prefs={prefs()} isOff={!canPlay()} />}
        >
          <Piano notes={notes} count={isNarrow() ? NARROW_KEYS : WIDE_KEYS} isOff={!canPlay()} />
        </Show>
      </div>
    </>
  );
};

export const PlayPage = () => {
  const instruments = createInstruments();
  return (
    <section class={s['play']} aria-label="Play">
      <div class={s['page']}>
        <Loops />
        <XyPad />
        <Show when={instruments.chosen()?.[0]} keyed fallback={<NoInstrument />}>
          {(id) => <Playing id={id} instruments={instruments} />}
        </Show>
      </div>
    </section>
  );
};
