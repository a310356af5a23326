/** Among the steps, where there is room: how many bars a press on a pad takes. */
import { type JSX, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { LengthPick } from './LengthPick.tsx';
import s from './ActionBar.module.css';

/** Left out first: the steps must be readable whole. */
const Word = (props: { children: JSX.Element }) => {
  const page = usePage();
  return (
    <Show when={!page.isDocked()}>
      <span class={s['pads']} aria-hidden="true">
        {props.children}
      </span>
    </Show>
  );
};

export const PadLength = () => (
  <>
    <Word>Pads take</Word>
    <LengthPick />
    <Word>bars</Word>
  </>
);
