/** The riff that sounds, or the last bars: how long that is, and what will not be in it. */
import { Index, Show } from 'solid-js';
import { barsText } from '../music/words.ts';
import { usePage } from '../use-session.ts';
import { createKept, missingFrames } from './create-kept.ts';
import s from './MoreSheet.module.css';

/** How many of the last bars; 0 = the riff that sounds. */
const RANGES = [0, 4, 8, 16, 32, 64, 128, 4096] as const;
const ALL_BARS = 4096;
const USUAL_BARS = 8;
/** Less than that is not told. */
const NOTICED_S = 0.05;

/** 0:32, 1:02:05. */
const clockText = (seconds: number): string => {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [first = 0, ...rest] = whole < 3600 ? parts.slice(1) : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
};

const rangeText = (bars: number): string => {
  if (bars === 0) return 'The riff that sounds';
  return bars === ALL_BARS ? 'All since the start' : `The last ${barsText(bars)} played`;
};

/** The riff where there is one, else about as much as anybody remembers. */
export const firstChoice = (hasRiff: boolean, playedBars: number): number => {
  if (hasRiff) return 0;
  const most = Math.min(USUAL_BARS, playedBars);
  return RANGES.findLast((bars) => bars > 0 && bars <= most) ?? ALL_BARS;
};

interface WhatProps {
  readonly bars: number;
  readonly playedBars: number;
  readonly hasRiff: boolean;
  readonly onChange: (bars: number) => void;
}

export const ExportWhat = (props: WhatProps) => {
  const { session } = usePage();
  const silent = () =>
    session.state.slots.flatMap(({ audible, takeId }, slot) =>
      takeId !== null && !audible ? [slot + 1] : [],
    );
  /** As long as bars are now, where the tempo was changed in them. */
  const seconds = (bars: number) => {
    const { frame, framesPerBeat, rateHz } = session.features.frame;
    if (props.bars === ALL_BARS) return frame / rateHz;
    return (bars * session.state.transport.meter.beats * framesPerBeat) / rateHz;
  };
  const aboutText = () => {
    if (props.bars === 0) {
      const without = silent().length > 0 ? `, without the silent ${silent().join(', ')}` : '';
      return `Until all loops begin together again${without}`;
    }
    const bars = Math.min(props.bars, props.playedBars);
    if (bars === 0) return 'The first bar is still being played';
    return `${barsText(bars)}, about ${clockText(seconds(bars))}: the input, without the loops`;
  };
  const kept = createKept();
  /** Of those bars, s. */
  const notKept = () => {
    if (props.bars === 0) return 0;
    const { frame, rateHz } = session.features.frame;
    const fromFrame = frame - seconds(props.bars) * rateHz;
    return missingFrames(kept(), Math.max(0, fromFrame), frame) / rateHz;
  };
  return (
    <>
      <label class={s['line']}>
        <span>
          What
          <small data-about>{aboutText()}</small>
        </span>
        <select
          class="control"
          aria-label="What"
          value={props.bars}
          onChange={({ currentTarget }) => props.onChange(Number(currentTarget.value))}
        >
          <Index each={RANGES}>
            {(each) => (
              <option
                value={each()}
                disabled={
                  each() === 0 ? !props.hasRiff : each() < ALL_BARS && each() > props.playedBars
                }
              >
                {rangeText(each())}
              </option>
            )}
          </Index>
        </select>
      </label>
      <Show when={notKept() >= NOTICED_S}>
        <p class={s['missing']}>
          {notKept().toFixed(1)} s of it were not kept: where they were there is silence.
        </p>
      </Show>
    </>
  );
};
