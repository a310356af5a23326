/** Safe Mode in sentences: why it is on, what it leaves out, and who is suspected. */
import type { AppState } from '../../protocol/state.ts';

type Safe = NonNullable<AppState['meta']['safe']>;

const LEFT_OUT = ['', 'Plug-ins are off.', 'Plug-ins are off and no loop was loaded.'] as const;

export const safeWords = ({ reason, step, suspects }: Safe): string => {
  const about = suspects.length === 0 ? '' : `It was about ${suspects.join(' and ')}. `;
  return `${reason} ${about}${LEFT_OUT[step] ?? ''} All your music is there.`;
};
