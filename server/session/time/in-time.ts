/** Waits for an answer of the store, but not for ever: its disk may be frozen. */

/** What waits behind is held up for no longer. */
const ANSWER_MS_MAX = 5000;

export type Later = (ms: number, act: () => void) => void;

/** Fails when it takes longer. */
export const inTime = <T>(asked: Promise<T>, later: Later): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  later(ANSWER_MS_MAX, () => reject(new Error('the store does not answer')));
  // When it does, nobody hears of it that it might not have.
  promise.catch(() => undefined);
  return Promise.race([asked, promise]);
};
