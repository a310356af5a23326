/** A tar archive of a few small files, as every system opens it by a click. */
const BLOCK = 512;

export interface TarFile {
  /** With slashes; at most a hundred characters. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

const headerOf = ({ bytes, name }: TarFile, mtimeSeconds: number): Uint8Array => {
  const header = Buffer.alloc(BLOCK);
  const put = (text: string, at: number) => header.write(text, at, 'utf8');
  put(name, 0);
  put(`${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  put(`${octal(bytes.length, 11)}\0${octal(mtimeSeconds, 11)}\0`, 124);
  // The sum is taken with its own place blank.
  put(' '.repeat(8), 148);
  put('0', 156);
  put('ustar\u000000', 257);
  const sum = header.reduce((all, each) => all + each, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return header;
};

/** @param mtimeMs When they were made, Unix ms. */
export const tarOf = (files: readonly TarFile[], mtimeMs: number): Uint8Array => {
  const parts = files.flatMap((file) => [
    headerOf(file, Math.floor(mtimeMs / 1000)),
    file.bytes,
    new Uint8Array((BLOCK - (file.bytes.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]);
};
