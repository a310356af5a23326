/** What the page says of a plug-in: how it is, where it is, what it is late. */
import type { AppState, Place, PluginOf } from '../../protocol/state.ts';
import { retryText } from './plugin-trouble.ts';

/** Where a plug-in is, as people say it. */
export const placeText = (place: Place): string =>
  place === 'input' ? 'the input' : `slot ${place + 1}`;

/** Its badge; empty while it is heard. */
export const badgeText = ({ bypassed, retries, status }: PluginOf, isSafe: boolean): string => {
  switch (status) {
    case 'loading':
      return 'loading…';
    case 'restarting':
      return `bypassed · restarting ${retryText(retries)}`;
    case 'slow':
      return 'too slow · bypassed';
    case 'off':
      return isSafe ? 'off in Safe Mode' : 'off for this session';
    case 'dry':
      return bypassed ? 'bypassed' : 'not heard yet';
    default:
      return bypassed ? 'bypassed' : '';
  }
};

/** It was given up, or rests until it is tried again by itself: the player may have it tried now. */
export const canRetry = ({ status }: PluginOf, isSafe: boolean): boolean =>
  !isSafe && (status === 'off' || status === 'slow');

/** "1.3 ms"; empty when it adds none. */
export const latencyText = (frames: number, rateHz: number): string => {
  if (frames <= 0 || rateHz <= 0) return '';
  return `${((frames / rateHz) * 1000).toFixed(1)} ms`;
};

export interface ChainRow {
  readonly id: string;
  /** In its chain, counted from 0; −1 while it is on its way into it. */
  readonly index: number;
}

/** What is in a chain, in that order, and behind it what is on its way into it. */
export const chainRows = (
  { inputChain, plugins, slots }: Pick<AppState, 'inputChain' | 'plugins' | 'slots'>,
  place: Place,
): readonly ChainRow[] => {
  const chain = place === 'input' ? inputChain : (slots[place]?.pluginChain ?? []);
  const coming = Object.entries(plugins).flatMap(([id, { where }]) =>
    where === place && !chain.includes(id) ? [{ id, index: -1 }] : [],
  );
  return [...chain.filter((id) => plugins[id]).map((id, index) => ({ id, index })), ...coming];
};

/** The plug-in's own text with its unit; some write the unit themselves. */
export const valueText = (text: string, units: string): string =>
  units === '' || text === '' || text.endsWith(units) ? text : `${text} ${units}`;
