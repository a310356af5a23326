/** Why an engine could not be started, as a code to exit with. */
import { ERRORS, EXIT } from '../../protocol/errors.ts';
import { FlowCoreError } from './core-library.ts';

/** Building anew helps. */
const STALE_BUILD = new Set<number>([ERRORS.ERR_ABI_MISMATCH.code, ERRORS.ERR_CPU_LACKS.code]);

/** Null = nobody refused anything: it is a fault of FlowZone's own. */
export const refusalOf = (error: unknown): number | null => {
  if (error instanceof FlowCoreError) {
    return STALE_BUILD.has(error.code) ? EXIT.setUpFailed : EXIT.usage;
  }
  // What the store and the system say is said with a plain one.
  return error instanceof Error && error.name === 'Error' ? EXIT.dataUnusable : null;
};
