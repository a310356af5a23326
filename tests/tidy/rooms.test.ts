import { describe, expect, test } from 'bun:test';
import { importsOf, roomImports } from './rules/rooms.ts';
import { readTree } from './source.ts';

const planted = (path: string, text: string) => roomImports([{ path, text }]);

describe('room imports', () => {
  test('no room imports what it may not know', () => {
    expect(roomImports(readTree())).toEqual([]);
  });

  test.each([
    ['server/gateway/socket.ts', "import { reduce } from '../session/state/reduce.ts';"],
    ['server/gateway/socket.ts', "import { dlopen } from 'bun:ffi';"],
    ['server/session/riffs/history.ts', "import type { Client } from '../../gateway/client.ts';"],
    ['server/session/state/reduce.ts', "const core = await import('../../engine/flow-core.ts');"],
    ['server/session/store/write.ts', "import { takeState } from '../takes/takes.ts';"],
    ['server/main.ts', "export * from './engine/main.ts';"],
    ['server/engine/main.ts', "import { symbols } from './flow-core.generated.ts';"],
    ['web/App.tsx', "import { log } from '../server/telemetry/log.ts';"],
    ['web/stage/Slot.tsx', "import { AppState } from '../../protocol/state.ts';"],
    ['scripts/client/rest.ts', "import { LIMITS } from '../../protocol/limits.ts';"],
    ['scripts/client/rest.ts', "import type { Log } from '../../server/telemetry/log.ts';"],
    ['scripts/client/rest.ts', "import { USAGE } from '../ctl/arguments.ts';"],
    ['web/main.tsx', "import { readFileSync } from 'node:fs';"],
    ['protocol/state.ts', "import { x } from '../server/main.ts';"],
    ['protocol/empty-state.ts', "import { AppState } from './state.ts';"],
    ['protocol/limits.ts', "import { Type } from '@sinclair/typebox';"],
    ['tests/faults/judge/audio.ts', "import { LIMITS } from '../../../protocol/limits.ts';"],
  ])('%s: %s is caught', (path, text) => {
    expect(planted(path, text)).toHaveLength(1);
  });

  test.each([
    ['server/engine/flow-core.ts', "import { symbols } from './flow-core.generated.ts';"],
    ['server/engine/core-library.ts', "import { symbols } from './flow-core.generated.ts';"],
    ['server/engine/main.ts', "import { reduce } from '../session/state/reduce.ts';"],
    ['web/stage/Slot.tsx', "import type { AppState } from '../../protocol/state.ts';"],
    ['web/stage/Slot.tsx', "import { type AppState } from '../../protocol/state.ts';"],
    ['scripts/client/rest.ts', "import type { AppState } from '../../protocol/state.ts';"],
    ['web/App.tsx', "import { LIMITS } from '../protocol/limits.ts';"],
    ['protocol/empty-state.ts', "import { LIMITS } from './limits.ts';"],
    ['server/gateway/socket.ts', "// import { reduce } from '../session/state/reduce.ts';"],
  ])('%s: %s is allowed', (path, text) => {
    expect(planted(path, text)).toEqual([]);
  });

  test('imports over several lines, without names and with effects only are read', () => {
    const text =
      "import {\n  a,\n  type B,\n} from './one.ts';\nimport './two.css';\nimport C from 'three';";
    expect(importsOf({ path: 'web/x.ts', text }).map((found) => found.target)).toEqual([
      'web/one.ts',
      'web/two.css',
      'three',
    ]);
  });
});
