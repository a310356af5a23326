/** The steps of the test command in their order, found from what is in the tree. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { bunCounts, swiftCounts } from './counts.ts';
import type { Step } from './run.ts';

/** What must be there; a missing one is a failed step, so that no room can lose its tests. */
export const EXPECTED = [
  'Package.swift',
  'protocol/generate.ts',
  'web/vite.config.ts',
  'tests/AppleTests',
  'tests/FlowCoreTests',
  'tests/PluginFixture',
  'tests/PluginHostTests',
  'tests/StubTests',
  'tests/protocol',
  'tests/server',
  'tests/system',
  'tests/tidy',
  'tests/web',
];

const SYSTEM_TEST_MS = 180_000;
/** Of a test that starts no product: long enough for a busy machine, short enough to name what hangs. */
const UNIT_TEST_MS = 60_000;
/** SwiftPM keeps its settings where the user has them; our own are what a test must not touch. */
const SWIFT_ENV = { XDG_CONFIG_HOME: process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config') };

const bin = (name: string) => `node_modules/.bin/${name}`;
const files = (pattern: string) => [...new Bun.Glob(pattern).scanSync('.')].toSorted();
const hasSwift = () => Bun.which('swift') !== null && existsSync('Package.swift');
const isSystemTest = (file: string) => file.includes('.system.test.');
const testFiles = () => files('tests/**/*.test.{ts,tsx}').filter((file) => !isSystemTest(file));
const room = (file: string) => file.split('/')[1] ?? '';

const swiftFiles = () =>
  ['Package.swift', ...files('{Sources,tests}/**/*.swift')].filter(
    (file) => !file.includes('.generated.'),
  );

const bunTests = (name: string, chosen: readonly string[], ...flags: string[]): Step[] =>
  chosen.length === 0
    ? []
    : [
        {
          name,
          argv: [
            'bun',
            ...flags,
            'test',
            '--timeout',
            String(UNIT_TEST_MS),
            ...chosen.map((file) => `./${file}`),
          ],
          counts: bunCounts,
        },
      ];

export const staticChecks = (): Step[] => [
  { name: 'generated files', argv: ['bun', 'protocol/generate.ts', '--check'] },
  { name: 'format', argv: [bin('biome'), 'format', '.'] },
  { name: 'lint', argv: [bin('oxlint')] },
  { name: 'types', argv: [bin('tsc'), '-p', '.'] },
  ...(hasSwift()
    ? [
        {
          name: 'Swift format and lint',
          argv: ['swift', 'format', 'lint', '--strict', '--parallel', ...swiftFiles()],
        },
      ]
    : []),
];

export const debugGate = (): Step[] => [
  {
    name: 'debug build: the real-time gate',
    argv: ['swift', 'build'],
    env: SWIFT_ENV,
    limitMinutes: 20,
  },
];

export const releaseBuild = (): Step[] => [
  {
    name: 'release build and page',
    argv: ['sh', 'scripts/up', 'build'],
    env: SWIFT_ENV,
    limitMinutes: 20,
  },
];

export const swiftTests = (): Step[] => [
  {
    name: 'Swift tests',
    argv: ['swift', 'test', '--enable-xctest', '--enable-swift-testing'],
    counts: swiftCounts,
    env: SWIFT_ENV,
    limitMinutes: 30,
  },
];

/** The Mac's files, compiled and run against our own declarations of Apple's frameworks. */
export const stubTests = (): Step[] =>
  process.platform === 'darwin'
    ? []
    : [
        {
          name: "the Mac's files on stubs",
          argv: [
            'swift',
            'test',
            '--enable-xctest',
            '--enable-swift-testing',
            '--no-parallel',
            '--scratch-path',
            '.build/stubs',
          ],
          counts: swiftCounts,
          env: { ...SWIFT_ENV, FLOWZONE_APPLE_STUBS: '1' },
          limitMinutes: 20,
        },
      ];

/** Every C file for a Mac's two processors. */
export const machOTests = (): Step[] =>
  process.platform === 'darwin'
    ? []
    : [
        {
          name: "the Mac's C files",
          argv: ['bun', 'tests/mach-o/run.ts'],
          counts: bunCounts,
        },
      ];

/** The Swift tests once more, ended by the first read of memory that was given back. */
export const memoryTests = (): Step[] => [
  {
    name: 'Swift tests under AddressSanitizer',
    argv: [
      'swift',
      'test',
      '--enable-xctest',
      '--enable-swift-testing',
      '--sanitize=address',
      '--scratch-path',
      '.build/memory',
      '--no-parallel',
    ],
    counts: swiftCounts,
    // What a process still holds at its end is the system's.
    env: { ...SWIFT_ENV, ASAN_OPTIONS: 'detect_leaks=0' },
    limitMinutes: 40,
  },
];

/** What the Swift tests prove with a sample, for every size, and 10,000 faults at the desk of plug-ins. */
export const proofTests = (): Step[] => [
  {
    name: 'Swift proofs in full',
    argv: [
      'swift',
      'test',
      '-c',
      'release',
      '-Xswiftc',
      '-enable-testing',
      '--scratch-path',
      '.build/proof',
      '--enable-swift-testing',
      '--filter',
      'BlockProof|HourProof|DeskFault|ChainFault|DiskConservation',
    ],
    counts: swiftCounts,
    env: { ...SWIFT_ENV, FZ_PROOF_ALL: '1' },
    limitMinutes: 40,
  },
];

export const tidyTests = (): Step[] =>
  bunTests(
    'tidy',
    testFiles().filter((file) => room(file) === 'tidy'),
  );

export const webTests = (): Step[] =>
  bunTests(
    'web tests',
    testFiles().filter((file) => room(file) === 'web'),
    '--conditions=browser',
  );

/** Every other room, so that a new folder of tests cannot be forgotten here. */
export const unitTests = (): Step[] =>
  [...new Set(testFiles().map(room))]
    .filter((name) => name !== 'tidy' && name !== 'web')
    .flatMap((name) =>
      bunTests(
        `${name} tests`,
        testFiles().filter((file) => room(file) === name),
      ),
    );

/** One file after the other: they start real processes and measure time. */
export const systemTests = (): Step[] =>
  files('tests/**/*.system.test.{ts,tsx}').map((file) => ({
    name: file,
    argv: ['bun', 'test', '--timeout', String(SYSTEM_TEST_MS), `./${file}`],
    counts: bunCounts,
  }));

export const missing = (): string[] => EXPECTED.filter((path) => !existsSync(path));
