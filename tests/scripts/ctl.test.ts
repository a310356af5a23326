/** `bun run ctl` without FlowZone, and with a command line that makes no sense: kind, and nothing done. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyState } from '../../protocol/empty-state.ts';
import { addressOf } from '../../scripts/ctl/address.ts';
import {
  barsOf,
  commandOf,
  formatOf,
  pastBarsOf,
  readArguments,
  slotOf,
  slotOrAuto,
  UsageError,
} from '../../scripts/ctl/arguments.ts';
import { VERBS } from '../../scripts/ctl/verbs.ts';
import { changeText, metricsText, stateText } from '../../scripts/ctl/words.ts';
import { writeRunFile } from '../../server/data-folder.ts';
import { runScript } from '../support/run-script.ts';

const CTL = join(import.meta.dirname, '../../scripts/ctl.ts');
const folder = mkdtempSync(join(tmpdir(), 'fz-ctl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ctl = async (...args: string[]) => {
  const { code, stderr, stdout } = await runScript(CTL, args);
  return { code, out: stdout, err: stderr };
};

/** A port on which nobody listens. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

const given = (...argv: string[]) => readArguments(argv);

describe('ctl', () => {
  test('says what to do when nothing runs, by HTTP and by socket', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    for (const verb of [['state'], ['undo'], ['trigger', '3'], ['health'], ['watch']]) {
      const { code, err, out } = await ctl(...verb, '--url', url);
      expect({ verb, code, out }).toEqual({ verb, code: 3, out: '' });
      expect(err).toContain(`FlowZone does not answer at ${url}. Nothing was changed.`);
      expect(err).toContain('bun run start');
      expect(err).not.toContain('    at ');
    }
  }, 20_000);

  test('a word it does not know, and none, are answered with how it is used', async () => {
    for (const args of [[], ['jump'], ['toString'], ['trigger'], ['state', '--loud']]) {
      const { code, err } = await ctl(...args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(err).toContain('bun run ctl COMMAND');
    }
    expect(await ctl('--help')).toMatchObject({ code: 0, err: '' });
  }, 20_000);

  test('slots are numbered from 1, and the wire from 0', () => {
    expect(slotOf(given('trigger', '3'))).toBe(2);
    expect(slotOrAuto(given('trigger', 'auto'))).toBe('auto');
    for (const slot of ['0', '-1', '1.5', 'x', '257']) {
      expect(() => slotOf(given('trigger', '--', slot))).toThrow(UsageError);
    }
    expect(() => slotOf(given('mute', '1', '2'))).toThrow(UsageError);
  });

  test('bars, format and JSON are checked before anything is sent', () => {
    expect(barsOf(given('trigger', '1', '--bars', '8'))).toBe(8);
    expect(() => barsOf(given('trigger', '1', '--bars', '3'))).toThrow('1, 2, 4, 8, 16');
    expect(pastBarsOf(given('export', '--bars', '3'))).toBe(3);
    expect(() => pastBarsOf(given('export', '--bars', '0'))).toThrow(UsageError);
    expect(() => formatOf(given('export', '--format', 'mp3'))).toThrow('wav32f, wav24, flac');
    expect(commandOf(given('send', '{"cmd":"PLAY"}'))).toEqual({ cmd: 'PLAY' });
    for (const text of ['{', '[]', 'null', '{"a":1}']) {
      expect(() => commandOf(given('send', text))).toThrow(UsageError);
    }
  });

  test('the address is the one given, else the one of the data folder, else the usual one', () => {
    const url = 'http://127.0.0.1:4321';
    expect(addressOf({ data: folder })).toBe('http://127.0.0.1:4800');
    writeRunFile(folder, { pid: 1, url, enginePid: null, gatewayPid: null });
    expect(addressOf({ data: folder })).toBe(url);
    expect(addressOf({ data: folder, url: 'http://[::1]:9' })).toBe('http://[::1]:9');
  });

  test('how it is used names every word it knows', async () => {
    const { out } = await ctl('--help');
    for (const verb of Object.keys(VERBS)) expect(out).toContain(verb);
  });
});

describe('the words of ctl', () => {
  test('a state is a line per slot', () => {
    const state = emptyState();
    state.meta.sessionName = 'Evening';
    const [first] = state.slots;
    if (first) {
      Object.assign(first, { takeId: 'x', state: 'PLAYING', bars: 1, saved: true, name: 'Drum' });
    }
    const lines = stateText(state).split('\n');
    expect(lines[0]).toContain('Evening');
    expect(lines[1]).toBe('  1  playing    1 bar     100 %  saved  Drum');
    expect(lines[2]).toBe('  2  empty');
  });

  test('a change is a line per place, with its revision', () => {
    const state = emptyState();
    state.meta.revisionId = 9;
    const ops = [
      { op: 'replace', path: '/transport/bpm', value: 90 },
      { op: 'remove', path: '/alerts/a' },
    ] as const;
    expect(changeText(state, ops)).toBe('9 /transport/bpm 90\n9 /alerts/a gone');
    expect(changeText(state, [])).toBe('9 all');
  });

  test('figures are lowest, mean and highest of what is known', () => {
    const text = metricsText({ series: { xruns: [0, null, 4] } });
    expect(text).toContain('xruns          0 … 2 … 4');
    expect(text).toContain('engineCpu      not known');
  });
});
