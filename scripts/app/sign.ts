/** The commands that sign a bundle: what is inside first, each with its own entitlements. */
import { join } from 'node:path';
import type { Layout } from './layout.ts';
import type { Program } from './plist.ts';

export interface Signing {
  /** Of the keychain; `-` = ad hoc, for this Mac alone. */
  readonly identity: string;
  /** Where the entitlements of a program lie; null = it has none. */
  entitlements(program: Program): string | null;
}

export const signCommands = (
  bundle: string,
  { code }: Pick<Layout, 'code'>,
  { entitlements, identity }: Signing,
): string[][] => {
  const sign = (path: string, program: Program) => {
    const file = entitlements(program);
    return [
      'codesign',
      '--force',
      '--options',
      'runtime',
      identity === '-' ? '--timestamp=none' : '--timestamp',
      ...(file === null ? [] : ['--entitlements', file]),
      '--sign',
      identity,
      path,
    ];
  };
  return [
    ...code.map(({ kind, path }) => sign(join(bundle, path), kind)),
    // The bundle's signature is its launcher's.
    sign(bundle, 'launcher'),
    ['codesign', '--verify', '--strict', '--verbose=2', bundle],
  ];
};
