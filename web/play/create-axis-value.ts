/**
 * One parameter of any loaded plug-in, as an axis: what it is called, where it stands, its own words.
 *
 * Where it stands comes with the state, which tells what was touched last to every device; its words
 * are asked for again after a change.
 */
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import { valueText } from '../music/plugin-words.ts';
import { loadParamsPage, makeParamTexts } from '../sheets/read-params.ts';
import type { Axis } from '../sync/create-prefs.ts';
import { ECHO_MS } from '../sync/create-overlay.ts';
import { usePage } from '../use-session.ts';
import { type PlacedParam, readAllParams } from './read-all-params.ts';

export const createAxisValue = (axis: Accessor<Axis | undefined>) => {
  const { session } = usePage();
  const [param, setParam] = createSignal<PlacedParam>();
  /** Under the finger, and a little after. */
  const [held, setHeld] = createSignal<number>();
  let letGo: ReturnType<typeof setTimeout> | undefined;

  const plugin = () => session.state.plugins[axis()?.instanceId ?? ''];
  const isHeard = createMemo(() => ['on', 'dry'].includes(plugin()?.status ?? ''));
  const instanceId = createMemo(() => axis()?.instanceId);
  const chosenId = createMemo(() => axis()?.paramId);
  const touched = () => {
    const now = axis();
    return now && session.state.plugins[now.instanceId]?.touched[now.paramId];
  };

  const texts = makeParamTexts(async () => {
    const [now, before] = [axis(), param()];
    if (!now || !before) return;
    const page = await loadParamsPage(now.instanceId, before.at, true);
    const row = page?.items.find(({ paramId }) => paramId === now.paramId);
    if (row && axis() === now) setParam({ row, at: before.at });
  });

  createEffect(
    on([instanceId, chosenId, isHeard], ([id, wanted, isNow]) => {
      setParam(undefined);
      setHeld(undefined);
      let isOver = false;
      onCleanup(() => {
        isOver = true;
      });
      if (id === undefined || !isNow) return;
      void readAllParams(id).then((all) => {
        if (!isOver) setParam(all?.find(({ row }) => row.paramId === wanted));
      });
    }),
  );
  createEffect(on(touched, (value) => value !== undefined && texts.add(0), { defer: true }));
  onCleanup(() => {
    texts.stop();
    clearTimeout(letGo);
  });

  return {
    axis,
    plugin,
    title: () => param()?.row.title ?? '',
    text: () => {
      const row = param()?.row;
      return row ? valueText(row.text, row.units) : '';
    },
    /** It is there and can be moved. */
    canMove: () => isHeard() && param() !== undefined && session.isLive(),
    value: () => held() ?? touched() ?? param()?.row.value ?? 0,
    /** A hand is on it, or was a moment ago. */
    isMoving: () => held() !== undefined,
    hold(value: number) {
      clearTimeout(letGo);
      setHeld(value);
    },
    /** An echo that still comes does not pull it back. */
    end(value: number) {
      clearTimeout(letGo);
      setHeld(value);
      letGo = setTimeout(() => setHeld(undefined), ECHO_MS);
    },
  };
};

export type AxisValue = ReturnType<typeof createAxisValue>;
