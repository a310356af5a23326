/**
 * The test command: every check and every test in a fixed order, nothing stops early, the last
 * line sums up. `--only check|swift|stubs|memory|proofs|web|system` runs a part. `memory` and `proofs`
 * take minutes of their own and are in no other.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { add, closingLine, NONE } from './testing/counts.ts';
import { endRunningStep, runStep, type Step, type StepResult, verdict } from './testing/run.ts';
import * as steps from './testing/steps.ts';

const PARTS: Record<string, () => Step[]> = {
  all: () => [
    ...steps.staticChecks(),
    ...steps.debugGate(),
    ...steps.releaseBuild(),
    ...steps.swiftTests(),
    ...steps.stubTests(),
    ...steps.machOTests(),
    ...steps.tidyTests(),
    ...steps.unitTests(),
    ...steps.webTests(),
    ...steps.systemTests(),
  ],
  check: () => [...steps.staticChecks(), ...steps.tidyTests()],
  swift: () => [...steps.debugGate(), ...steps.swiftTests()],
  stubs: () => [...steps.stubTests()],
  memory: () => [...steps.memoryTests()],
  proofs: () => [...steps.proofTests()],
  web: () => [...steps.webTests()],
  system: () => [...steps.releaseBuild(), ...steps.systemTests()],
};

const { values } = parseArgs({ options: { only: { type: 'string', default: 'all' } } });
const part = PARTS[values.only];
if (!part) {
  process.stderr.write(`--only takes one of: ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}

// Nobody's recordings or settings: whatever a test forgets to redirect lands here.
const home = mkdtempSync(join(tmpdir(), 'flowzone-test-'));
const env = {
  ...process.env,
  FLOWZONE_TEST_PAGE: join(home, 'page'),
  FLOWZONE_HOME: join(home, 'data'),
  XDG_DATA_HOME: join(home, 'share'),
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_STATE_HOME: join(home, 'state'),
};

const results: StepResult[] = (values.only === 'all' ? steps.missing() : []).map((path) => ({
  name: `${path} is there`,
  seconds: 0,
  counts: { ...NONE, failed: 1 },
  failures: [],
}));
const cleanUp = () => rmSync(home, { recursive: true, force: true });
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    endRunningStep();
    cleanUp();
    process.exit(code);
  });
}
for (const step of part()) results.push(await runStep(step, env));
cleanUp();

for (const { name, failures } of results.filter((result) => result.failures.length > 0)) {
  process.stdout.write(`\n── what failed in: ${name} ──\n${failures.join('\n')}\n`);
}
process.stdout.write('\n── all steps ──\n');
for (const { name, seconds, counts } of results) {
  process.stdout.write(`${seconds.toFixed(1).padStart(7)} s  ${name}: ${verdict(counts)}\n`);
}
const total = results.map((result) => result.counts).reduce(add, NONE);
process.stdout.write(`\n${closingLine(total)}\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
