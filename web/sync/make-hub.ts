/** Hands what comes on to whoever listens at the moment. */
export const makeHub = <Value>() => {
  const listeners = new Set<(value: Value) => void>();
  return {
    tell(value: Value) {
      for (const listener of listeners) listener(value);
    },
    /** The result takes the listener off again. */
    listen(listener: (value: Value) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
