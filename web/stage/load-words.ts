/** How well the machine keeps up, in few words. */
import type { Page } from '../use-session.ts';

export interface LoadWords {
  readonly tone: 'ok' | 'warn' | 'quiet';
  readonly text: string;
}

const HIGH = 0.7;

/** What a player should know, in fewer words where there is little room; undefined = all is well. */
export const highLoad = ({ isPhone, session }: Page): LoadWords | undefined => {
  const slow = session.slowFps();
  const { audioLoad } = session.state.system;
  const tone = audioLoad > HIGH ? 'warn' : 'quiet';
  const percent = `${Math.round(audioLoad * 100)} %`;
  if (slow === null) return tone === 'warn' ? { tone, text: `Load ${percent}` } : undefined;
  const isLong = tone === 'warn' && !isPhone();
  return { tone, text: isLong ? `${percent} · VIS ${slow}` : `VIS ${slow}` };
};
