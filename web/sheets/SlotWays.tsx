/** How a loop goes on: what the tempo does to it, its tail, and which loop it joins. */
import { createMemo, For, Show } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { RunningJob } from './RunningJob.tsx';
import { slotStyle, usePage } from '../use-session.ts';
import s from './SlotSheet.module.css';

const MODES: readonly { mode: SlotOf['tempoMode']; word: string; says: string }[] = [
  { mode: 'repitch', word: 'Pitch moves', says: 'follows the tempo, its pitch moves along' },
  { mode: 'stretch', word: 'Pitch stays', says: 'follows the tempo at its own pitch' },
  { mode: 'free', word: 'Own speed', says: 'keeps its own speed and leaves the grid' },
];

export const TempoModes = (props: { index: number }) => {
  const { session } = usePage();
  const now = () => session.state.slots[props.index]?.tempoMode;
  const rendering = () => session.state.slots[props.index]?.rendering ?? null;
  return (
    <div>
      <div class={s['row']}>
        <h3>When the tempo changes</h3>
        <Show when={rendering() !== null}>
          <span data-rendering>
            being made <progress max="1" value={rendering() ?? 0} aria-label="Loop being made" />
          </span>
        </Show>
      </div>
      <div class={s['three']} role="group" aria-label="When the tempo changes">
        <For each={MODES}>
          {({ mode, says, word }) => (
            <button
              type="button"
              class="control"
              aria-pressed={now() === mode}
              title={`The loop ${says}`}
              disabled={!session.isLive()}
              onClick={() => void session.run({ cmd: 'SET_TEMPO_MODE', slot: props.index, mode })}
            >
              {word}
            </button>
          )}
        </For>
      </div>
    </div>
  );
};

export const TailSwitch = (props: { index: number }) => {
  const { session } = usePage();
  const isOn = () => session.state.slots[props.index]?.tail === true;
  return (
    <button
      type="button"
      class="control"
      aria-pressed={isOn()}
      title="What was played after the loop sounds over its start"
      disabled={!session.isLive()}
      onClick={() => void session.run({ cmd: 'SET_TAIL', slot: props.index, on: !isOn() })}
    >
      Tail {isOn() ? 'on' : 'off'}
    </button>
  );
};

/** Merges that wait for what plug-ins make of their loops. */
const Merging = () => {
  const { session } = usePage();
  const ids = createMemo(() =>
    Object.entries(session.state.jobs).flatMap(([id, { kind }]) => (kind === 'merge' ? [id] : [])),
  );
  return (
    <For each={ids()}>
      {(id) => (
        <Show when={session.state.jobs[id]}>
          {(job) => (
            <div class={s['merging']} data-merging>
              <span role="status">The effects are being printed into it</span>
              <RunningJob id={id} job={job()} />
            </div>
          )}
        </Show>
      )}
    </For>
  );
};

/** Loops that can be heard beside this one: a tap makes both one loop here. */
export const MergePick = (props: { index: number }) => {
  const { session } = usePage();
  const others = createMemo(() =>
    session.state.slots.flatMap((slot, index) => {
      const isThere = slot.takeId !== null && slot.audible && slot.tempoMode !== 'free';
      return isThere && index !== props.index ? [index] : [];
    }),
  );
  const merge = (other: number) =>
    void session.run({ cmd: 'MERGE_SLOTS', from: [props.index, other], to: props.index });
  return (
    <Show when={session.state.slots[props.index]?.audible && others().length > 0}>
      <div>
        <div class={s['row']}>
          <h3>Merge into this slot</h3>
          <span>as they sound now</span>
        </div>
        <div class={s['others']}>
          <For each={others()}>
            {(other) => (
              <button
                type="button"
                class="control"
                style={slotStyle(other)}
                aria-label={`Merge slot ${other + 1} into this slot`}
                disabled={!session.isLive()}
                onClick={() => merge(other)}
              >
                <span class="chip small">{other + 1}</span>
              </button>
            )}
          </For>
        </div>
        <Merging />
      </div>
    </Show>
  );
};
