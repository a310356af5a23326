/** One child and one bundle: what each way to end means, and that nothing of it stays. */
import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, startScanChild } from '../../../server/plugins/scan-child.ts';
import { classLine, makeFolder, makeHost, putBundle, tells } from './fake-bundles.ts';

const folder = makeFolder();
const hostPath = makeHost();
let count = 0;

const child = (script: string, silenceMsMax = 10_000) => {
  count += 1;
  const bundlePath = putBundle(folder, `Fake ${count}`, { script });
  return startScanChild({ hostPath, bundlePath, silenceMsMax });
};
const outcome = (script: string, silenceMsMax?: number) => child(script, silenceMsMax).outcome;
const refused = (code: number, detail: string): Outcome => ({
  t: 'refused',
  refusal: { code, detail },
});

const isDead = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && /\) Z /.test(readFileSync(stat, 'utf8'));
};

const until = async (isSo: () => boolean) => {
  while (!isSo()) await Bun.sleep(5);
};

describe('a child that looks at a bundle', () => {
  test('tells its plug-ins; what else it prints is passed over', async () => {
    const synth = classLine(2, 'Synth', { subCategories: 'Instrument|Synth' });
    const controller = classLine(3, 'Part', { category: 'Component Controller Class' });
    const script = `echo hello; echo '{torn'\n${tells(classLine(1, 'Room'), synth, controller)}`;
    expect(await outcome(script)).toMatchObject({
      t: 'classes',
      classes: [
        { name: 'Room', kind: 'effect', categories: ['Fx', 'Reverb'] },
        { name: 'Synth', kind: 'instrument' },
      ],
    });
  });

  test('that is ended by a signal has crashed, whichever it is', async () => {
    for (const signal of ['SEGV', 'ABRT', 'FPE', 'KILL']) {
      expect(await outcome(`echo '{"step":"open"}'; kill -${signal} $$`)).toEqual(
        refused(3010, `SIG${signal}`),
      );
    }
  });

  test('that ends before it was done has crashed too, also with a good code', async () => {
    expect(await outcome(`${classLine(1, 'A')}; exit 0`)).toMatchObject({
      refusal: { code: 3010 },
    });
    expect(await outcome('exit 7')).toEqual(refused(3010, 'it ended with 7'));
  });

  test('says that the bundle cannot be opened, or is none', async () => {
    expect(await outcome('exit 3')).toEqual(refused(3013, 'not a bundle'));
    expect(await outcome('exit 4')).toEqual(refused(3013, 'it cannot be opened'));
    expect(await outcome('exit 5')).toEqual(refused(3013, 'it offers no plug-ins'));
  });

  test('that is silent hangs and is ended; one that goes on telling is not', async () => {
    expect(await outcome(`echo '{"step":"open"}'; sleep 100`, 150)).toEqual(refused(3011, ''));
    const slow = Array.from({ length: 6 }, () => `echo '{"step":"open"}'; sleep 0.1`).join('\n');
    expect(await outcome(`${slow}\n${tells(classLine(1, 'A'))}`, 450)).toMatchObject({
      t: 'classes',
    });
  });

  test('that says too much is not believed', async () => {
    const endless = `while :; do echo '{"step":"open"}'; done`;
    expect(await outcome(endless)).toEqual(refused(3013, 'too many lines'));
    const wide = `head -c 200000 /dev/zero | tr '\\0' x; sleep 100`;
    expect(await outcome(wide)).toEqual(refused(3013, 'a line without an end'));
  });

  test('takes what it has started with it, also when that holds its output open', async () => {
    const note = join(makeFolder(), 'pid');
    const script = `sleep 100 & echo $! > '${note}'\n${tells(classLine(1, 'A'))}`;
    expect(await outcome(script)).toMatchObject({ t: 'classes' });
    const pid = Number(readFileSync(note, 'utf8'));
    await until(() => isDead(pid));
  });

  test('that is ended from outside is not to blame', async () => {
    const note = join(makeFolder(), 'pid');
    const started = child(`echo $$ > '${note}.tmp'; mv '${note}.tmp' '${note}'; sleep 100`);
    await until(() => existsSync(note));
    started.end();
    expect(await started.outcome).toEqual({ t: 'ended' });
    expect(isDead(Number(readFileSync(note, 'utf8')))).toBeTrue();
  });

  test('that does not know what it was asked says nothing of the bundle', async () => {
    expect(await outcome('exit 2')).toMatchObject({ t: 'noHost' });
    expect(await outcome(`echo '{"step":"open"}'; exit 2`)).toEqual(
      refused(3010, 'it ended with 2'),
    );
  });

  test('cannot be started without its executable', async () => {
    const bundlePath = putBundle(folder, 'Any', { script: 'exit 0' });
    const missing = startScanChild({ hostPath: '/nowhere/host', bundlePath, silenceMsMax: 1000 });
    expect(await missing.outcome).toMatchObject({ t: 'noHost' });
  });

  test('knows nothing of the session and leaves the music its time', async () => {
    process.env['FLOWZONE_CONFIG'] = 'secret';
    const line = classLine(1, 'NAME').replaceAll('"', String.raw`\"`);
    const asked = `echo "${line.replace('NAME', '[$FLOWZONE_CONFIG] $SWIFT_BACKTRACE $(nice)')}"`;
    const told = await outcome(
      `while [ $(nice) != 10 ]; do :; done; ${asked}; echo '{"done":true,"classes":1}'`,
    );
    delete process.env['FLOWZONE_CONFIG'];
    expect(told).toMatchObject({ classes: [{ name: '[] enable=no 10' }] });
  });
});
