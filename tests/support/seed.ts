/** A seed for random tests: printed, and taken from FZ_SEED to run a failure again. */
export const printedSeed = (): number => {
  const seed = Number(process.env['FZ_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
  process.stderr.write(`FZ_SEED=${seed}\n`);
  return seed;
};
