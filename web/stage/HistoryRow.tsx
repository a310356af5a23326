/** One riff: its picture, what made it, when; a tap brings it back on the next bar. */
import { Show } from 'solid-js';
import type { RiffRow } from '../../protocol/state.ts';
import { agoText } from '../music/ago.ts';
import { riffWords } from '../music/words.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { RiffIcon } from './RiffIcon.tsx';
import s from './History.module.css';

export type RiffKind = 'head' | 'redo' | 'past' | 'side';

const ICON_PX = 48;

const when = (riff: RiffRow, kind: RiffKind, isComing: boolean, nowMs: number): string => {
  if (isComing) return 'comes on the next bar';
  if (kind === 'redo') return 'undone, Redo brings it back';
  const ago = agoText(riff.tsMs, nowMs);
  if (kind === 'head') return `${ago} · sounding now`;
  return kind === 'side' ? `${ago} · another branch` : ago;
};

export const HistoryRow = (props: {
  riff: RiffRow;
  kind: RiffKind;
  isFresh: boolean;
  isComing: boolean;
  isLast: boolean;
  nowMs: number;
  onRecall: () => void;
}) => {
  const { session } = usePage();
  const words = () => riffWords(props.riff);
  const name = () => {
    const { slot } = words();
    return slot === null ? '' : (session.state.slots[slot]?.name ?? '');
  };

  return (
    <li class={s['item']} data-fresh={props.isFresh} data-last={props.isLast}>
      <button
        type="button"
        class={s['row']}
        data-kind={props.kind}
        data-riff={props.riff.id}
        disabled={!session.isLive()}
        aria-current={props.kind === 'head' ? 'true' : undefined}
        onClick={props.onRecall}
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
          <span class={s['when']}>{when(props.riff, props.kind, props.isComing, props.nowMs)}</span>
        </span>
      </button>
    </li>
  );
};
