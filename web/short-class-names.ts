/**
 * Names of classes in the built page: a letter for the file, a number for the class in it.
 *
 * Hashes hardly compress, and every name travels twice. The same sources give the same names.
 */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = 36;

const sheets = [...new Bun.Glob('**/*.module.css').scanSync(import.meta.dirname)].toSorted();

export const shortClassName = (name: string, file: string, css: string): string => {
  const [path = ''] = file.split('?');
  const names = css.matchAll(/(?:\.|@keyframes )([a-z][\w-]*)/gi).map(([, each]) => each);
  const place = [...new Set(names)].indexOf(name);
  const letter = LETTERS[sheets.findIndex((sheet) => path.endsWith(`/${sheet}`))];
  if (place < 0 || letter === undefined) throw new Error(`${path}: no rule for ${name}`);
  return letter + place.toString(DIGITS);
};
