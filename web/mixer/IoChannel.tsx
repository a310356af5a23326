/** What comes in and what goes out: their levels in two channels, and how loud the input is heard. */
import { createSignal, For, Show } from 'solid-js';
import { FEATURE_FLAGS } from '../../protocol/features.ts';
import { DB_MAX, DB_MIN, dbFigure, dbToPlace } from '../music/level.ts';
import { createFader } from '../sheets/create-fader.ts';
import { keepElements } from '../stage/keep-elements.ts';
import { usePage } from '../use-session.ts';
import { createIoPainter, type IoElements } from './create-io-painter.ts';
import { Fader } from './Fader.tsx';
import s from './Channel.module.css';
import f from './Fader.module.css';

const SCALE_DB = [6, 0, -6, -18, -40];
const MASTER_LEVEL = 4;

/** The lowest that is sent for an input. */
const lowest = (db: number) => Math.max(DB_MIN, db);

const Scale = () => (
  <span class={f['scale']} aria-hidden="true">
    <For each={SCALE_DB}>
      {(db) => <span style={{ '--at': dbToPlace(db) }}>{db > 0 ? `+${db}` : Math.abs(db)}</span>}
    </For>
  </span>
);

/** Meter, highest peak and clip lamp of one of both. */
const createIo = (firstLevel: number, clipFlag: number) => {
  const [hasClipped, setClipped] = createSignal(false);
  const { elements, keep } = keepElements<IoElements>();
  const forget = createIoPainter({
    firstLevel,
    clipFlag,
    onClip: () => setClipped(true),
    elements: () => elements,
  });
  const reset = () => {
    setClipped(false);
    forget();
  };
  return { hasClipped, keep, reset };
};

const Lamp = (props: { what: string; io: ReturnType<typeof createIo> }) => (
  <button
    type="button"
    class={`control ${s['lamp']}`}
    data-clipped={props.io.hasClipped()}
    title="Highest since the last press here"
    onClick={props.io.reset}
  >
    <span class="unseen">Peak of the {props.what}, reset:</span>
    <Show when={props.io.hasClipped()}>CLIP</Show>
    <span ref={props.io.keep('peak')} hidden={props.io.hasClipped()} />
  </button>
);

export const InputChannel = () => {
  const { session } = usePage();
  const io = createIo(0, FEATURE_FLAGS.clipInput);
  const source = () => session.state.sources[0];
  const level = createFader(
    () => source()?.gainDb ?? 0,
    (gainDb) => ({ cmd: 'SET_INPUT', source: 0, gainDb }),
  );
  return (
    <li class={s['channel']} data-kind="io">
      <h2 class={s['title']}>Input</h2>
      <button
        type="button"
        class={`control ${s['monitor']}`}
        aria-pressed={source()?.monitor === true}
        disabled={!session.isLive()}
        title="You hear what comes in, as loud as the fader says; what is captured stays as it is"
        onClick={() =>
          void session.run({ cmd: 'SET_INPUT', source: 0, monitor: source()?.monitor !== true })
        }
      >
        Monitor
      </button>
      <Fader
        label="Input as heard"
        db={level.value()}
        maxDb={DB_MAX}
        onMove={(db) => level.move(lowest(db))}
        onEnd={(db) => level.end(lowest(db))}
      >
        <Scale />
        <canvas ref={io.keep('canvas')} class={f['meter']} aria-hidden="true" />
      </Fader>
      <span class={s['figure']} aria-hidden="true">
        <span class={s['also']}>{source()?.name}</span>
        {dbFigure(level.value())}
      </span>
      <Lamp what="input" io={io} />
    </li>
  );
};

export const MasterChannel = () => {
  const io = createIo(MASTER_LEVEL, FEATURE_FLAGS.clipMaster);
  return (
    <li class={s['channel']} data-kind="io">
      <h2 class={s['title']}>Master</h2>
      <div class={f['lane']}>
        <Scale />
        <canvas ref={io.keep('canvas')} class={f['meter']} aria-hidden="true" />
      </div>
      <Lamp what="master" io={io} />
    </li>
  );
};
