/** Faults of the page reach the server's log: once each, not many, and none while the line is down. */
import { describe, expect, test } from 'bun:test';
import { CLIENT_COMMANDS, type Command } from '../../protocol/commands.ts';
import { FAULT_CHARS_MAX, FAULTS_MAX, makeFaultReports } from '../../web/sync/report-faults.ts';

const makeStage = () => {
  const line = { isUp: true };
  const sent: string[] = [];
  const tell = makeFaultReports((command: Command) => {
    if (line.isUp && command.cmd === 'REPORT_FAULT') sent.push(command.says);
    return line.isUp;
  });
  return { line, sent, tell };
};

describe('faults of the page', () => {
  test('are told once each, with where they came from', () => {
    const { sent, tell } = makeStage();
    const fault = new TypeError('x is no function');
    tell(fault);
    tell(fault);
    tell('plain words');
    expect(sent).toHaveLength(2);
    expect(sent[0]).toContain('x is no function');
    expect(sent[1]).toBe('plain words');
  });

  test('of a page that is nothing but faults the first few are told', () => {
    const { sent, tell } = makeStage();
    for (let each = 0; each < 1000; each += 1) tell(`fault ${each}`);
    expect(sent).toHaveLength(FAULTS_MAX);
  });

  test('while the line is down nothing is told, and nothing taken for told', () => {
    const { line, sent, tell } = makeStage();
    line.isUp = false;
    tell('a');
    expect(sent).toEqual([]);
    line.isUp = true;
    tell('a');
    expect(sent).toEqual(['a']);
  });

  test('long words are cut to what the schema takes', () => {
    const { sent, tell } = makeStage();
    tell('x'.repeat(10_000));
    expect(sent[0]).toHaveLength(FAULT_CHARS_MAX);
    expect(CLIENT_COMMANDS.REPORT_FAULT.properties.says.maxLength).toBe(FAULT_CHARS_MAX);
  });
});
