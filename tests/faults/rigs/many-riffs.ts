/** A session of fifty thousand riffs: it opens whole, and what that takes is in the counts. */
import { join } from 'node:path';
import type { Rig, TrialResult } from '../rig.ts';

const SCRIPT = join(import.meta.dirname, '../../bench/many-riffs.ts');
const RIFFS = 50_000;
/** A page of the history. */
const PAGE = 32;

interface Figures {
  readonly riffs: number;
  readonly databaseMb: number;
  readonly openMs: number;
  readonly loadMs: number;
  readonly firstPageMs: number;
  readonly firstPageItems: number;
  readonly memoryMb: number;
}

const trial = async (): Promise<TrialResult> => {
  const child = Bun.spawn([process.execPath, SCRIPT, `${RIFFS}`], { stdout: 'pipe', stderr: 2 });
  const said = await new Response(child.stdout).text();
  const code = await child.exited;
  if (code !== 0) return { faults: [`it ended with ${code}`], counts: {} };
  const figures = JSON.parse(said) as Figures;
  const { firstPageItems, riffs } = figures;
  return {
    faults: [
      ...(riffs === RIFFS ? [] : [`${riffs} riffs came back`]),
      ...(firstPageItems === PAGE ? [] : [`the first page holds ${firstPageItems}`]),
    ],
    counts: {
      databaseMbMax: figures.databaseMb,
      openMsMax: Math.round(figures.openMs + figures.loadMs),
      firstPageMsMax: figures.firstPageMs,
      memoryMbMax: figures.memoryMb,
    },
  };
};

export const manyRiffs: Rig = {
  missing: () => null,
  open: () => Promise.resolve({ trial, close: () => Promise.resolve([]) }),
};
