/** Why a command had no effect, for a sheet that says it itself. */
import { errorByCode } from '../../protocol/errors.ts';
import { Refusal } from '../sync/make-requests.ts';

export const refusalText = (error: unknown): string => {
  if (!(error instanceof Refusal)) throw error;
  const row = error.code === undefined ? undefined : errorByCode(error.code)?.row;
  return row ? `${row.says} ${row.safe} ${row.action}` : 'No answer: this page was offline.';
};
