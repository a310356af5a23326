/** Decibels of the interface, linear factors of the engine. */
export const gainOfDb = (db: number): number => 10 ** (db / 20);
