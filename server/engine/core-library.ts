/**
 * libFlowCore as a shared library: opens it, checks that it is of this build, tells what went wrong.
 *
 * With `flow-core.ts` the only importer of the generated table.
 */
import { dlopen, type FFIFunction, type Library } from 'bun:ffi';
import { ERRORS, errorByCode } from '../../protocol/errors.ts';
import { ABI, RECORD_BYTES, SYMBOLS } from './flow-core.generated.ts';

const TEXT_BYTES = 1024;

/** `code` is one of `protocol/errors.ts`. */
export class FlowCoreError extends Error {
  override readonly name = 'FlowCoreError';
  readonly code: number;

  constructor(code: number, detail: string) {
    const says = errorByCode(code)?.row.says ?? `FlowCore failed with code ${code}.`;
    super(detail === '' ? says : `${says} ${detail}`);
    this.code = code;
  }
}

type Symbols = { [Name in keyof typeof SYMBOLS]: FFIFunction };
export type Calls = Library<Symbols & typeof SYMBOLS>['symbols'];

/** Throws FlowCoreError also when the library is not of this build. */
export const openLibrary = (path: string): Calls => {
  const symbols = SYMBOLS as unknown as Symbols & typeof SYMBOLS;
  let calls: Calls;
  try {
    calls = dlopen(path, symbols).symbols;
  } catch (error) {
    throw new FlowCoreError(ERRORS.ERR_ABI_MISMATCH.code, String(error));
  }
  const isOurs =
    calls.fz_abi_version() === ABI.version &&
    calls.fz_abi_hash() === ABI.hash &&
    RECORD_BYTES.every((bytes, index) => calls.fz_record_bytes(index) === bytes);
  if (!isOurs) throw new FlowCoreError(ERRORS.ERR_ABI_MISMATCH.code, '');
  return calls;
};

/** The error code in a negative answer, else 0. */
export const refusal = (answer: number): number => (answer < 0 ? -answer : 0);

/** Throws FlowCoreError for a negative answer, in the core's own words. */
export const check = (calls: Calls, code: number): void => {
  if (code >= 0) return;
  const text = new Uint8Array(TEXT_BYTES);
  const bytes = Math.max(0, calls.fz_last_error(text, TEXT_BYTES));
  throw new FlowCoreError(-code, new TextDecoder().decode(text.subarray(0, bytes)));
};
