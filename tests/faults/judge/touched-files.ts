/**
 * Which files a process made, changed or removed, as strace wrote it down:
 *
 *   strace -f -y -e trace=<TOUCHING> -o LOG …
 */

/** The calls of the system that make, change or remove a name. */
export const TOUCHING =
  'open,openat,creat,truncate,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,' +
  'link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,chmod,fchmodat';

const CALL = /^\d+\s+(\w+)\((.*)$/;
/** A name, after the folder that it is in when it does not begin at the root. */
const NAME = /(?:<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g;

const isTouching = (call: string, rest: string): boolean =>
  !rest.includes(') = -1 ') &&
  !/\) += -1 /.test(rest) &&
  (!call.startsWith('open') || /O_(?:CREAT|WRONLY|RDWR|TRUNC)/.test(rest));

/** Full paths, each once. A call that was cut in two counts as one that succeeded. */
export const touchedFiles = (straceLog: string): string[] => {
  const paths = new Set<string>();
  for (const line of straceLog.split('\n')) {
    const [, call = '', rest = ''] = CALL.exec(line) ?? [];
    if (call === '' || !isTouching(call, rest)) continue;
    for (const [, folder = '', name = ''] of rest.matchAll(NAME)) {
      paths.add(name.startsWith('/') ? name : `${folder}/${name}`);
    }
  }
  return [...paths];
};

/** Those that are in none of these folders; a path may not climb out of them again. */
export const outside = (paths: readonly string[], folders: readonly string[]): string[] =>
  paths.filter(
    (path) =>
      path.split('/').includes('..') ||
      !folders.some((folder) => path === folder || path.startsWith(`${folder}/`)),
  );
