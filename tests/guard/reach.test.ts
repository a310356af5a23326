/** What the release library's render code can reach, read from its assembly. */
import { describe, expect, test } from 'bun:test';
import { libraryPath } from '../../server/engine/library-path.ts';
import { buildGuard, buildPlantedSwift, buildPlantedTail, canBuild } from './build.ts';
import { reachFrom } from './reach.ts';

/** The function that every device calls for a block. */
const RENDER = /6EngineC7process/;

/** Other code that it may call: the audited leaves, block copies, and the two ways to trap. */
const ALLOWED = new Set([
  'memcpy',
  'memmove',
  'memset',
  'sqrt',
  'flow_rt_enter',
  'flow_rt_exit',
  'flow_denormals_off',
  'flow_denormals_restore',
  'flow_monotonic_ns',
  'flow_sin',
  'flow_segment_wake',
  '$ss17_assertionFailure__4file4line5flagss5NeverOs12StaticStringV_A2HSus6UInt32VtF',
  '$ss18_fatalErrorMessage__4file4line5flagss5NeverOs12StaticStringV_A2HSus6UInt32VtF',
  // Asked for once and kept: the warm-up asks before any device begins.
  'swift_getTypeByMangledNameInContext2',
]);

/**
 * Code with a jump through a table, of which somebody has seen that it is a switch. A table of functions
 * looks the same, so a new one has to be looked at: `objdump -d`, does each entry lie in its function?
 */
const SWITCHES = [
  /^\$s8FlowCore8DemoBandV6strike/,
  /^\$s8FlowCore11RenderBlockV5apply33_[0-9A-F]{32}LLyyAA0B7CommandVF$/,
  /^\$s8FlowCore11RenderBlockV11applyToSlotyyAA0B7CommandVF$/,
];

const forbidden = (path: string, root: RegExp) => {
  const reach = reachFrom(path, root);
  return {
    ...reach,
    outside: [...reach.outside].filter(([name]) => !ALLOWED.has(name)),
    switches: reach.switches.filter((name) => !SWITCHES.some((known) => known.test(name))),
  };
};

describe.skipIf(!canBuild() || Bun.which('objdump') === null)('the assembly of a block', () => {
  test('calls nothing of the Swift runtime and nothing that is not allowed by name', () => {
    const { functions, outside, blind, switches } = forbidden(libraryPath(), RENDER);
    process.stderr.write(`${functions} functions are reached from a block\n`);
    expect(outside).toEqual([]);
    expect(blind).toEqual([]);
    expect(switches).toEqual([]);
    // A reader that lost its way would find nothing to complain about.
    expect(functions).toBeGreaterThan(80);
  });

  test.skipIf(Bun.which('swiftc') === null)(
    'a planted array that grows is found, down to the runtime',
    () => {
      const { outside } = forbidden(buildPlantedSwift(buildGuard()), /^main$/);
      const names = outside.map(([name]) => name);
      expect(names.filter((name) => name.startsWith('swift_'))).not.toEqual([]);
      expect(names).toContain('swift_allocObject');
    },
    60_000,
  );

  test.each([
    ['call_and_go_on', [1, 0]],
    ['call_as_last', [1, 0]],
    ['switch_by_table', [0, 1]],
    ['call_by_table', [0, 1]],
  ])('%s has targets that cannot be read, and tables nobody has looked at: %p', (name, counts) => {
    const { blind, switches } = forbidden(buildPlantedTail(), new RegExp(`^${name}$`));
    expect([blind.length, switches.length]).toEqual(counts);
  });

  test('a root that is not there is an error, not a clean result', () => {
    expect(() => reachFrom(libraryPath(), /noSuchFunction/)).toThrow('has no function');
  });
});
