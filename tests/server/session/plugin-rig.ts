/** What tests of chains do with a rig again and again. */
import { EVENT_KIND } from '../../../protocol/abi.ts';
import type { LoadResult } from '../../../protocol/messages.ts';
import type { Place } from '../../../protocol/state.ts';
import type { BundleReport } from '../../../server/plugins/scan-port.ts';
import type { CoreEvent } from '../../../server/session/core/port.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { makeEvent } from './core-event.ts';
import { Rig, type RigOptions } from './rig.ts';

export const pluginId = (number: number) => `vst3:${number.toString(16).padStart(32, '0')}`;
export const ROOM = pluginId(1);
export const SYNTH = pluginId(2);
export const NOWHERE = '00000000-0000-4000-8000-00000000dead';

const classOf = (id: string, name: string, kind: 'effect' | 'instrument', vendor: string) =>
  ({ pluginId: id, name, vendor, version: '1.0', kind, categories: [] }) as const;

/** Two plug-ins of two makers are offered. */
export const offer = (rig: Rig, more: Partial<BundleReport> = {}): void => {
  rig.session.onPlugins({
    t: 'bundle',
    bundle: {
      path: '/vst3/Both.vst3',
      folder: 0,
      name: 'Both',
      classes: [
        classOf(ROOM, 'Room', 'effect', 'North, and South'),
        classOf(SYNTH, 'Synth', 'instrument', 'Two Hands'),
      ],
      isConfirmed: true,
      refusal: null,
      ...more,
    },
  });
};

export const pluginRig = (options: RigOptions = {}): Rig => {
  const rig = new Rig(options);
  offer(rig);
  return rig;
};

/** Loads one and returns its id. */
export const loaded = async (rig: Rig, slot: Place, id = ROOM, index?: number): Promise<string> => {
  const at = index === undefined ? {} : { index };
  const answer = await rig.ask({ cmd: 'LOAD_VST', slot, pluginId: id, ...at });
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return (answer.result as LoadResult).instanceId;
};

/** What the core says of a plug-in. */
export const tell = async (
  rig: Rig,
  kind: keyof typeof EVENT_KIND,
  id: string | null,
  more: Partial<CoreEvent> = {},
): Promise<void> => {
  const about = id === null ? {} : { id: wordsOfId(id) };
  rig.session.onEvents([makeEvent({ kind: EVENT_KIND[kind], ...about, ...more })]);
  await rig.settle();
};

/** What the core sends each place through. */
export const heardAt = (rig: Rig, place: Place): readonly string[] =>
  rig.core.chains.get(String(place)) ?? [];
