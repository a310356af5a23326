/** Every parameter of one plug-in, page after page; what has come when the line goes is what there is. */
import type { ParamRow } from '../../protocol/link.ts';
import { isShown, loadParamsPage } from '../sheets/read-params.ts';

export interface PlacedParam {
  readonly row: ParamRow;
  /** Where it stands among all of its plug-in: there it is asked for again. */
  readonly at: number;
}

/** What a hand can move; undefined when nothing came. */
export const readAllParams = async (id: string): Promise<readonly PlacedParam[] | undefined> => {
  const found: PlacedParam[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const page = await loadParamsPage(id, from);
    if (!page) return from === 0 ? undefined : found;
    const first: number = from;
    found.push(...page.items.map((row, index) => ({ row, at: first + index })));
    from = page.next;
  }
  return found.filter(({ row }) => row.canSet && isShown(row));
};
