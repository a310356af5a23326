/** One graph of the last ten minutes; what it says now stands beside it in words. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import type { MetricsHistory } from '../../protocol/messages.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { fade } from '../draw/palette.ts';
import { usePage } from '../use-session.ts';
import { type Graph, graphWords, scaleTop, stretches, valuesOf } from './read-series.ts';
import s from './Figures.module.css';

const LINE_PX = 1.5;
const MINUTES = 10;
/** Of the second and the third line of one graph. */
const ALPHAS = [1, 0.6, 0.35];

const drawGraph = (
  ctx: CanvasRenderingContext2D,
  graph: Graph,
  history: MetricsHistory | undefined,
  { ctl, text }: { text: string; ctl: string },
) => {
  const { height, width } = ctx.canvas;
  const ratio = density();
  const lines = graph.series.map((name) => valuesOf(history, name));
  const top = scaleTop(lines, graph.least);
  ctx.clearRect(0, 0, width, height);
  ctx.fillStyle = fade(ctl, 0.35);
  for (let minute = 1; minute < MINUTES; minute += 1) {
    ctx.fillRect((minute / MINUTES) * width, 0, ratio / 2, height);
  }
  for (const [at, values] of lines.entries()) {
    ctx.strokeStyle = fade(text, ALPHAS[at] ?? 0.35);
    ctx.lineWidth = LINE_PX * ratio;
    for (const points of stretches(values, top)) {
      ctx.beginPath();
      for (const { x, y } of points) {
        ctx.lineTo(x * width, height - ratio - y * (height - 2 * ratio));
      }
      ctx.stroke();
    }
  }
};

interface GraphProps {
  readonly graph: Graph;
  readonly history: MetricsHistory | undefined;
}

export const FigureGraph = (props: GraphProps) => {
  const { palette } = usePage();
  const bind = (canvas: HTMLCanvasElement) =>
    onMount(() => {
      const ctx = context(canvas);
      const paint = () => {
        fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
        drawGraph(ctx, props.graph, props.history, palette());
      };
      createEffect(paint);
      const resize = new ResizeObserver(paint);
      resize.observe(canvas);
      onCleanup(() => resize.disconnect());
    });
  const top = () =>
    props.graph.show(
      scaleTop(
        props.graph.series.map((name) => valuesOf(props.history, name)),
        props.graph.least,
      ),
    );
  return (
    <li class={s['figure']}>
      <span class={s['what']}>
        {props.graph.title}
        <b data-figure={props.graph.series[0]}>{graphWords(props.graph, props.history)}</b>
      </span>
      <span class={s['plot']} aria-hidden="true">
        <canvas ref={bind} />
        <small>{top()}</small>
      </span>
    </li>
  );
};
