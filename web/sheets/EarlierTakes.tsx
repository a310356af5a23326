/** Takes that this slot held before, with their effects or without: a tap puts one back, the other slots play on. */
import { createMemo, For, Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { wallMs } from '../clock.ts';
import { agoText } from '../music/ago.ts';
import { barsText } from '../music/words.ts';
import { usePage } from '../use-session.ts';
import { RiffIcon } from '../stage/RiffIcon.tsx';
import s from './SlotSheet.module.css';

const SHOWN_MAX = 4;

export interface EarlierTake {
  readonly takeId: string;
  /** What plays: the take, or its dry side. */
  readonly playedId: string;
  /** Null = there is no choice. */
  readonly which: 'wet' | 'dry' | null;
  readonly bars: number;
  readonly riff: RiffRow;
}

type Held = RiffRow['slots'][number] & { readonly riff: RiffRow };

const choicesOf = ({ bars, dryTakeId, riff, takeId }: Held): EarlierTake[] => {
  const wet = { takeId, playedId: takeId, which: null, bars, riff };
  if (dryTakeId === undefined) return [wet];
  return [
    { ...wet, which: 'wet' },
    { ...wet, which: 'dry', playedId: dryTakeId },
  ];
};

/** The newest riff that holds each take of the slot, the present one first. */
export const earlierTakes = (
  rows: readonly RiffRow[],
  slot: number,
  now: string | null,
): readonly EarlierTake[] => {
  const found = new Map<string, Held>();
  for (const riff of rows) {
    const held = riff.slots.find((one) => one.slot === slot);
    if (held && !found.has(held.takeId)) found.set(held.takeId, { ...held, riff });
  }
  // A dry side that was restored is shown beside its take.
  const besides = new Set([...found.values()].map(({ dryTakeId }) => dryTakeId));
  const all = [...found.values()].filter(({ takeId }) => !besides.has(takeId));
  const isNow = ({ dryTakeId, takeId }: Held) => takeId === now || (dryTakeId ?? '') === now;
  const ordered = [...all.filter(isNow), ...all.filter((one) => !isNow(one))];
  return ordered.flatMap(choicesOf).slice(0, SHOWN_MAX);
};

const WORDS = { wet: 'with effects', dry: 'without' } as const;

export const EarlierTakes = (props: { index: number }) => {
  const { session } = usePage();
  const now = () => session.state.slots[props.index]?.takeId ?? null;
  const takes = createMemo(() => earlierTakes(session.state.history.newest, props.index, now()));
  const restore = ({ takeId, which }: EarlierTake) =>
    void session.run({
      cmd: 'RESTORE_TAKE',
      takeId,
      slot: props.index,
      ...(which && { which }),
    });
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
                title={take.which === 'dry' ? 'As it was played, without its effects' : undefined}
                disabled={!session.isLive() || take.playedId === now()}
                aria-current={take.playedId === now() ? 'true' : undefined}
                onClick={() => restore(take)}
              >
                <RiffIcon
                  rings={[{ slot: props.index, takeId: take.playedId }]}
                  sizePx={52}
                  opacity={take.playedId === now() ? 1 : 0.75}
                />
                <b>{take.playedId === now() ? 'sounding' : agoText(take.riff.tsMs, wallMs())}</b>
                <span>{take.which ? WORDS[take.which] : barsText(take.bars)}</span>
              </button>
            )}
          </For>
        </div>
      </div>
    </Show>
  );
};
