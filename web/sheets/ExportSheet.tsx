/** What sounds, or what was played, as files: chosen, watched, downloaded. */
import { createMemo, createSignal, For, Index, Show } from 'solid-js';
import type { CommandOf } from '../../protocol/commands.ts';
import { errorByCode, ERRORS } from '../../protocol/errors.ts';
import type { JobOf } from '../../protocol/state.ts';
import { usePage } from '../use-session.ts';
import { createNewestBar } from './create-newest-bar.ts';
import { ExportFiles } from './ExportFiles.tsx';
import { ExportWhat, firstChoice } from './ExportWhat.tsx';
import { RunningJob } from './RunningJob.tsx';
import { Sheet, SheetHead } from './Sheet.tsx';
import s from './MoreSheet.module.css';

type Format = CommandOf<'EXPORT'>['format'];

const FORMATS: readonly (readonly [Format, string])[] = [
  ['wav32f', 'WAV, 32-bit float'],
  ['wav24', 'WAV, 24-bit'],
  ['flac', 'FLAC, 24-bit'],
];

const whyText = (code: number): string => {
  const row = errorByCode(code)?.row;
  if (!row) return 'could not be written';
  const says = code === ERRORS.ERR_EXPORT_FAILED.code ? '' : ` ${row.says}`;
  return `could not be written.${says} ${row.action}`;
};

const isExport = (job: JobOf | undefined): boolean => job?.kind === 'export';

const jobText = ({ code, progress, state }: JobOf): string => {
  if (state === 'running') return `${Math.floor(progress * 100)} %`;
  return state === 'failed' ? whyText(code) : 'cancelled';
};

/** Said once when it begins and once when it ends: how far it is can be read at any time. */
const spokenText = (job: JobOf | undefined): string => {
  if (!job) return '';
  if (job.state === 'running') return `${job.label} is being written`;
  return `${job.label}: ${job.state === 'done' ? 'written' : jobText(job)}`;
};

/** Of the job that was begun last. */
const Spoken = () => {
  const { session } = usePage();
  const text = createMemo(() => spokenText(Object.values(session.state.jobs).findLast(isExport)));
  return (
    <p role="status" class="unseen">
      {text()}
    </p>
  );
};

/** What is being written, and what was not; what was cancelled is gone when the sheet is next opened. */
const Jobs = () => {
  const { session } = usePage();
  const isCancelled = (id: string) => session.state.jobs[id]?.state === 'cancelled';
  const before = new Set(Object.keys(session.state.jobs).filter(isCancelled));
  const ids = createMemo(() =>
    Object.keys(session.state.jobs).filter(
      (id) =>
        !before.has(id) &&
        isExport(session.state.jobs[id]) &&
        session.state.jobs[id]?.state !== 'done',
    ),
  );
  return (
    <For each={ids().toReversed()}>
      {(id) => (
        <Show when={session.state.jobs[id]}>
          {(job) => (
            <div class={s['line']} data-job={job().state}>
              <span>
                {job().label}
                <small>{jobText(job())}</small>
              </span>
              <Show when={job().state === 'running'}>
                <RunningJob id={id} job={job()} />
              </Show>
            </div>
          )}
        </Show>
      )}
    </For>
  );
};

const FormatLine = (props: { format: Format; onChange: (format: Format) => void }) => (
  <label class={s['line']}>
    <span>Format</span>
    <select
      class="control"
      aria-label="Format"
      value={props.format}
      onChange={({ currentTarget }) => props.onChange(currentTarget.value as Format)}
    >
      <Index each={FORMATS}>{(each) => <option value={each()[0]}>{each()[1]}</option>}</Index>
    </select>
  </label>
);

interface StemsProps {
  readonly isOn: boolean;
  readonly about: string;
  readonly onChange: (isOn: boolean) => void;
}

const StemsLine = (props: StemsProps) => (
  <div class={s['line']}>
    <span>
      Stems
      <small>{props.about}</small>
    </span>
    <button
      type="button"
      class="control"
      aria-pressed={props.isOn}
      aria-label="Stems"
      onClick={() => props.onChange(!props.isOn)}
    >
      {props.isOn ? 'On' : 'Off'}
    </button>
  </div>
);

export const ExportSheet = () => {
  const { session } = usePage();
  const newest = createNewestBar(session);
  const playedBars = () => newest() + 1;
  const hasRiff = () => session.state.slots.some((slot) => slot.takeId !== null && slot.audible);
  const [bars, setBars] = createSignal(firstChoice(hasRiff(), playedBars()));
  const hasSound = () => (bars() === 0 ? hasRiff() : playedBars() > 0);
  const stemsText = () => {
    if (bars() === 0) return 'A file for each slot';
    return session.state.sources.length > 1
      ? 'A file for each input'
      : 'Of one input: the same file';
  };
  const [format, setFormat] = createSignal<Format>('wav32f');
  const [stems, setStems] = createSignal(true);
  const begin = () =>
    void session.run({
      cmd: 'EXPORT',
      what: bars() === 0 ? { riffId: session.state.history.head } : { bars: bars() },
      format: format(),
      stems: stems(),
    });
  return (
    <Sheet label="Export">
      <SheetHead title="Export" />
      <div class={s['body']}>
        <ExportWhat
          bars={bars()}
          playedBars={playedBars()}
          hasRiff={hasRiff()}
          onChange={setBars}
        />
        <FormatLine format={format()} onChange={setFormat} />
        <StemsLine isOn={stems()} about={stemsText()} onChange={setStems} />
        <button
          type="button"
          class="control"
          disabled={!session.isLive() || !hasSound()}
          onClick={begin}
        >
          Export
        </button>
        <Spoken />
        <Jobs />
        <ExportFiles />
      </div>
    </Sheet>
  );
};
