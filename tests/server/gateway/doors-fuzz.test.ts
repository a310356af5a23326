import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { COMMANDS } from '../../../protocol/commands.ts';
import { checkCommand, parseMessage } from '../../../server/gateway/doors.ts';
import { printedSeed } from '../../support/seed.ts';

const enter = (text: string) => {
  const parsed = parseMessage(text);
  return parsed.ok ? checkCommand(parsed, { loopback: true, socket: true }) : parsed;
};

/** Values that lie near what some field takes, so that some commands pass. */
const value = fc.oneof(
  fc.constantFrom<unknown>(0, 1, 4, 120, true, 'SESSION', 'ALL', 'now'),
  fc.constantFrom<unknown>(8, -1, 0.5, false, 'auto', 'bar', null),
  fc.uuid(),
  fc.jsonValue({ maxDepth: 3 }),
);

const nearCommand = fc
  .tuple(
    fc.constantFrom(...Object.entries(COMMANDS)),
    fc.option(
      fc.dictionary(fc.constantFrom('reqId', 'at', 'atFrame', 'extra', '__proto__'), value),
      { freq: 2, nil: {} },
    ),
    fc.array(value, { minLength: 8, maxLength: 8 }),
  )
  .map(([[cmd, schema], more, values]) => {
    const fields = schema.required.filter((field) => field !== 'cmd');
    return { ...Object.fromEntries(fields.map((field, i) => [field, values[i]])), ...more, cmd };
  });

test('whatever comes, a door says yes or a code, and never falls', () => {
  const seed = printedSeed();
  let accepted = 0;
  let runs = 0;
  const text = fc.oneof(
    { weight: 6, arbitrary: nearCommand.map((message) => JSON.stringify(message)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  fc.assert(
    fc.property(text, (message) => {
      runs += 1;
      const result = enter(message);
      if (result.ok) {
        accepted += 1;
        expect(result.command).toEqual(JSON.parse(message));
        expect(Object.keys(COMMANDS)).toContain(result.command.cmd);
      } else {
        expect([5001, 5002, 5003]).toContain(result.code);
      }
    }),
    { seed, numRuns: 5000 },
  );
  // Both answers were seen often enough to mean something.
  expect(accepted).toBeGreaterThan(250);
  expect(runs - accepted).toBeGreaterThan(250);
}, 30_000);
