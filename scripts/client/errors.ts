/** What can go wrong between a script and FlowZone. */

/** FlowZone refused; nothing was changed. The code is a row of `/api/protocol`. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: number;

  constructor(code: number, says: string) {
    super(says);
    this.code = code;
  }
}

/** Nobody answers at this address. */
export class NothingRunsError extends Error {
  override readonly name = 'NothingRunsError';
  readonly url: string;

  constructor(url: string) {
    super(`FlowZone does not answer at ${url}.`);
    this.url = url;
  }
}

/** The line went down while an answer was awaited: whether it was done is not known. */
export class LineLostError extends Error {
  override readonly name = 'LineLostError';
}
