/** A seed for random tests: printed, and taken from FZ_SEED to run a failure again. */
export const printedSeed = (): number => {
  const given = process.env['FZ_SEED'];
  const seed =
    given === undefined
      ? (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) >>> 1
      : Number(given);
  process.stderr.write(`FZ_SEED=${seed}\n`);
  return seed;
};
