/** Whether plug-ins beside a repeat offender of their maker kept their process as they should. */

export const OUTAGES_MAX = 2;

export interface MatesRow {
  readonly offender: string;
  /** How often the mates lost their process, until the offender had one of its own. */
  readonly outages: number;
  /** While the offender fell alone. */
  readonly outagesAfter: number;
  readonly falls: number;
  readonly wereTogether: boolean;
  readonly isQuarantined: boolean;
}

export const judgeMates = (row: MatesRow): string[] => {
  const { isQuarantined, offender, outages, outagesAfter, wereTogether } = row;
  return [
    ...(wereTogether ? [] : ['it was never in one process with them: nothing is proved']),
    ...(isQuarantined ? [] : ['it was never put into a process of its own']),
    ...(outages > OUTAGES_MAX ? [`they lost their process ${outages} times`] : []),
    ...(outages === 0 ? ['they never lost their process: the count counts nothing'] : []),
    ...(outagesAfter > 0 ? [`they lost their process ${outagesAfter} times after that`] : []),
  ].map((fault) => `${offender} beside plug-ins of its maker: ${fault}`);
};
