/** The wall clock, Unix ms: only for times that people read. Music uses `performance.now()`. */
export const wallMs = (): number => Date.now();
