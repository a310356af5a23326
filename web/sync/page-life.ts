/** The page's own life: where its socket is, what happens when it wakes, when it is too old. */
import { onCleanup } from 'solid-js';
import type { Connection } from './make-connection.ts';

const RELOADED_KEY = 'flowzone-reloaded';

/** The page is on the computer that runs FlowZone: it alone may let devices in. */
export const isThisComputer = (): boolean => ['localhost', '127.0.0.1'].includes(location.hostname);

/** What a scanned picture brought along, once; it does not stay in the address. '' = nothing. */
export const takePairToken = (): string => {
  const token = /^#pair=([\w-]+)$/.exec(location.hash)?.[1];
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return token ?? '';
};

/** `ws:` or `wss:` of the page's own origin, whatever it is called. */
export const socketUrl = (from: Pick<Location, 'href' | 'protocol'>): string => {
  const url = new URL('ws', from.href);
  url.protocol = from.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  url.search = '';
  return url.href;
};

/** An older page reloads once; a second refusal is shown instead of looping. */
export const reloadOnce = (): boolean => {
  try {
    if (sessionStorage.getItem(RELOADED_KEY)) return false;
    sessionStorage.setItem(RELOADED_KEY, '1');
  } catch {
    return false;
  }
  location.reload();
  return true;
};

/** Hidden: no frames, no tries. Back again, or the network back: prove that the line lives. */
export const onWake = (connection: Connection): void => {
  const ending = new AbortController();
  const { signal } = ending;
  const probe = () => connection.probe();
  // Opened in a tab behind another one.
  if (document.hidden) connection.setHidden(true);
  document.addEventListener('visibilitychange', () => connection.setHidden(document.hidden), {
    signal,
  });
  window.addEventListener('pageshow', probe, { signal });
  window.addEventListener('online', probe, { signal });
  onCleanup(() => {
    ending.abort();
    connection.close();
  });
};
