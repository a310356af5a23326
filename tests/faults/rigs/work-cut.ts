/**
 * The power goes while the store migrates, backs up or removes; then the work is done again. What was
 * there before must be there at the cut, and the end must be that of work nobody disturbed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../judge/wav.ts';
import { tablesHash } from '../judge/tables.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { type LazySync, lazySyncEnv } from '../stand/lazy-sync.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import { prepare, type StoreWork } from '../stand/store-work.ts';

const DISK_MEGABYTES = 256;
const SCRIPT = join(import.meta.dirname, '../stand/store-work.ts');
/** Some cuts come right after the work: what it had done must last. */
const LATE_SHARE = 1.3;
const BOOKS = /^(?:flowzone\.db.*|work\.json|forgotten\.jsonl)$/;

export interface WorkCut {
  readonly work: StoreWork;
  /** Leaves one kind of sync out, so that the judge has something to find. */
  readonly lazy?: LazySync;
}

/** The age of a segment is that of its file. */
export const copy = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, preserveTimestamps: true });

interface Ends {
  /** Null = it is let end. */
  readonly cut: { afterMs: number; now(): void } | null;
  /** Of a disk that refuses or is gone it may complain. */
  readonly mayComplain?: boolean;
}

interface Work {
  readonly ms: number;
  readonly isDone: boolean;
}

export const doWork = async (
  { lazy, work }: WorkCut,
  folder: string,
  { cut, mayComplain = cut !== null }: Ends = { cut: null },
): Promise<Work> => {
  const child = Bun.spawn([process.execPath, SCRIPT, work, folder], {
    env: { ...process.env, ...(lazy && lazySyncEnv(lazy)) },
    stdout: 'pipe',
    stderr: mayComplain ? 'ignore' : 'inherit',
  });
  try {
    let said = '';
    let beganMs = 0;
    const text = new TextDecoder();
    const heard = (async () => {
      for await (const bytes of child.stdout) {
        said += text.decode(bytes);
        if (beganMs === 0 && said.startsWith('begun')) {
          beganMs = performance.now();
          if (cut) {
            await Bun.sleep(cut.afterMs);
            cut.now();
            child.kill('SIGKILL');
          }
        }
      }
    })();
    await child.exited;
    await heard;
    return { ms: performance.now() - beganMs, isDone: said.includes('done') };
  } finally {
    child.kill('SIGKILL');
    await child.exited;
  }
};

/** Names and lengths of all files, but not of those that tell how they came to be so. */
const filesIn = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => !BOOKS.test(path.split('/').at(-1) ?? ''))
    .filter((path) => !path.startsWith('backup') && statSync(join(folder, path)).isFile())
    .map((path) => `${path} ${statSync(join(folder, path)).size}`)
    .toSorted();

const backupsOf = (folder: string): string[] => {
  const backups = join(folder, 'backup');
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .filter((name) => name.startsWith('flowzone-') && name.endsWith('.db'))
    .map((name) => `${name} ${tablesHash(join(backups, name))}`)
    .toSorted();
};

export const stateOf = (folder: string) => ({
  tables: tablesHash(join(folder, 'flowzone.db')),
  files: filesIn(folder),
  backups: backupsOf(folder),
});

type State = ReturnType<typeof stateOf>;

/** What the cut left, beside what was there before and what the whole work makes of it. */
export interface Cut {
  readonly before: State;
  readonly found: State;
  readonly after: State;
}

/** It goes in many small steps; of the others there is old and new, and nothing between. */
const isInSteps = ({ work }: WorkCut): boolean => work === 'removal';

export const faultsAtCut = (
  how: WorkCut,
  { after, before, found }: Cut,
  isDone: boolean,
): string[] => {
  const faults: string[] = [];
  const isOneOfBoth = [before.tables, after.tables].includes(found.tables);
  if (found.tables.startsWith('unreadable')) faults.push(`the session file is ${found.tables}`);
  else if (!isInSteps(how) && !isOneOfBoth) faults.push('the session file is neither old nor new');
  const lost = before.backups.filter((backup) => !found.backups.includes(backup));
  const odd = found.backups.filter((backup) => !after.backups.includes(backup));
  faults.push(...lost.map((backup) => `${backup} is gone`), ...odd.map((each) => `odd: ${each}`));
  if (isDone && !isInSteps(how) && !Bun.deepEquals(found, after)) {
    faults.push('what was said to be done did not last');
  }
  return faults;
};

const openWorkCut = async (how: WorkCut): Promise<RigSession> => {
  const home = makeDiskFolder();
  const disk = new LoopDisk(DISK_MEGABYTES);
  let trials = 0;

  const trial = async (seed: number): Promise<TrialResult> => {
    trials += 1;
    const template = join(home, `template-${trials}`);
    const reference = join(disk.folder, `end-${trials}`);
    const folder = join(disk.folder, `data-${trials}`);
    const { needed } = prepare(how.work, template, seed);
    copy(template, reference);
    const { ms } = await doWork({ work: how.work }, reference);
    const [before, after] = [stateOf(template), stateOf(reference)];
    copy(template, folder);
    spawnSync('sync', ['-f', folder]);
    const afterMs = makeRandom(seed)() * LATE_SHARE * ms;
    const { isDone } = await doWork(how, folder, {
      cut: { afterMs, now: () => disk.cutPower() },
    });
    await disk.unmount();
    disk.mount();
    const faults = faultsAtCut(how, { before, found: stateOf(folder), after }, isDone);
    const gone = needed.filter((path) => !existsSync(join(folder, path)));
    await doWork({ work: how.work }, folder);
    const end = stateOf(folder);
    for (const what of ['tables', 'files', 'backups'] as const) {
      if (!Bun.deepEquals(end[what], after[what])) faults.push(`done again, ${what} are others`);
    }
    for (const each of [template, reference, folder]) rmSync(each, { recursive: true });
    return {
      faults: [...faults, ...gone.map((path) => `${path} is gone`)],
      counts: { cutBeforeEnd: Number(!isDone), cutAfterEnd: Number(isDone) },
    };
  };

  const close = async (): Promise<string[]> => {
    disk.remove();
    removeDiskFolder(home);
    return [];
  };

  return { trial, close };
};

export const workCut = (how: WorkCut): Rig => ({
  missing: () =>
    missingForDisks() ?? (how.lazy && Bun.which('cc') === null ? 'no C compiler' : null),
  open: () => openWorkCut(how),
});
