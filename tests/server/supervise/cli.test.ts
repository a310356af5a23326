import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCli, UsageError } from '../../../server/cli.ts';
import {
  defaultDataFolder,
  lockDataFolder,
  prepareDataFolder,
  prepareRunFolder,
  readRunFile,
  writeRunFile,
} from '../../../server/data-folder.ts';
import { browserCommand } from '../../../server/open-browser.ts';
import { runScript } from '../../support/run-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MAIN = join(import.meta.dirname, '..', '..', '..', 'server', 'main.ts');

const run = (...args: string[]) => runScript(MAIN, args);

describe('the command line', () => {
  test('without arguments is what the README says', () => {
    expect(parseCli([])).toEqual({
      port: 4800,
      isLan: false,
      dataFolder: null,
      secondFolder: null,
      device: 'auto',
      inputDevice: null,
      outputDevice: null,
      rateHz: 48_000,
      blockFrames: 128,
      slotCount: 8,
      bpm: null,
      inputPath: null,
      outputPath: null,
      logFolder: null,
      isBrowserOpened: true,
      isSafe: false,
      dev: false,
    });
  });

  test('every option is read; paths become absolute', () => {
    const options = parseCli(
      '--port 0 --data d --second e --device headless --rate 44100 --block 64 --input a.wav --output b.wav --slots 16 --bpm 90.5 --no-open --safe --lan'.split(
        ' ',
      ),
    );
    expect(options).toMatchObject({
      port: 0,
      isLan: true,
      dataFolder: join(process.cwd(), 'd'),
      secondFolder: join(process.cwd(), 'e'),
      device: 'headless',
      rateHz: 44_100,
      blockFrames: 64,
      inputPath: join(process.cwd(), 'a.wav'),
      outputPath: join(process.cwd(), 'b.wav'),
      logFolder: null,
      slotCount: 16,
      bpm: 90.5,
      isBrowserOpened: false,
      isSafe: true,
    });
    const named = '--device coreaudio --input-device Mic --output-device uid'.split(' ');
    expect(parseCli(named)).toMatchObject({ inputDevice: 'Mic', outputDevice: 'uid' });
  });

  test.each([
    [['--port', '65536'], '--port'],
    [['--port', 'x'], '--port'],
    [['--port', ''], '--port'],
    [['--rate', '8000'], '--rate'],
    [['--block', '12.5'], '--block'],
    [['--slots', '7'], '--slots'],
    [['--slots', '257'], '--slots'],
    [['--bpm', '19'], '--bpm'],
    [['--device', 'alsa'], '--device'],
    [['--device', 'jack', '--input', 'a.wav'], 'headless'],
    [['--device', 'jack', '--output-device', 'Card'], '--device coreaudio'],
    [['--volume', '11'], '--volume'],
    [['song.wav'], 'song.wav'],
    [['--bpm'], '--bpm'],
  ])('%p is refused in one sentence', (argv, named) => {
    expect(() => parseCli(argv)).toThrow(UsageError);
    expect(() => parseCli(argv)).toThrow(named);
  });
});

describe('the launcher as a command', () => {
  test('wrong usage: exit 2, one line, stdout empty', async () => {
    const { code, stdout, stderr } = await run('--slots', '9999');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('no data was touched');
  });

  test('a data folder that cannot be used: exit 4', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'no folder');
    for (const data of [file, join(file, 'below')]) {
      const { code, stdout, stderr } = await run('--data', data, '--port', '0');
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toContain(data);
    }
  });

  test('a lock file that is damaged: exit 4, which one it is and what to do', async () => {
    const data = join(folder, 'torn');
    prepareDataFolder(data);
    writeFileSync(join(data, 'lock.db'), 'x'.repeat(5000));
    const { code, stderr } = await run('--data', data, '--port', '0');
    expect(code).toBe(4);
    expect(stderr).toContain(join(data, 'lock.db'));
    expect(stderr).toContain('holds no music: remove it');
  });

  test('a second instance: exit 5, with the address of the first', async () => {
    const data = join(folder, 'held');
    prepareDataFolder(data);
    const lock = lockDataFolder(data);
    writeRunFile(data, { pid: 1, url: 'http://127.0.0.1:4999', enginePid: null, gatewayPid: null });
    const { code, stdout, stderr } = await run('--data', data, '--port', '0');
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain('http://127.0.0.1:4999');
    lock?.release();
  });

  test('--help explains itself', async () => {
    const { code, stderr } = await run('--help');
    expect(code).toBe(0);
    expect(stderr).toContain('--device');
  });
});

describe('the data folder', () => {
  test('has a default on every system', () => {
    expect(defaultDataFolder({ FLOWZONE_HOME: '/x' }, 'linux', '/h')).toBe('/x');
    expect(defaultDataFolder({}, 'darwin', '/h')).toBe('/h/Music/FlowZone');
    expect(defaultDataFolder({ XDG_DATA_HOME: '/d' }, 'linux', '/h')).toBe('/d/flowzone');
    expect(defaultDataFolder({}, 'linux', '/h')).toBe('/h/.local/share/flowzone');
  });

  test('is made for its owner alone, with its run folder', () => {
    const data = join(folder, 'a', 'b');
    prepareDataFolder(data);
    const runs = prepareRunFolder(data);
    expect(runs).toBe(join(data, 'run'));
    for (const path of [data, runs]) expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  test('with a long path keeps its sockets elsewhere, always in the same place', () => {
    const data = join(folder, 'x'.repeat(120));
    mkdirSync(data);
    const runtime = join(folder, 'runtime');
    const first = prepareRunFolder(data, { XDG_RUNTIME_DIR: runtime });
    expect(first).toStartWith(runtime);
    expect(prepareRunFolder(data, { XDG_RUNTIME_DIR: runtime })).toBe(first);
    expect(statSync(first).mode & 0o777).toBe(0o700);
  });

  test('is held by one, and free when that one lets go', () => {
    const data = join(folder, 'once');
    prepareDataFolder(data);
    const lock = lockDataFolder(data);
    expect(lock).not.toBeNull();
    expect(lockDataFolder(data)).toBeNull();
    lock?.release();
    const again = lockDataFolder(data);
    expect(again).not.toBeNull();
    again?.release();
  });

  test('says who runs in it, and a torn file says nothing', () => {
    const told = { pid: 5, url: null, enginePid: 6, gatewayPid: 7 };
    writeRunFile(folder, told);
    expect(readRunFile(folder)).toEqual(told);
    writeFileSync(join(folder, 'run.json'), '{"pi');
    expect(readRunFile(folder)).toBeNull();
  });
});

test('a browser is opened only where there is a screen', () => {
  expect(browserCommand('u', {}, 'linux')).toBeNull();
  expect(browserCommand('u', { DISPLAY: ':0' }, 'linux')).toEqual(['xdg-open', 'u']);
  expect(browserCommand('u', {}, 'darwin')).toEqual(['open', 'u']);
});
