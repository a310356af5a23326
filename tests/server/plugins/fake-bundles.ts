/**
 * Bundles whose binary is a shell script, and a host that runs it: what a child may do to who looks.
 *
 * Real plug-ins and the real host are tried in `tests/system`; here every way to fail is at hand.
 */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

export const makeFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fz-plugins-')));
  made.push(folder);
  return folder;
};

/** What a child is for: `$2` is the bundle. */
export const makeHost = (): string => {
  const path = join(makeFolder(), 'host');
  writeFileSync(path, '#!/bin/sh\nexec sh "$2"/Contents/*/*.so\n');
  chmodSync(path, 0o755);
  return path;
};

const PART =
  process.platform === 'darwin'
    ? 'MacOS'
    : `${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-linux`;

export const idOf = (number: number): string => number.toString(16).padStart(32, '0');

export const classLine = (number: number, name: string, more: object = {}): string =>
  JSON.stringify({
    class: {
      classId: idOf(number),
      name,
      vendor: 'Maker',
      version: '1.2.0',
      sdkVersion: 'VST 3.7.10',
      category: 'Audio Module Class',
      subCategories: 'Fx|Reverb',
      isInstrument: false,
      isEffect: true,
      ...more,
    },
  });

/** Prints what a host prints of a bundle in order. */
export const tells = (...lines: string[]): string => {
  const all = ['{"step":"open"}', '{"step":"factory"}', ...lines];
  const done = JSON.stringify({ done: true, classes: lines.length });
  return [...all, done].map((line) => `echo '${line}'`).join('\n');
};

export const moduleInfo = (number: number, name: string): string => `{
  // written by hand
  "Name": "${name}",
  "Factory Info": { "Vendor": "Maker", },
  "Classes": [
    { "CID": "${idOf(number).toUpperCase()}", "Category": "Audio Module Class", "Name": "${name}",
      "Vendor": "Maker", "Version": "1.2.0", "Sub Categories": ["Instrument", "Synth",], },
    { "CID": "${idOf(number + 1)}", "Category": "Component Controller Class", "Name": "x", },
  ],
}`;

export interface FakeBundle {
  readonly script?: string;
  readonly info?: string;
}

/** Returns its path. */
export const putBundle = (folder: string, name: string, { info, script }: FakeBundle): string => {
  const path = join(folder, `${name}.vst3`);
  const contents = join(path, 'Contents');
  mkdirSync(join(contents, PART), { recursive: true });
  if (script !== undefined) putBinary(path, name, script);
  if (info !== undefined) {
    mkdirSync(join(contents, 'Resources'), { recursive: true });
    writeFileSync(join(contents, 'Resources', 'moduleinfo.json'), info);
  }
  return path;
};

/** As long as a binary's head at least. */
export const putBinary = (path: string, name: string, script: string): void =>
  writeFileSync(join(path, 'Contents', PART, `${name}.so`), `${script}\n#${' '.repeat(64)}\n`);
