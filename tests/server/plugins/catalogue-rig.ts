/** Looks for plug-ins in folders of their own, one engine after the other. */
import { LIMITS } from '../../../protocol/limits.ts';
import { Desk } from './desk.ts';
import { putBundle } from './fake-bundles.ts';

export const SETTLED_MS = LIMITS.pluginSettleMs + 300;
export const refused = (code: number, detail = '') =>
  ({ t: 'refused', refusal: { code, detail } }) as const;

export const put = (desk: Desk, name: string, more = {}) =>
  putBundle(desk.folder, name, { script: 'exit 0', ...more });

/** Some bundles that have lain there for long. */
export const settled = (names: readonly string[], more = {}) => {
  const desk = new Desk();
  for (const name of names) put(desk, name, more);
  desk.nowMs += SETTLED_MS;
  return desk;
};

/** Another engine with the same folders. */
export const next = ({ dataFolder, folder, nowMs }: Desk, more = {}) => {
  const desk = new Desk({ dataFolder, folder, ...more });
  desk.nowMs = nowMs;
  return desk;
};
