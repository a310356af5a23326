/** What a scan says about bundles that are none; the exit code names the step that failed. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../judge/product.ts';
import { isAlive } from '../judge/stage.ts';
import { askHost, buildBundle, HOST } from './bundle.ts';

const ENTRY = 'unsigned char ModuleEntry(void *h) { return h != 0; }\n';
const EXIT = 'unsigned char ModuleExit(void) { return 1; }\n';
const REFUSING_ENTRY = 'unsigned char ModuleEntry(void *h) { return h == 0; }\n';
const NO_FACTORY = 'void *GetPluginFactory(void) { return 0; }\n';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowzone-bundles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scanOf = async (name: string, text: string) => {
  const source = join(folder, `${name}.c`);
  writeFileSync(source, text);
  return askHost(['scan', await buildBundle(folder, name, [source])]);
};

describe('a scan', () => {
  test('of nothing is wrong use', async () => {
    expect((await askHost([])).code).toBe(2);
    expect((await askHost(['scan'])).code).toBe(2);
    expect((await askHost(['look', folder])).code).toBe(2);
  });

  test('of a folder or a name without a plug-in ends with 3', async () => {
    mkdirSync(join(folder, 'empty.vst3'));
    for (const path of ['empty.vst3', 'missing.vst3', '.vst3', '', 'plain']) {
      const { code, lines, errors } = await askHost(['scan', join(folder, path)]);
      expect({ path, code, lines }).toEqual({ path, code: 3, lines: [{ step: 'open' }] });
      expect(errors).toContain('holds no VST3 plug-in');
    }
  });

  test('of code that cannot be loaded, or refuses to start, ends with 4', async () => {
    writeFileSync(join(folder, 'torn.c'), '');
    const torn = await buildBundle(folder, 'torn', [join(folder, 'torn.c')]);
    for (const path of new Bun.Glob('torn.vst3/**/torn.so').scanSync(folder)) {
      writeFileSync(join(folder, path), 'no code');
    }
    expect((await askHost(['scan', torn])).code).toBe(4);
    const unentered = await scanOf('unentered', EXIT + NO_FACTORY);
    const refusing = await scanOf('refusing', REFUSING_ENTRY + EXIT + NO_FACTORY);
    for (const { code, lines } of [unentered, refusing]) {
      expect({ code, lines }).toEqual({ code: 4, lines: [{ step: 'open' }, { step: 'factory' }] });
    }
  });

  test.if(process.platform === 'linux')('that hangs ends with whoever asked for it', async () => {
    const source = join(folder, 'hanging.c');
    writeFileSync(
      source,
      `#include <unistd.h>\n${EXIT}unsigned char ModuleEntry(void *h) { while (h) pause(); return 0; }\n`,
    );
    const bundle = await buildBundle(folder, 'hanging', [source]);
    const script = `const child = Bun.spawn([${JSON.stringify(HOST)}, 'scan', ${JSON.stringify(bundle)}], { stdout: 'pipe', stderr: 'ignore' });
      await child.stdout.getReader().read();
      console.log(child.pid);
      await child.exited;`;
    const asker = Bun.spawn([process.execPath, '-e', script], {
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const reader = asker.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    expect(isAlive(pid)).toBeTrue();
    asker.kill('SIGKILL');
    await asker.exited;
    await until('the scan is gone', () => !isAlive(pid));
  });

  test('of a module without a factory ends with 5', async () => {
    expect((await scanOf('factoryless', ENTRY + EXIT)).code).toBe(5);
    expect((await scanOf('null', ENTRY + EXIT + NO_FACTORY)).code).toBe(5);
  });
});
