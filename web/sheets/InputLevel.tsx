/** How loud an input is in the sum that captures take; captured alone it is as it came in. */
import { LIMITS } from '../../protocol/limits.ts';
import { dbText } from '../music/level.ts';
import { usePage } from '../use-session.ts';
import { createFader } from './create-fader.ts';
import s from './MoreSheet.module.css';

const STEP_DB = 0.5;
const SPAN_DB = LIMITS.inputGainDbMax - LIMITS.inputGainDbMin;

export const InputLevel = (props: { source: number; name: string; gainDb: number }) => {
  const { session } = usePage();
  const level = createFader(
    () => props.gainDb,
    (gainDb) => ({ cmd: 'SET_INPUT', source: props.source, gainDb }),
  );
  return (
    <label class={s['level']}>
      <output>{dbText(level.value())}</output>
      <input
        class="fader"
        type="range"
        min={LIMITS.inputGainDbMin}
        max={LIMITS.inputGainDbMax}
        step={STEP_DB}
        value={level.value()}
        style={{ '--at': (level.value() - LIMITS.inputGainDbMin) / SPAN_DB }}
        aria-label={`Level of ${props.name}`}
        aria-valuetext={dbText(level.value())}
        disabled={!session.isLive()}
        onInput={({ currentTarget: { valueAsNumber } }) => level.move(valueAsNumber)}
        onChange={({ currentTarget: { valueAsNumber } }) => level.end(valueAsNumber)}
        onDblClick={() => level.end(0)}
      />
    </label>
  );
};
