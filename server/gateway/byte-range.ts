/** The `Range` header: one range of bytes, as a half-open interval. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Null = all of it: no header, several ranges, or one that is not understood (RFC 9110 lets a
 * server ignore those). `unsatisfiable` = it begins behind the end.
 */
export const parseRange = (
  header: string | null,
  sizeBytes: number,
): ByteRange | null | 'unsatisfiable' => {
  const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return null;
  if (first === '') {
    const count = Math.min(Number(last), sizeBytes);
    return count === 0 ? 'unsatisfiable' : { from: sizeBytes - count, to: sizeBytes };
  }
  const from = Number(first);
  const to = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== '' && Number(last) < from) return null;
  return from >= sizeBytes ? 'unsatisfiable' : { from, to };
};
