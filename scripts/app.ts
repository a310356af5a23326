/**
 * Makes FlowZone.app out of what was built: lays it out, signs it, starts it once, packs it.
 *
 *   npm run app -- [--sign IDENTITY] [--out DIR] [--no-launch]
 *
 * Without an identity it is signed ad hoc, for this Mac alone. On another system the same bundle is laid
 * out with that system's programs and started: everything but signatures and the disk image.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { launch } from './app/launch.ts';
import { layoutOf } from './app/layout.ts';
import { entitlementsOf } from './app/plist.ts';
import { signCommands } from './app/sign.ts';
import { installModules, stage } from './app/stage.ts';

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    sign: { type: 'string', default: '-' },
    out: { type: 'string', default: join(ROOT, '.build', 'app') },
    launch: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const isMac = process.platform === 'darwin';
const isAdHoc = values.sign === '-';

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
run('cc', '-O2', '-Wall', '-Wextra', '-D_GNU_SOURCE', '-o', launcherPath, 'scripts/app/launcher.c');

const bundle = join(values.out, 'FlowZone.app');
const layout = layoutOf({
  bunPath: process.execPath,
  launcherPath,
  libraryName: isMac ? 'libFlowCore.dylib' : 'libFlowCore.so',
});
mkdirSync(values.out, { recursive: true });
stage(ROOT, bundle, layout, packageJson.version);
installModules(bundle, process.execPath);
say(`laid out ${bundle}`);

if (isMac) {
  const entitlements = (program: Parameters<typeof entitlementsOf>[0]) => {
    const text = entitlementsOf(program, isAdHoc);
    if (text === null) return null;
    const file = join(work, `${program}.plist`);
    writeFileSync(file, text);
    return file;
  };
  for (const argv of signCommands(bundle, layout, { identity: values.sign, entitlements })) {
    run(...argv);
  }
  say(`signed ${isAdHoc ? 'ad hoc' : `by ${values.sign}`}`);
}
if (values.launch) say(`started it: ${await launch(bundle)}`);
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
