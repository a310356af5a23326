/** What was exported before, newest first: each file is a download. */
import { createEffect, createMemo, createSignal, For, on } from 'solid-js';
import { wallMs } from '../clock.ts';
import { agoText } from '../music/ago.ts';
import { barsText } from '../music/words.ts';
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

const SHOWN_MAX = 8;
const BYTES_PER_MB = 1_000_000;

interface ExportedFile {
  readonly file: string;
  readonly bytes: number;
  /** Samples that 24 bit could not hold. */
  readonly clips: number;
}

/** What the page reads of the JSON beside the files. */
interface Exported {
  readonly folder: string;
  readonly json: string;
  readonly made: string;
  readonly bpm?: number;
  readonly bars?: number;
  readonly riff?: { readonly number: number };
  /** Loops whose pitch moved with the tempo, as there was no stretcher. */
  readonly notStretched?: readonly number[];
  readonly gaps: readonly unknown[];
  readonly files: readonly ExportedFile[];
}

const addressOf = (folder: string, file: string) =>
  `api/exports/${encodeURIComponent(folder)}/${encodeURIComponent(file)}`;

/** What differs between the files of one export: "slot 3 Bass", "mix". */
const tailOf = (file: string, json: string): string => file.slice(json.length - '.json'.length + 1);

const megabytes = (bytes: number): string => `${Math.max(0.1, bytes / BYTES_PER_MB).toFixed(1)} MB`;

const aboutText = ({ bars, bpm, files, gaps, made, notStretched }: Exported): string =>
  [
    agoText(Date.parse(made), wallMs()),
    ...(bars === undefined ? [] : [barsText(bars)]),
    ...(bpm === undefined ? [] : [`${Math.round(bpm * 10) / 10} bpm`]),
    ...(files.some(({ clips }) => clips > 0) ? ['too loud for 24-bit: clipped'] : []),
    ...(notStretched === undefined ? [] : ['without Rubber Band: pitch moved with the tempo']),
    ...(gaps.length === 0 ? [] : ['with silence where nothing was kept']),
  ].join(' · ');

export const ExportFiles = () => {
  const { session } = usePage();
  const [list, setList] = createSignal<readonly Exported[]>([]);
  /** One may be forgotten as another is done: their number alone says nothing. */
  const doneIds = createMemo(() =>
    Object.entries(session.state.jobs)
      .flatMap(([id, { kind, state }]) => (kind === 'export' && state === 'done' ? [id] : []))
      .join(),
  );
  const read = async () => {
    try {
      const answer = await fetch(`api/exports?limit=${SHOWN_MAX}`);
      const { items } = (await answer.json()) as { items?: Exported[] };
      if (items) setList(items);
    } catch {
      // The line is down: what was shown stays.
    }
  };
  createEffect(on(doneIds, () => void read()));
  return (
    <For each={list()}>
      {(one) => (
        <div class={s['entry']} data-export={one.json}>
          <span>
            {one.riff ? `Riff ${one.riff.number}` : 'The past'}
            <small>{aboutText(one)}</small>
          </span>
          <div>
            <For each={one.files}>
              {({ bytes, file }) => (
                <a class="control" href={addressOf(one.folder, file)} download={file}>
                  {tailOf(file, one.json)}
                  <small>{megabytes(bytes)}</small>
                </a>
              )}
            </For>
            <a class="control" href={addressOf(one.folder, one.json)} download={one.json}>
              about (JSON)
            </a>
          </div>
        </div>
      )}
    </For>
  );
};
