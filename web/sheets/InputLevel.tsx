/** How loud an input is in the sum that captures take; captured alone it is as it came in. */
import { LIMITS } from '../../protocol/limits.ts';
import { dbText } from '../music/level.ts';
import { usePage } from '../use-session.ts';
import { createAsked } from './create-asked.ts';
import s from './MoreSheet.module.css';

const STEP_DB = 0.5;
const SPAN_DB = LIMITS.inputGainDbMax - LIMITS.inputGainDbMin;

export const InputLevel = (props: { source: number; name: string; gainDb: number }) => {
  const { session } = usePage();
  const asked = createAsked(() => props.gainDb);
  const settle = (gainDb: number) =>
    void asked.ask(gainDb, () => session.run({ cmd: 'SET_INPUT', source: props.source, gainDb }));
  return (
    <label class={s['level']}>
      <output>{dbText(asked.value())}</output>
      <input
        class="fader"
        type="range"
        min={LIMITS.inputGainDbMin}
        max={LIMITS.inputGainDbMax}
        step={STEP_DB}
        value={asked.value()}
        style={{ '--at': (asked.value() - LIMITS.inputGainDbMin) / SPAN_DB }}
        aria-label={`Level of ${props.name}`}
        aria-valuetext={dbText(asked.value())}
        disabled={!session.isLive()}
        onInput={({ currentTarget: { valueAsNumber } }) => {
          asked.show(valueAsNumber);
          session.setInputLevel(props.source, valueAsNumber);
        }}
        onChange={({ currentTarget: { valueAsNumber } }) => settle(valueAsNumber)}
        onDblClick={() => settle(0)}
      />
    </label>
  );
};
