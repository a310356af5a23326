/** What was just played, and the four lengths that take it: one press on a zone is a loop. */
import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import type { LoopBars } from '../../protocol/limits.ts';
import { makePress } from '../input/press.ts';
import { around } from '../around.ts';
import { barsText } from '../music/words.ts';
import { type Zone, ZONES } from '../music/zones.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { createStripPainter } from './create-strip-painter.ts';
import { SourceReadOut, TargetReadOut } from './TargetWords.tsx';
import s from './CaptureStrip.module.css';
// Of what stands in the strip's head a moment later.
import './Pick.module.css';

const StripHead = around('StripHead');
const FirstHint = around('FirstHint');

const BRACKET_GAP_PX = 4.5;

/** Short names of the small zones on the phone. */
const zoneWords = (bars: number, isPhone: boolean): string =>
  isPhone && bars < 4 ? String(bars) : barsText(bars);

/** What a press does, said after what the zone shows. */
const zoneMeaning = (bars: number, slot: number): string => {
  const into = slot < 0 ? 'the two oldest loops make room' : `into slot ${slot + 1}`;
  return `: capture the last ${bars === 1 ? 'bar' : `${bars} bars`}, ${into}`;
};

interface ZoneProps {
  readonly zone: Zone;
  readonly isChosen: boolean;
  readonly isPressed: boolean;
  readonly onPressed: (bars: LoopBars | undefined) => void;
  readonly onHovered: (bars: LoopBars | undefined) => void;
}

const ZoneButton = (props: ZoneProps) => {
  const { session, isPhone } = usePage();
  const bars = () => props.zone.bars;
  const bind = (element: HTMLButtonElement) =>
    onMount(() =>
      onCleanup(
        makePress(element, {
          isEnabled: session.isLive,
          onLight: (isLit) => props.onPressed(isLit ? bars() : undefined),
          onPress: (downMs, isAlt) => session.captureZone(bars(), downMs, isAlt || undefined),
          onHold: () => void session.run({ cmd: 'SET_LOOP_BARS', bars: bars() }),
        }),
      ),
    );
  return (
    <button
      ref={bind}
      type="button"
      class={s['zone']}
      data-zone={bars()}
      data-chosen={props.isChosen}
      data-pressed={props.isPressed}
      aria-disabled={!session.isLive()}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && props.onHovered(bars())}
      onPointerLeave={() => props.onHovered(undefined)}
    >
      <span class={s['label']}>
        {zoneWords(bars(), isPhone())}
        <Show when={!isPhone() && session.prefs.singleKeys}>
          <kbd aria-hidden="true">{props.zone.key}</kbd>
        </Show>
      </span>
      <span class="unseen">{zoneMeaning(bars(), session.targetSlot())}</span>
    </button>
  );
};

const Brackets = (props: { shownBars: number }) => (
  <div class={s['brackets']} aria-hidden="true">
    <For each={ZONES}>
      {(zone, index) => (
        <span
          class={s['bracket']}
          data-chosen={props.shownBars === zone.bars}
          style={{
            left: `${zone.from * 100}%`,
            top: `${index() * BRACKET_GAP_PX}px`,
            'z-index': props.shownBars === zone.bars ? 1 : 0,
          }}
        />
      )}
    </For>
  </div>
);

export const CaptureStrip = () => {
  const { session, isPhone } = usePage();
  const [pressed, setPressed] = createSignal<LoopBars>();
  const [hovered, setHovered] = createSignal<LoopBars>();
  /** Length whose cut is drawn: under the finger, else the chosen one. */
  const shownBars = () => pressed() ?? hovered() ?? session.loopBars();
  const targetStyle = () => {
    const slot = session.targetSlot();
    if (slot < 0) return { '--t': 'var(--text)', '--t-ink': 'var(--bg)' };
    const style = slotStyle(slot);
    return { '--t': style['--c'], '--t-ink': style['--ink'] };
  };

  return (
    <section class={s['strip']} style={targetStyle()} aria-label="Just played">
      <Show when={!isPhone()}>
        <div class={s['top']}>
          <h2 class={s['title']}>Just played</h2>
          <StripHead />
        </div>
      </Show>
      <div class={s['body']}>
        <Brackets shownBars={shownBars()} />
        <div class={s['wave']} aria-hidden="true">
          <canvas ref={(canvas) => createStripPainter({ canvas, bars: shownBars })} />
        </div>
        <span class={s['now']} aria-hidden="true" />
        <div class={s['zones']}>
          <For each={ZONES}>
            {(zone) => (
              <ZoneButton
                zone={zone}
                isChosen={shownBars() === zone.bars}
                isPressed={pressed() === zone.bars}
                onPressed={setPressed}
                onHovered={setHovered}
              />
            )}
          </For>
        </div>
        <Show when={isPhone()}>
          <TargetReadOut class={s['into']} />
          <SourceReadOut />
        </Show>
      </div>
      <FirstHint />
    </section>
  );
};
