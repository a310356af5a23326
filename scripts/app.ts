/**
 * Makes FlowZone.app out of what was built: lays it out, signs it, starts it once, packs it.
 *
 *   npm run app -- [--sign IDENTITY] [--out DIR] [--no-launch]
 *
 * Without an identity it is signed ad hoc, for this Mac alone. On another system the same bundle is laid
 * out with that system's programs and started: everything but signatures and the disk image. There
 * `--darwin` lays out as much of a Mac's as can be had without one, and names what is missing.
 *
 * Rubber Band and libsndfile are not in it: they are taken from Homebrew where it has them, for which
 * Bun may load what others have signed. Without them nothing is stretched, and no FLAC written.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { launch } from './app/launch.ts';
import { layoutOf, type Tools } from './app/layout.ts';
import { entitlementsOf } from './app/plist.ts';
import { signCommands } from './app/sign.ts';
import { installModules, stage } from './app/stage.ts';
import { fetchPackage, zigPath } from './app/zig.ts';

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    sign: { type: 'string', default: '-' },
    out: { type: 'string', default: join(ROOT, '.build', 'app') },
    launch: { type: 'boolean', default: true },
    darwin: { type: 'boolean', default: false },
  },
  allowNegative: true,
});
const isMac = process.platform === 'darwin';

const say = (line: string) => process.stdout.write(`${line}\n`);

const run = (...argv: string[]) => {
  const { exitCode } = Bun.spawnSync(argv, { cwd: ROOT, stdout: 'inherit', stderr: 'inherit' });
  if (exitCode !== 0) {
    process.stderr.write(`${argv.join(' ')} ended with ${exitCode}\n`);
    process.exit(1);
  }
};

const work = mkdtempSync(join(tmpdir(), 'flowzone-app-'));
const launcherPath = join(work, 'FlowZone');
const LAUNCHER_SOURCE = ['-O2', '-Wall', '-Wextra', '-o', launcherPath, 'scripts/app/launcher.c'];

/** Programs of this system. */
const ownTools = (): Tools => {
  run('cc', '-D_GNU_SOURCE', ...LAUNCHER_SOURCE);
  const libraryName = isMac ? 'libFlowCore.dylib' : 'libFlowCore.so';
  return { bunPath: process.execPath, launcherPath, libraryName, buildFolder: '.build/release' };
};

/** Programs of a Mac, from another system. */
const macTools = (): Tools => {
  run(zigPath(), 'cc', '-target', 'aarch64-macos.13.0', ...LAUNCHER_SOURCE);
  const home = join(ROOT, '.build', 'darwin');
  fetchPackage(home, `@oven/bun-darwin-aarch64@${Bun.version}`);
  const bunPath = join(home, 'node_modules', '@oven', 'bun-darwin-aarch64', 'bin', 'bun');
  const buildFolder = '.build/darwin/release';
  return { bunPath, launcherPath, libraryName: 'libFlowCore.dylib', buildFolder };
};

const isForeign = values.darwin && !isMac;
const bundle = join(values.out, 'FlowZone.app');
const layout = layoutOf(isForeign ? macTools() : ownTools());
mkdirSync(values.out, { recursive: true });
stage(ROOT, bundle, layout, packageJson.version, (path) => {
  if (!isForeign) throw new Error(`${path} is not there`);
  say(`missing: ${path}`);
});
installModules(bundle, process.execPath);
say(`laid out ${bundle}`);

if (isMac) {
  const entitlements = (program: Parameters<typeof entitlementsOf>[0]) => {
    const text = entitlementsOf(program);
    if (text === null) return null;
    const file = join(work, `${program}.plist`);
    writeFileSync(file, text);
    return file;
  };
  for (const argv of signCommands(bundle, layout, { identity: values.sign, entitlements })) {
    run(...argv);
  }
  say(`signed ${values.sign === '-' ? 'ad hoc' : `by ${values.sign}`}`);
}
if (values.launch && !isForeign) say(`started it: ${await launch(bundle)}`);
if (isMac) {
  const image = join(values.out, 'FlowZone.dmg');
  run(
    'hdiutil',
    'create',
    '-volname',
    'FlowZone',
    '-srcfolder',
    bundle,
    '-ov',
    '-format',
    'UDZO',
    image,
  );
  say(`packed ${image}`);
}
