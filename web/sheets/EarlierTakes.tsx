/** Takes that this slot held before: a tap puts one back, the other slots play on. */
import { createMemo, For, Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { wallMs } from '../clock.ts';
import { agoText } from '../music/ago.ts';
import { barsText } from '../music/words.ts';
import { usePage } from '../use-session.ts';
import { RiffIcon } from '../stage/RiffIcon.tsx';
import s from './SlotSheet.module.css';

const SHOWN_MAX = 4;

/** The newest riff that holds each take of the slot, the present one first. */
export const earlierTakes = (
  rows: readonly RiffRow[],
  slot: number,
  now: string | null,
): readonly { takeId: string; bars: number; riff: RiffRow }[] => {
  const found = new Map<string, { takeId: string; bars: number; riff: RiffRow }>();
  for (const riff of rows) {
    const held = riff.slots.find((one) => one.slot === slot);
    if (held && !found.has(held.takeId)) {
      found.set(held.takeId, { takeId: held.takeId, bars: held.bars, riff });
    }
  }
  const all = [...found.values()];
  const first = all.filter((one) => one.takeId === now);
  return [...first, ...all.filter((one) => one.takeId !== now)].slice(0, SHOWN_MAX);
};

export const EarlierTakes = (props: { index: number }) => {
  const { session } = usePage();
  const now = () => session.state.slots[props.index]?.takeId ?? null;
  const takes = createMemo(() => earlierTakes(session.state.history.newest, props.index, now()));
  return (
    <Show when={takes().length > 0}>
      <div>
        <div class={s['row']}>
          <h3>Takes of this slot</h3>
          <span>a tap puts one back</span>
        </div>
        <div class={s['takes']}>
          <For each={takes()}>
            {(take) => (
              <button
                type="button"
                class="control"
                disabled={!session.isLive() || take.takeId === now()}
                aria-current={take.takeId === now() ? 'true' : undefined}
                onClick={() =>
                  void session.run({ cmd: 'RESTORE_TAKE', takeId: take.takeId, slot: props.index })
                }
              >
                <RiffIcon
                  rings={[{ slot: props.index, takeId: take.takeId }]}
                  sizePx={52}
                  opacity={take.takeId === now() ? 1 : 0.75}
                />
                <b>{take.takeId === now() ? 'sounding' : agoText(take.riff.tsMs, wallMs())}</b>
                <span>{barsText(take.bars)}</span>
              </button>
            )}
          </For>
        </div>
      </div>
    </Show>
  );
};
