/** Every error code is raised by a test: what was never seen to happen may never be told. */
import { isSwift, isTypeScript, type SourceFile, withoutComments } from '../source.ts';

/** What the page shows is handed to it; what raises it is elsewhere. */
const ONLY_SHOWN = /^tests\/(web|tidy|support)\//;

const camel = (name: string): string =>
  name
    .replace('ERR_', '')
    .toLowerCase()
    .replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** As a name, as Swift has it, or as the number, unless that is one of those that mean much else. */
const naming = (name: string, code: number): RegExp => {
  const names = `\\b${name}\\b|\\bErrorCode\\.${camel(name)}\\b`;
  const isPowerOfTwo = Number.isInteger(Math.log2(code));
  return new RegExp(isPowerOfTwo ? names : `${names}|(?<![\\w.-])${code}(?![\\w.-])`);
};

export const unraisedCodes = (
  files: readonly SourceFile[],
  codes: Readonly<Record<string, { readonly code: number }>>,
): string[] => {
  const tests = files
    .filter(({ path }) => path.startsWith('tests/') && (isTypeScript(path) || isSwift(path)))
    .filter(({ path }) => !ONLY_SHOWN.test(path))
    .map(({ text }) => withoutComments(text));
  return Object.entries(codes)
    .filter(([name, { code }]) => !tests.some((text) => naming(name, code).test(text)))
    .map(([name, { code }]) => `${code} ${name}: no test raises it`);
};
