/**
 * Writes both sides of the FFI border and pins the hashes: `bun run generate`.
 *
 * `--check` writes nothing and exits 1 when a generated file is stale. The hashes in `version.ts` are
 * never pinned by this script: whoever changes a schema raises the version and pins the printed hash.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emitSwift, emitSwiftKinds } from './emit-swift.ts';
import { emitTypeScript } from './emit-typescript.ts';
import { abiHash, protocolHash } from './hash.ts';
import { ABI_HASH, PROTOCOL_HASH } from './version.ts';

const root = dirname(import.meta.dirname);

export const GENERATED: Record<string, () => string> = {
  'Sources/FlowCore/Boundary/FlowCoreAbi.generated.swift': emitSwift,
  'Sources/FlowCore/Exchange/DiskKinds.generated.swift': emitSwiftKinds,
  'server/engine/flow-core.generated.ts': emitTypeScript,
};

/** Paths below `folder` whose content is not what the tables say. */
export const staleFiles = (folder: string = root): string[] =>
  Object.entries(GENERATED).flatMap(([path, emit]) => {
    const file = join(folder, path);
    return existsSync(file) && readFileSync(file, 'utf8') === emit() ? [] : [path];
  });

const say = (line: string) => process.stderr.write(`${line}\n`);

const main = (): number => {
  if (protocolHash() !== PROTOCOL_HASH) say(`PROTOCOL_HASH should be '${protocolHash()}'`);
  if (abiHash() !== ABI_HASH) say(`ABI_HASH should be '${abiHash()}'`);
  const stale = staleFiles();
  if (process.argv.includes('--check')) {
    for (const path of stale) say(`stale: ${path} (run: bun run generate)`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const path of stale) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, GENERATED[path]?.() ?? '');
    say(`written: ${path}`);
  }
  return 0;
};

if (import.meta.main) process.exit(main());
