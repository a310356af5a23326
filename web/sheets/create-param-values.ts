/**
 * What one plug-in's parameters are, for the page: fetched in pages, then kept true by what it is told.
 *
 * Texts are the plug-in's own: after a change they are asked for again, a few times a second at most,
 * and the one that was shown stays until the new one has come.
 */
import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { MessageOf } from '../../protocol/messages.ts';
import type { ParamRow } from '../../protocol/link.ts';
import { usePage } from '../use-session.ts';
import { isShown, loadParamsPage, makeParamTexts, type ParamsPage } from './read-params.ts';

/** A device that fetches in vain asks again. */
const AGAIN_MS = 1000;

interface Shown {
  readonly value: number;
  readonly text: string;
}

/** @param isHeld A value that is not to be changed by what is told: a finger is on it. */
export const createParamValues = (id: string, isHeld: (paramId: number) => boolean) => {
  const { session } = usePage();
  const [rows, setRows] = createSignal<readonly ParamRow[]>([]);
  const [shown, setShown] = createStore<Record<number, Shown | undefined>>({});
  let places = new Map<number, number>();
  let isOver = false;

  const show = (paramId: number, part: Partial<Shown>) => {
    const before = shown[paramId] ?? { value: 0, text: '' };
    setShown(paramId, { ...before, ...part });
  };

  const texts = makeParamTexts(async (paramId) => {
    const place = places.get(paramId);
    const page = place === undefined ? undefined : await loadParamsPage(id, place, true);
    for (const row of isOver ? [] : (page?.items ?? [])) {
      const isAsked = row.paramId === paramId;
      if (!isAsked && !texts.has(row.paramId)) continue;
      show(row.paramId, isHeld(row.paramId) ? { text: row.text } : row);
    }
  });

  const loadAll = async () => {
    const found: ParamRow[] = [];
    let from: number | null = 0;
    while (from !== null) {
      const page: ParamsPage | undefined = await loadParamsPage(id, from);
      if (isOver) return undefined;
      if (!page) return setTimeout(() => !isOver && session.isLive() && void loadAll(), AGAIN_MS);
      found.push(...page.items);
      from = page.next;
    }
    places = new Map(found.map(({ paramId }, index) => [paramId, index]));
    for (const row of found) if (!isHeld(row.paramId)) show(row.paramId, row);
    return setRows(found.filter(isShown));
  };

  const onParams = ({ instanceId, values }: MessageOf<'PARAMS'>) => {
    if (instanceId !== id) return;
    for (const [key, value] of Object.entries(values)) {
      const paramId = Number(key);
      if (!isHeld(paramId)) show(paramId, { value });
      texts.add(paramId);
    }
  };

  /** It has parameters while it is loaded; a new life of it may tell others. */
  const isLoaded = () => {
    const status = session.state.plugins[id]?.status;
    return session.isLive() && status !== undefined && status !== 'loading' && status !== 'off';
  };
  const count = () => session.state.plugins[id]?.paramCount ?? 0;
  createEffect(
    on([isLoaded, count], ([isNow]) => {
      if (!isNow) return;
      session.tell({ cmd: 'WATCH_PARAMS', instanceId: id });
      void loadAll();
    }),
  );
  const stopListening = session.listenToParams(onParams);
  onCleanup(() => {
    texts.stop();
    isOver = true;
    stopListening();
    session.tell({ cmd: 'WATCH_PARAMS', instanceId: null });
  });

  return {
    /** What players may see, in the plug-in's own order. */
    rows,
    show,
    valueOf: (paramId: number) => shown[paramId]?.value ?? 0,
    textOf: (paramId: number) => shown[paramId]?.text ?? '',
  };
};
