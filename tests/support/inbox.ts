/** Collects what comes and lets a test wait for the n-th, without sleeping. */
export interface Inbox<T> {
  readonly items: T[];
  put(item: T): void;
  /** Resolves when `count` items came in all. */
  reach(count: number): Promise<void>;
  /** Resolves with the first item, past or coming, that fits. */
  find(fits: (item: T) => boolean): Promise<T>;
}

export const makeInbox = <T>(): Inbox<T> => {
  const items: T[] = [];
  let waiting: (() => boolean)[] = [];
  const wait = <R>(look: () => R | undefined) =>
    new Promise<R>((done) => {
      const attempt = () => {
        const found = look();
        if (found === undefined) return false;
        done(found);
        return true;
      };
      if (!attempt()) waiting.push(attempt);
    });
  return {
    items,
    put(item) {
      items.push(item);
      waiting = waiting.filter((attempt) => !attempt());
    },
    reach: async (count) => {
      await wait(() => (items.length >= count ? true : undefined));
    },
    find: (fits) => wait(() => items.find(fits)),
  };
};
