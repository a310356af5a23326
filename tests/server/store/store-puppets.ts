/** Workers of the store that a test answers for by hand. */
import type { StoreWorker, StoreWorkerEvents } from '../../../server/session/store/client.ts';
import type { StoreQuestion } from '../../../server/session/store/port.ts';
import type { OpenedStore } from '../../../server/session/store/stored.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { makeInbox } from '../../support/inbox.ts';

export const openRequest = (dataFolder: string) =>
  ({ kind: 'open', dataFolder, atMs: 1, newSessionName: 'S' }) as const;
/** As much of an opened store as the queue looks at. */
export const openedStore = (more: Partial<OpenedStore> = {}) => ({
  isReadOnly: false,
  mended: null,
  ...more,
});
export const name = (text: string): StoreWrite => ({
  kind: 'sessionName',
  sessionId: 's',
  name: text,
});

export const makePuppets = () => {
  const workers: { events: StoreWorkerEvents; isTerminated: boolean }[] = [];
  const asked = makeInbox<StoreQuestion & { worker: number }>();
  const makeWorker = (events: StoreWorkerEvents): StoreWorker => {
    const worker = workers.length;
    const entry = { events, isTerminated: false };
    workers.push(entry);
    return {
      post: (question) => asked.put({ ...question, worker }),
      terminate: () => {
        entry.isTerminated = true;
      },
    };
  };
  return { workers, asked, makeWorker };
};
