/** As the store's client answers whoever asked: done, or refused. */
export const answer = (act: () => void, done?: () => void, failed?: () => void): void => {
  try {
    act();
  } catch {
    failed?.();
    return;
  }
  done?.();
};
