/**
 * The part of MAC-CHECK.md that needs no ears: runs it and writes a report.
 *
 *   npm run mac-check -- [--report mac-report.md] [--only 'text of the step'] [--device coreaudio]
 *
 * On another system `--device headless` rehearses the script itself.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CHECKS } from './mac-check/checks.ts';
import { reportOf, runChecks } from './mac-check/report.ts';
import { makeTools } from './mac-check/tools.ts';

const { values } = parseArgs({
  options: {
    report: { type: 'string', default: 'mac-report.md' },
    only: { type: 'string', default: '' },
    device: { type: 'string', default: 'coreaudio' },
  },
});
const { device, only, report } = values;
const isMac = process.platform === 'darwin';
if (!isMac && device === 'coreaudio') {
  process.stderr.write('This is no Mac; --device headless rehearses the script.\n');
  process.exit(2);
}
const results = await runChecks(
  CHECKS.filter(({ step }) => step.includes(only)),
  makeTools(device),
  (line) => process.stdout.write(`${line}\n`),
);
writeFileSync(report, reportOf(results));
const wrong = results.filter(({ isRight }) => isRight === false).length;
process.stdout.write(`${results.length} checks, ${wrong} wrong; see ${report}\n`);
process.exit(wrong === 0 ? 0 : 1);
