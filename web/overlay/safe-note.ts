/** Safe Mode is said once, with why and a way out; the sheet "More" has the same way for later. */
import { createEffect } from 'solid-js';
import type { AppState } from '../../protocol/state.ts';
import { usePage } from '../use-session.ts';

type Safe = NonNullable<AppState['meta']['safe']>;

const TITLE = 'Safe Mode';
const LEFT_OUT = ['', 'Plug-ins are off.', 'Plug-ins are off and no loop was loaded.'] as const;

/** Why it is on, what it leaves out, and who is suspected. */
export const safeWords = ({ reason, step, suspects }: Safe): string => {
  const about = suspects.length === 0 ? '' : `It was about ${suspects.join(' and ')}. `;
  return `${reason} ${about}${LEFT_OUT[step] ?? ''} All your music is there.`;
};

export const createSafeNote = (): void => {
  const { session } = usePage();
  createEffect((shown: string) => {
    const { safe } = session.state.meta;
    const words = safe === null ? '' : safeWords(safe);
    if (words === shown) return words;
    for (const { id, title } of session.toasts.list.slice()) {
      if (title === TITLE) session.toasts.dismiss(id);
    }
    const run = () => void session.run({ cmd: 'LEAVE_SAFE_MODE' });
    const action = { label: 'Leave', run };
    if (words !== '') session.toasts.show(TITLE, words, { severity: 'medium', action });
    return words;
  }, '');
};
