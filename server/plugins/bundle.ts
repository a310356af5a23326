/** A bundle as it lies on disk: what of it runs here, and whether it is what it was. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Raised when the same bundle would be told otherwise than before: what was kept is void then. */
const SCANNER_VERSION = 1;

export interface Bundle {
  /** Without symbolic links; the folder that ends in `.vst3`. */
  readonly path: string;
  readonly name: string;
  /** What is loaded; null = it has no part for this computer. */
  readonly binary: string | null;
  /** Null = it has none, or one that cannot be read. */
  readonly moduleInfo: string | null;
  /** Another one as soon as anything that counts has changed. */
  readonly key: string;
}

/** A list of plug-ins is never longer than this; a larger file is something else. */
const MODULE_INFO_BYTES_MAX = 1_048_576;

const MACHINES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  arm: 'armv7l',
  ia32: 'i386',
};

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch {
    return [];
  }
};

const binaryOf = (path: string, name: string): string | null => {
  const isMac = process.platform === 'darwin';
  const part = isMac ? 'MacOS' : `${MACHINES[process.arch] ?? process.arch}-linux`;
  const folder = join(path, 'Contents', part);
  const files = filesIn(folder).filter((file) => isMac || file.endsWith('.so'));
  const wanted = isMac ? name : `${name}.so`;
  const file = files.includes(wanted) ? wanted : files[0];
  return file === undefined ? null : join(folder, file);
};

const textOf = (path: string): string | null => {
  try {
    return statSync(path).size > MODULE_INFO_BYTES_MAX ? null : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

const markOf = (binary: string | null): string => {
  if (binary === null) return '-';
  try {
    const { ino, mtimeNs, size } = statSync(binary, { bigint: true });
    return `${ino}.${mtimeNs}.${size}`;
  } catch {
    return '-';
  }
};

/** @param path Canonical. */
export const readBundle = (path: string): Bundle => {
  const name = basename(path, '.vst3');
  const binary = binaryOf(path, name);
  const contents = join(path, 'Contents');
  // Older tools wrote it beside the binary's folder.
  const moduleInfo =
    textOf(join(contents, 'Resources', 'moduleinfo.json')) ??
    textOf(join(contents, 'moduleinfo.json'));
  const says = createHash('sha256')
    .update(moduleInfo ?? '')
    .digest('hex')
    .slice(0, 32);
  const key = [SCANNER_VERSION, process.platform, process.arch, path, markOf(binary), says].join(
    '|',
  );
  return { path, name, binary, moduleInfo, key };
};

const ELF_HEADER_BYTES = 64;
const ELF_64 = '7f454c4602';

/**
 * False for a binary that ends before its own table of sections: a copy that is not whole yet.
 * Of formats other than 64-bit ELF nothing is known, and they count as whole.
 */
export const isWhole = (binary: string): boolean => {
  const header = Buffer.alloc(ELF_HEADER_BYTES);
  const file = openSync(binary, 'r');
  try {
    if (readSync(file, header, 0, ELF_HEADER_BYTES, 0) < ELF_HEADER_BYTES) return false;
    if (header.toString('hex', 0, 5) !== ELF_64) return true;
    const tableAt = header.readBigUInt64LE(40);
    const tableBytes = header.readUInt16LE(58) * header.readUInt16LE(60);
    return tableAt + BigInt(tableBytes) <= BigInt(statSync(binary).size);
  } finally {
    closeSync(file);
  }
};
