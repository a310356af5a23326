/** How the machine copes: the last ten minutes as graphs, what it knows of itself as lines. */
import { For, Show } from 'solid-js';
import { costText } from '../music/cost-text.ts';
import { Dock, Sheet, SheetHead } from '../sheets/Sheet.tsx';
import { SupportLine } from '../sheets/SupportLine.tsx';
import { usePage } from '../use-session.ts';
import { createFigures } from './create-figures.ts';
import { FigureGraph } from './FigureGraph.tsx';
import { GRAPHS } from './read-series.ts';
import s from './Figures.module.css';

const About = () => {
  const { session } = usePage();
  const device = () => session.state.devices;
  const facts = () => [
    ['Device', device().name || device().kind],
    ['Rate and block', `${device().rateHz / 1000} kHz, ${device().blockFrames} frames`],
    ['Real-time thread', device().hasRealTime ? 'yes' : 'no: other programs may delay the sound'],
    ['Blocks too late since the start', String(session.state.system.xruns)],
    ['Frames lost since the start', String(session.state.system.gapFrames)],
    ['Revision', String(session.state.meta.revisionId)],
    ['Version', session.state.meta.version],
  ];
  return (
    <dl class={s['facts']}>
      <For each={facts()}>
        {([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        )}
      </For>
    </dl>
  );
};

/** Of the plug-ins the ones to look at first when the load is high. */
const Cost = () => {
  const { session } = usePage();
  const text = () => costText(session.state);
  return (
    <Show when={text() !== ''}>
      <p class={s['note']} data-cost>
        Of the plug-ins {text()}.
      </p>
    </Show>
  );
};

const Body = () => {
  const history = createFigures();
  return (
    <div class={s['body']}>
      <p class={s['note']}>
        The last ten minutes, now at the right.
        <Show when={!history()}> They come within a second.</Show>
      </p>
      <ul class={s['list']}>
        <For each={GRAPHS}>{(graph) => <FigureGraph graph={graph} history={history()} />}</For>
      </ul>
      <Cost />
      <About />
      <SupportLine />
    </div>
  );
};

export const FiguresSheet = () => (
  <Sheet label="Figures" isTall>
    <SheetHead title="Figures" />
    <Body />
  </Sheet>
);

export const FiguresDock = () => (
  <Dock label="Figures">
    <SheetHead title="Figures" />
    <Body />
  </Dock>
);
