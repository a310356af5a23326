/** The fault table: every class of the misbehaving plug-in, on the live path and on a slot. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFixture } from '../fixture/build.ts';
import { judgeRow } from './judge-row.ts';
import { type Mode, MODES, type Path, PATHS, titleOf } from './modes.ts';
import { type Part, type PartResult, reporter } from './part.ts';
import { type Row, runRow } from './row.ts';
import { faultTable } from './table.ts';

/** A row without plug-ins after so many with one: what the machine does by itself. */
const CONTROL_EVERY = 8;

interface Task {
  readonly mode: Mode | null;
  readonly path: Path;
}

export const tasksOf = (only: readonly string[]): Task[] => {
  const chosen = MODES.filter(
    (mode) => only.length === 0 || only.some((text) => titleOf(mode).includes(text)),
  );
  const tasks = chosen.flatMap((mode) => PATHS.map((path): Task => ({ mode, path })));
  return tasks.flatMap((task, index) =>
    index % CONTROL_EVERY === 0 ? [{ mode: null, path: task.path }, task] : [task],
  );
};

/** What else the machine does may make a host late: a row that differs is tried again, and that is told. */
const TRIES = 3;

export const tryRow = async (
  { mode, path }: Task,
  {
    pluginFolder,
    seed,
    triesMax = TRIES,
  }: { readonly pluginFolder: string; readonly seed: number; readonly triesMax?: number },
): Promise<{ row: Row; faults: string[]; said: string[] }> => {
  const said: string[] = [];
  for (let tries = 1; ; tries += 1) {
    const row = await runRow(mode, { path, pluginFolder, seed });
    const faults = mode ? judgeRow(mode, row) : [];
    said.push(...faults);
    const isLast = tries === triesMax || faults.length === 0;
    if (isLast) return { row: { ...row, tries, differed: said }, faults, said };
  }
};

const sum = (rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

const aMinute = (count: number, seconds: number): number =>
  seconds > 0 ? Math.round((600 * count) / seconds) / 10 : 0;

const countsOf = (rows: readonly Row[]): PartResult['counts'] => {
  const controls = rows.filter(({ title }) => title === 'no plug-in');
  const others = rows.filter(({ title }) => title !== 'no plug-in');
  const most = (of: readonly Row[]) => Math.max(0, ...of.map(({ times }) => times.maxUs));
  return {
    rows: others.length,
    triedAgain: others.filter(({ tries }) => tries > 1).length,
    controls: controls.length,
    xruns: sum(others, ({ xruns }) => xruns),
    xrunsAMinute: aMinute(
      sum(others, ({ xruns }) => xruns),
      sum(others, ({ xrunSeconds }) => xrunSeconds),
    ),
    // The same engines before anything was loaded, and those with no plug-in at all.
    xrunsAMinuteBefore: aMinute(
      sum(rows, ({ xrunsBefore }) => xrunsBefore),
      sum(rows, ({ beforeSeconds }) => beforeSeconds),
    ),
    xrunsAMinuteOfControls: aMinute(
      sum(controls, ({ xruns }) => xruns),
      sum(controls, ({ xrunSeconds }) => xrunSeconds),
    ),
    seconds: Math.round(sum(others, ({ seconds }) => seconds)),
    longestBlockUs: most(others),
    longestBlockOfControlsUs: most(controls),
    nonFinite: sum(others, ({ heard }) =>
      heard ? heard.before.nonFinite + heard.after.nonFinite : 0,
    ),
    strayFrames: sum(others, ({ heard }) =>
      heard ? heard.before.strayFrames + heard.after.strayFrames : 0,
    ),
    framesJudged: sum(others, ({ heard }) =>
      heard ? heard.before.frames + heard.after.frames : 0,
    ),
  };
};

export const tablePart: Part = async ({ keep, only, say, seed }) => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-fixture-'));
  const rows: Row[] = [];
  const faults: string[] = [];
  const result = reporter('table', () => ({
    counts: countsOf(rows),
    faults,
    rows,
  }));
  try {
    await buildFixture(folder);
    for (const [index, task] of tasksOf(only).entries()) {
      const { mode, path } = task;
      const about = `${mode ? titleOf(mode) : 'no plug-in'}, ${path}`;
      try {
        const tried = await tryRow(task, { pluginFolder: folder, seed: seed + index });
        rows.push(tried.row);
        faults.push(...tried.faults);
        say(`${about}: ${tried.row.outcome}, ${tried.row.seconds} s ${tried.said.join('; ')}`);
      } catch (error) {
        faults.push(`${about}: ${error instanceof Error ? error.message : String(error)}`);
        say(faults.at(-1) ?? '');
      }
      keep(result());
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(`\n${faultTable(rows)}`);
  say(JSON.stringify(countsOf(rows)));
  return result();
};
