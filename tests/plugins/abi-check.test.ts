/** Our declaration of the VST3 interface is that of the official headers, to the byte. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, compile } from './bundle.ts';
import { HEADERS } from './sweep/bundles.ts';

setDefaultTimeout(120_000);

const OURS = join(import.meta.dir, '../../Sources/CVST3');
const CHECK = join(import.meta.dir, 'abi-check.cpp');
const ORDER = join(import.meta.dir, 'abi-order.cpp');

const whatIsMissing = (): string => {
  if (Bun.which('c++') === null || Bun.which('cc') === null) return 'a C++ compiler';
  return existsSync(HEADERS) ? '' : 'the official headers (sh scripts/up setup fetches them)';
};

const missing = whatIsMissing();
if (missing !== '') test.skip(`the interface cannot be compared: missing is ${missing}`, () => {});

describe.skipIf(missing !== '')('our declaration of the interface', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flowzone-abi-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Compares the declaration in `ours`, and says how many ids are others. */
  const check = async (ours: string) => {
    const [ids, program] = [join(folder, 'ids.o'), join(folder, 'check')];
    await compile(['cc', '-I', ours, '-c', join(ours, 'interface-ids.c'), '-o', ids]);
    const flags = ['-std=c++17', '-DRELEASE=1', '-isystem', HEADERS, '-I', ours];
    await compile(['c++', ...flags, '-o', program, CHECK, ids]);
    return (await ask([program])).code;
  };

  /** Compares the order of the tables in `ours`, and says how many functions stand elsewhere. */
  const checkOrder = async (ours: string) => {
    const program = join(folder, 'order');
    const flags = ['-std=c++17', '-DRELEASE=1', '-isystem', HEADERS, '-I', ours];
    await compile(['c++', ...flags, '-o', program, ORDER]);
    return (await ask([program])).code;
  };

  /** A copy with one thing changed. */
  const planted = (file: string, from: string, to: string): string => {
    const copy = mkdtempSync(join(folder, 'planted-'));
    cpSync(join(OURS, 'abi'), join(copy, 'abi'), { recursive: true });
    cpSync(join(OURS, 'interface-ids.c'), join(copy, 'interface-ids.c'));
    const text = readFileSync(join(copy, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(join(copy, file), text.replace(from, to));
    return copy;
  };

  test('is that of the official headers', async () => {
    expect(await check(OURS)).toBe(0);
  });

  test('with two fields exchanged, another size or another flag is refused', async () => {
    const [beat, bar] = ['double project_beat;', 'double bar_beat;'];
    const exchanged = planted('abi/processor.h', `${beat}\n    ${bar}`, `${bar}\n    ${beat}`);
    await expect(check(exchanged)).rejects.toThrow('v3_context.project_beat');
    const longer = planted('abi/factory.h', 'char vendor[64];', 'char vendor[65];');
    await expect(check(longer)).rejects.toThrow('v3_factory_info');
    const flag = planted('abi/processor.h', 'TEMPO_VALID = 1 << 10', 'TEMPO_VALID = 1 << 11');
    await expect(check(flag)).rejects.toThrow('value');
  });

  test('has each function in its place, and two that are exchanged are found', async () => {
    expect(await checkOrder(OURS)).toBe(0);
    const read =
      'v3_result (*read)(v3_stream *self, void *buffer, int32_t bytes, int32_t *bytes_read);';
    const write = read.replace('(*read)', '(*write)').replace('bytes_read', 'bytes_written');
    const exchanged = planted('abi/base.h', `${read}\n    ${write}`, `${write}\n    ${read}`);
    expect(await checkOrder(exchanged)).toBe(2);
  });

  test('with one digit of an id wrong is found', async () => {
    expect(await check(planted('interface-ids.c', '0x22888DDB', '0x22888DDC'))).toBe(1);
  });
});
