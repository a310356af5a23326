/** What a note says of a code: what happened, what is safe, one thing to do. Loaded with what shows it. */
import { errorByCode } from '../../protocol/errors.ts';
import type { ToastOptions } from './create-toasts.ts';

/** Its name stands here where it is known. */
const UNNAMED = /^(?:A|The) plug-in(?! that)/;

/** Title, text and ways of a code's row, or `detail` of a code without one; `plugin` = whom it is about. */
export const noteOfCode = (
  code: number,
  detail?: string,
  plugin?: string,
): [title: string, text: string, options: ToastOptions] => {
  const row = errorByCode(code)?.row;
  if (!row) return ['Something went wrong', detail ?? 'The loops play on.', { code }];
  const says = plugin ? row.says.replace(UNNAMED, plugin) : row.says;
  return [says, `${row.safe} ${row.action}`, { code, severity: row.severity }];
};
