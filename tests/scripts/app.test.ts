import { expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HOME, LAUNCHER, layoutOf } from '../../scripts/app/layout.ts';
import { BUNDLE_ID, entitlementsOf, infoOf, plistOf } from '../../scripts/app/plist.ts';
import { signCommands } from '../../scripts/app/sign.ts';
import { stage } from '../../scripts/app/stage.ts';

const layout = layoutOf({
  bunPath: 'the/bun',
  launcherPath: 'the/launcher',
  libraryName: 'libFlowCore.dylib',
  buildFolder: '.build/release',
});

/** Keys of a property list that are true. */
const allowed = (text: string | null) =>
  [...(text ?? '').matchAll(/<key>([^<]+)<\/key><true\/>/g)].map((match) => match[1]);

test('a bundle laid out: every part is where it belongs, and the server finds the engine', () => {
  const root = mkdtempSync(join(tmpdir(), 'flowzone-app-'));
  for (const { from } of layout.copies) {
    mkdirSync(dirname(join(root, from)), { recursive: true });
    writeFileSync(join(root, from), from);
  }
  const bundle = join(root, 'FlowZone.app');
  const missing: string[] = [];
  stage(root, bundle, layout, '1.2.3', (path) => missing.push(path));
  expect(missing).toEqual([]);
  for (const { from, to } of layout.copies) {
    expect(readFileSync(join(bundle, to), 'utf8')).toBe(from);
  }
  const library = join(bundle, HOME, '.build', 'release', 'libFlowCore.dylib');
  expect(realpathSync(library)).toBe(
    realpathSync(join(bundle, 'Contents', 'Frameworks', 'libFlowCore.dylib')),
  );
  const host = join(bundle, HOME, '.build', 'release', 'PluginHostXPC');
  expect(realpathSync(host)).toEndWith('Contents/Helpers/PluginHostXPC');
  expect(existsSync(join(bundle, LAUNCHER))).toBe(true);
  expect(readFileSync(join(bundle, 'Contents', 'Info.plist'), 'utf8')).toContain('1.2.3');
  rmSync(join(root, 'the', 'bun'));
  stage(root, bundle, layout, '1.2.3', (path) => missing.push(path));
  expect(missing).toEqual(['Contents/Helpers/bun']);
  rmSync(root, { recursive: true });
});

test('the bundle says why it listens, who it is, and that it has no window', () => {
  const info = infoOf('0.1.0');
  for (const key of ['NSMicrophoneUsageDescription', 'NSLocalNetworkUsageDescription']) {
    expect(info).toMatch(new RegExp(`<key>${key}</key><string>\\w`));
  }
  expect(info).toContain(`<string>${BUNDLE_ID}</string>`);
  expect(info).toContain('<key>LSMinimumSystemVersion</key><string>15.0</string>');
  expect(allowed(info)).toEqual(['LSUIElement']);
  expect(plistOf({ a: '<&>' })).toContain('&lt;&amp;&gt;');
});

test('each program may do what it must, and nobody else', () => {
  const may = (program: 'launcher' | 'bun' | 'host' | 'library') =>
    allowed(entitlementsOf(program)).map((key) => key?.split('.').at(-1));
  expect(may('launcher')).toEqual(['audio-input']);
  expect(may('bun')).toEqual([
    'allow-jit',
    'allow-unsigned-executable-memory',
    'audio-input',
    'disable-library-validation',
  ]);
  expect(may('host')).toContain('disable-library-validation');
  expect(may('host')).not.toContain('audio-input');
  expect(entitlementsOf('library')).toBeNull();
});

test('it is signed from the inside out, each part with its own file, never deep, then verified', () => {
  const commands = signCommands('/out/FlowZone.app', layout, {
    identity: 'Ada',
    entitlements: (program) => (program === 'library' ? null : `/tmp/${program}`),
  });
  expect(commands.map((argv) => argv.at(-1))).toEqual([
    '/out/FlowZone.app/Contents/Frameworks/libFlowCore.dylib',
    '/out/FlowZone.app/Contents/Helpers/PluginHostXPC',
    '/out/FlowZone.app/Contents/Helpers/bun',
    '/out/FlowZone.app',
    '/out/FlowZone.app',
  ]);
  const signing = commands.slice(0, -1);
  expect(signing.every((argv) => argv.join(' ').includes('--options runtime'))).toBe(true);
  expect(commands.flat()).not.toContain('--deep');
  const files = signing.map((argv) => argv[argv.indexOf('--entitlements') + 1]);
  expect(files.slice(1)).toEqual(['/tmp/host', '/tmp/bun', '/tmp/launcher']);
  expect(commands.at(-1)).toContain('--verify');
  const adHoc = signCommands('/a', layout, { identity: '-', entitlements: () => null });
  expect(adHoc[0]).toContain('--timestamp=none');
});
