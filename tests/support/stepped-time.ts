/** Time that goes on when a test says so: a monotonic clock, and what was put off until later. */
export const steppedTime = () => {
  const time = { ms: 0 };
  const waiting: (() => void)[] = [];
  return {
    time,
    monotonicMs: () => time.ms,
    later: (_: number, act: () => void) => void waiting.push(act),
    /** Goes on by so much, and all that was put off happens. */
    pass(ms: number) {
      time.ms += ms;
      for (const act of waiting.splice(0)) act();
    },
  };
};
