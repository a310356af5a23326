/** One riff: its picture, what made it, when; a tap brings it back on the next bar. */
import { createSignal, Index, Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { agoText } from '../music/ago.ts';
import { riffWords } from '../music/words.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { bindCarry } from './carry-loop.ts';
import { Icon } from './Icon.tsx';
import { RiffIcon } from './RiffIcon.tsx';
import { Star, StarName, StarPicture } from './RiffMark.tsx';
import s from './HistoryRow.module.css';

export type RiffKind = 'head' | 'redo' | 'past' | 'side';

const ICON_PX = 48;

const when = (riff: RiffRow, kind: RiffKind, isComing: boolean, nowMs: number): string => {
  if (isComing) return 'comes on the next bar';
  if (kind === 'redo') return 'undone, Redo brings it back';
  const ago = agoText(riff.tsMs, nowMs);
  if (kind === 'head') return `${ago} · sounding now`;
  return kind === 'side' ? `${ago} · another branch` : ago;
};

/** Puts the loop that this riff brought into any slot; what plays there stays in the history. */
const PutPick = (props: { takeId: string; title: string }) => {
  const { session } = usePage();
  const put = (slot: number) =>
    void session.run({ cmd: 'RESTORE_TAKE', takeId: props.takeId, slot });
  return (
    <span class={s['put']}>
      <Icon name="down" size={16} />
      <select
        aria-label={`Put the loop of “${props.title}” into a slot`}
        title="Put this loop into a slot"
        disabled={!session.isLive()}
        onChange={({ currentTarget }) => {
          put(Number(currentTarget.value));
          currentTarget.value = '';
        }}
      >
        <option value="" hidden>
          Put into…
        </option>
        <Index each={session.state.slots}>
          {(slot, index) => (
            <option value={String(index)}>
              slot {index + 1} {slot().takeId === null ? '(empty)' : slot().name}
            </option>
          )}
        </Index>
      </select>
    </span>
  );
};

export const HistoryRow = (props: {
  riff: RiffRow;
  kind: RiffKind;
  isFresh: boolean;
  isComing: boolean;
  isLast: boolean;
  /** Among what was looked for: its neighbours in the tree are elsewhere. */
  isFound: boolean;
  nowMs: number;
  onRecall: (pressedMs: number) => void;
  /** Empty = without a name; null takes it off. */
  onMark: (label: string | null) => void;
}) => {
  const { session } = usePage();
  const [isNaming, setNaming] = createSignal(false);
  const words = () => riffWords(props.riff);
  const name = () => {
    const { slot } = words();
    return slot === null ? '' : (session.state.slots[slot]?.name ?? '');
  };
  const title = () => `${words().before} ${props.riff.slot === null ? '' : props.riff.slot + 1}`;
  const takeId = () => props.riff.slots.find(({ slot }) => slot === props.riff.slot)?.takeId;

  return (
    <li
      class={s['item']}
      data-fresh={props.isFresh}
      data-last={props.isLast}
      data-found={props.isFound}
      data-marked={props.riff.marked}
    >
      <button
        ref={bindCarry(takeId)}
        type="button"
        class={s['row']}
        data-kind={props.kind}
        data-riff={props.riff.id}
        disabled={!session.isLive()}
        aria-current={props.kind === 'head' ? 'true' : undefined}
        onClick={({ timeStamp }) => props.onRecall(timeStamp)}
      >
        <span class={s['rail']} aria-hidden="true">
          <span class={s['dot']} />
        </span>
        <RiffIcon
          rings={props.riff.slots}
          sizePx={ICON_PX}
          opacity={props.kind === 'head' ? 1 : 0.82}
        />
        <span class={s['words']}>
          <span class={s['what']}>
            {words().before}
            <Show when={words().slot !== null}>
              <span class="chip small" style={slotStyle(words().slot ?? 0)}>
                {(words().slot ?? 0) + 1}
              </span>
            </Show>
            <b>{name()}</b>
          </span>
          <span class={s['when']}>
            <Show when={props.riff.marked}>
              <b class={s['mark']}>
                <StarPicture isOn />
                {props.riff.mark}
              </b>
            </Show>
            {when(props.riff, props.kind, props.isComing, props.nowMs)}
          </span>
        </span>
      </button>
      <span class={s['tools']}>
        <Star
          title={title()}
          isMarked={props.riff.marked}
          isNaming={isNaming()}
          onMark={props.onMark}
          onNaming={setNaming}
        />
        <Show when={takeId()}>{(id) => <PutPick takeId={id()} title={title()} />}</Show>
      </span>
      <Show when={isNaming() && props.riff.marked}>
        <StarName
          title={title()}
          mark={props.riff.mark ?? ''}
          onMark={props.onMark}
          onDone={() => setNaming(false)}
        />
      </Show>
    </li>
  );
};
