/** Parameters of a plug-in as the server tells them, a page at a time, and texts that are asked for again. */
import type { ParamRow } from '../../protocol/link.ts';

const TEXT_MS = 120;

export interface ParamsPage {
  readonly items: readonly ParamRow[];
  readonly next: number | null;
}

/** @param isFresh As the plug-in tells them now: the server knows only what it told when it was asked last. */
export const loadParamsPage = async (
  id: string,
  from: number,
  isFresh = false,
): Promise<ParamsPage | undefined> => {
  try {
    const more = isFresh ? '&fresh=1' : '';
    const answer = await fetch(`api/plugins/${id}/params?from=${from}${more}`);
    return answer.ok ? ((await answer.json()) as ParamsPage) : undefined;
  } catch {
    // The line is down: what was shown stays.
    return undefined;
  }
};

/** What players may see. */
export const isShown = ({ isBypass, isHidden, title }: ParamRow) =>
  !isHidden && !isBypass && title !== '';

/** Texts of what has changed, the newest change first; one question at a time. */
export const makeParamTexts = (ask: (paramId: number) => Promise<void>) => {
  const stale = new Set<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = async () => {
    const paramId = [...stale].at(-1);
    if (paramId === undefined) {
      timer = undefined;
      return;
    }
    stale.delete(paramId);
    await ask(paramId);
    timer = setTimeout(next, TEXT_MS);
  };
  return {
    add(paramId: number) {
      stale.delete(paramId);
      stale.add(paramId);
      timer ??= setTimeout(next, TEXT_MS);
    },
    /** Told together with another one. */
    has: (paramId: number) => stale.delete(paramId),
    stop() {
      clearTimeout(timer);
      stale.clear();
    },
  };
};
