/** How the line stands, as the page shows it: up or down, and what the server said when it refused. */
import { createSignal } from 'solid-js';
import type { Toasts } from './create-toasts.ts';
import type { LineStatus } from './make-connection.ts';
import { reloadOnce, takePairToken } from './page-life.ts';

const OLD_PAGE = 4001;
const FORGOTTEN = 4005;
const ERR_OLD_PAGE = 5009;
const ERR_TOO_MANY_CLIENTS = 5006;

const UNAUTHORIZED = 401;

/** A browser does not tell why a socket was refused; a question beside it is answered. */
const isToldStranger = async (): Promise<boolean> => {
  try {
    return (await fetch('api/pair')).status === UNAUTHORIZED;
  } catch {
    // Nobody is there: no reason to ask for a code.
    return false;
  }
};

export const createStanding = (toasts: Toasts) => {
  const [status, setStatus] = createSignal<LineStatus>('connecting');
  const [isStranger, setStranger] = createSignal(false);
  const ask = async () => {
    if ((await isToldStranger()) && status() !== 'live') setStranger(true);
  };
  return {
    status,
    isStranger,
    setStatus(next: LineStatus) {
      const wasLive = status() === 'live';
      setStatus(next);
      if (next === 'lost' && !wasLive && !isStranger()) void ask();
      if (next !== 'live') return;
      setStranger(false);
      // Scanned although nobody asked for it: it does not stay in the address.
      takePairToken();
    },
    /** With the code that closed the line. */
    refused(code: number) {
      if (code === FORGOTTEN) return void setStranger(true);
      if (code === OLD_PAGE && reloadOnce()) return;
      void toasts.showCode(code === OLD_PAGE ? ERR_OLD_PAGE : ERR_TOO_MANY_CLIENTS);
    },
  };
};
