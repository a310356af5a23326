/** What was just played, and the four lengths that take it: one press on a zone is a loop. */
import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { makePress } from '../input/press.ts';
import type { Bars } from '../sync/create-actions.ts';
import { barsText } from '../music/words.ts';
import { type Zone, ZONES } from '../music/zones.ts';
import { slotStyle, usePage } from '../use-session.ts';
import type { Flight } from './flight.ts';
import { createStripPainter } from './create-strip-painter.ts';
import { FreeSwitch, TargetPicker, TargetReadOut } from './TargetPicker.tsx';
import s from './CaptureStrip.module.css';

const BRACKET_GAP_PX = 4.5;

export const CaptureStrip = (props: { flight: Flight }) => {
  const page = usePage();
  const { session } = page;
  const [pressed, setPressed] = createSignal<Bars>();
  const [hovered, setHovered] = createSignal<Bars>();
  /** Length whose cut is drawn: under the finger, else the chosen one. */
  const shownBars = () => pressed() ?? hovered() ?? session.loopBars();
  const targetStyle = () => {
    const slot = session.targetSlot();
    const style = slotStyle(Math.max(0, slot));
    return slot < 0
      ? { '--t': 'var(--text)', '--t-ink': 'var(--bg)' }
      : { '--t': style['--c'], '--t-ink': style['--ink'] };
  };
  const source = () => session.state.sources[0]?.name ?? 'Input';
  const isNew = () => session.isLive() && session.state.history.count <= 1 && everyEmpty();
  const everyEmpty = () => session.state.slots.every((slot) => slot.state === 'EMPTY');
  let canvas!: HTMLCanvasElement;

  createStripPainter({ canvas: () => canvas, bars: shownBars, flight: props.flight });

  const bind = (zone: Zone) => (element: HTMLButtonElement) =>
    onMount(() =>
      onCleanup(
        makePress(element, {
          isEnabled: session.isLive,
          onLight: (isLit) => setPressed(isLit ? zone.bars : undefined),
          onPress: (downMs, isAlt) => session.captureZone(zone.bars, downMs, isAlt || undefined),
          onHold: () => void session.run({ cmd: 'SET_LOOP_BARS', bars: zone.bars }),
        }),
      ),
    );

  return (
    <section class={s['strip']} style={targetStyle()} aria-label="Just played">
      <Show when={!page.isPhone()}>
        <div class={s['top']}>
          <h2 class={s['title']}>Just played</h2>
          <span class={s['source']}>{source()}, always listening</span>
          <span class={s['space']} />
          <FreeSwitch />
          <span class={s['goes']}>Coloured part goes</span>
          <TargetPicker />
        </div>
      </Show>
      <div class={s['body']}>
        <div class={s['brackets']} aria-hidden="true">
          <For each={ZONES}>
            {(zone, index) => (
              <span
                class={s['bracket']}
                data-chosen={shownBars() === zone.bars}
                style={{
                  left: `${zone.from * 100}%`,
                  top: `${index() * BRACKET_GAP_PX}px`,
                  'z-index': shownBars() === zone.bars ? 1 : 0,
                }}
              />
            )}
          </For>
        </div>
        <div class={s['wave']} aria-hidden="true">
          <canvas ref={canvas} />
        </div>
        <span class={s['now']} aria-hidden="true" />
        <div class={s['zones']}>
          <For each={ZONES}>
            {(zone) => (
              <button
                ref={bind(zone)}
                type="button"
                class={s['zone']}
                data-zone={zone.bars}
                data-chosen={shownBars() === zone.bars}
                data-pressed={pressed() === zone.bars}
                aria-disabled={!session.isLive()}
                aria-label={zoneLabel(zone.bars, session.targetSlot(), page.isPhone())}
                onPointerEnter={(event) => {
                  if (event.pointerType === 'mouse') setHovered(zone.bars);
                }}
                onPointerLeave={() => setHovered(undefined)}
              >
                <span class={s['label']} aria-hidden="true">
                  {page.isPhone() && zone.bars < 4 ? zone.bars : barsText(zone.bars)}
                  <Show when={!page.isPhone() && session.prefs.singleKeys}>
                    <kbd>{zone.key}</kbd>
                  </Show>
                </span>
              </button>
            )}
          </For>
        </div>
        <Show when={page.isPhone()}>
          <TargetReadOut class={s['into']} />
        </Show>
      </div>
      <Show when={isNew()}>
        <p class={s['hint']}>
          <b>Press any strip zone:</b> it takes what was just played.
        </p>
      </Show>
    </section>
  );
};

/** Starts with what the zone shows, so that it can be said aloud. */
const zoneLabel = (bars: number, slot: number, isPhone: boolean): string => {
  const shown = isPhone && bars < 4 ? String(bars) : barsText(bars);
  const into = slot < 0 ? 'all slots are full' : `into slot ${slot + 1}`;
  return `${shown}: capture the last ${bars === 1 ? 'bar' : `${bars} bars`}, ${into}`;
};
