/** Among the steps, where there is room: how many bars a press on a pad takes. */
import { LengthPick } from './LengthPick.tsx';
import s from './ActionBar.module.css';

export const PadLength = () => (
  <>
    <span class={s['pads']} aria-hidden="true">
      Pads take
    </span>
    <LengthPick />
    <span class={s['pads']} aria-hidden="true">
      bars
    </span>
  </>
);
