/**
 * What goes wrong inside the page, for the log of the server: each fault once, and not many.
 *
 * Nothing of it is shown: the player can do nothing about it, and whoever helps needs the words.
 */
import { onCleanup } from 'solid-js';
import type { Command } from '../../protocol/commands.ts';

/** The schema of REPORT_FAULT takes so many characters. */
export const FAULT_CHARS_MAX = 500;
export const FAULTS_MAX = 20;

const wordsOf = (thrown: unknown): string => {
  const says = thrown instanceof Error ? (thrown.stack ?? String(thrown)) : String(thrown);
  return says.slice(0, FAULT_CHARS_MAX);
};

/** Returns the way to tell one; while the line is down it is not told, and may be told later. */
export const makeFaultReports = (send: (command: Command) => boolean) => {
  const told = new Set<string>();
  return (thrown: unknown): void => {
    const says = wordsOf(thrown);
    if (says === '' || told.has(says) || told.size >= FAULTS_MAX) return;
    if (send({ cmd: 'REPORT_FAULT', says })) told.add(says);
  };
};

export const reportFaults = (send: (command: Command) => boolean): void => {
  const ending = new AbortController();
  const { signal } = ending;
  const tell = makeFaultReports(send);
  window.addEventListener('error', ({ error, message }) => tell(error ?? message), { signal });
  window.addEventListener('unhandledrejection', ({ reason }) => tell(reason), { signal });
  onCleanup(() => ending.abort());
};
