/** The one place that reads the wall clock; everybody else is given it. */
export type WallClock = () => number;

/** Unix milliseconds. */
export const wallClock: WallClock = () => Date.now();
