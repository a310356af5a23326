/** Plug-ins that failed or cannot keep up, as the stage says it; the rest is in `plugin-words.ts`. */
import { LIMITS } from '../../protocol/limits.ts';
import type { AppState, PluginOf } from '../../protocol/state.ts';

export const retryText = (retries: number) => `${retries}/${LIMITS.pluginRetriesMax}`;

/** It failed, or cannot keep up; the player should know. */
export const isInTrouble = ({ status }: Pick<PluginOf, 'status'>): boolean =>
  status === 'restarting' || status === 'slow' || status === 'off';

const SHORT: Partial<Record<PluginOf['status'], (retries: number) => string>> = {
  restarting: (retries) => `off ${retryText(retries)}`,
  slow: () => 'too slow',
  off: () => 'off',
};

/** The first of a chain that is in trouble, in few words: "Diva off 1/3"; empty when none is. */
export const troubleText = (plugins: AppState['plugins'], chain: readonly string[]): string => {
  const one = chain.map((id) => plugins[id]).find((plugin) => plugin && isInTrouble(plugin));
  const says = one && SHORT[one.status];
  return says ? `${one.name} ${says(one.retries)}` : '';
};
