/** What a start was refused for is told apart from a fault in it. */
import { expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { ERRORS } from '../../../protocol/errors.ts';
import { FlowCoreError } from '../../../server/engine/core-library.ts';
import { refusalOf } from '../../../server/engine/refusal.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { makeRiff } from '../store/samples.ts';

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it threw nothing');
};

test('a device, a build and a data folder that are not there are refusals; a fault is none', () => {
  const refused = (code: number) => refusalOf(new FlowCoreError(code, ''));
  expect(refused(ERRORS.ERR_DEVICE_OPEN.code)).toBe(2);
  expect(refused(ERRORS.ERR_ABI_MISMATCH.code)).toBe(6);
  expect(refusalOf(new Error('The data folder is not there any more.'))).toBe(4);
  expect(refusalOf(thrownBy(() => statSync('/not/there')))).toBe(4);
  const history = new History(makeRiff('r0', null, 0));
  expect(refusalOf(thrownBy(() => history.moveTo('nowhere')))).toBeNull();
  expect(refusalOf(thrownBy(() => JSON.parse('{')))).toBeNull();
});
