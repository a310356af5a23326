import { describe, expect, test } from 'bun:test';
import { PendingCommands } from '../../../server/gateway/pending-commands.ts';
import { errorMessage, okMessage } from '../../../server/gateway/messages.ts';

const collect = () => {
  const answers: string[] = [];
  const settler = (name: string) => (message: { type: string }) => {
    answers.push(`${name} ${message.type}`);
  };
  return { answers, settler };
};

describe('pending commands', () => {
  test('an answer finds its client and command, once, and nothing stays behind', () => {
    const { answers, settler } = collect();
    const pending = new PendingCommands();
    pending.add('a', '1', settler('a1'));
    pending.add('b', '1', settler('b1'));
    expect(pending.settle('b', '1', okMessage('1', 2))).toBeTrue();
    expect(pending.settle('b', '1', okMessage('1', 2))).toBeFalse();
    expect(pending.settle('c', '1', okMessage('1', 2))).toBeFalse();
    expect(pending.settle('a', '1', okMessage('1', 2))).toBeTrue();
    expect(answers).toEqual(['b1 OK', 'a1 OK']);
    expect(pending.count).toBe(0);
  });

  test('names that run together are different', () => {
    const { answers, settler } = collect();
    const pending = new PendingCommands();
    pending.add('a', 'b","c', settler('first'));
    pending.add('a","b', 'c', settler('second'));
    pending.settle('a","b', 'c', okMessage('c', 1));
    expect(answers).toEqual(['second OK']);
  });

  test('the same command twice: the first answer is the first one’s', () => {
    const { answers, settler } = collect();
    const pending = new PendingCommands();
    const first = settler('first');
    pending.add('a', '1', first);
    pending.add('a', '1', settler('second'));
    pending.drop('a', '1', first);
    pending.settle('a', '1', okMessage('1', 1));
    expect(answers).toEqual(['second OK']);
    expect(pending.count).toBe(0);
  });

  test('when the engine dies everybody is told, with the own reqId', () => {
    const pending = new PendingCommands();
    const told: (string | undefined)[] = [];
    for (const [client, reqId] of [
      ['a', '1'],
      ['a', '2'],
      ['b', '1'],
    ] as const) {
      pending.add(client, reqId, (message) => {
        told.push('reqId' in message ? message.reqId : undefined);
      });
    }
    pending.settleAll((reqId) => errorMessage(1010, reqId));
    expect(told).toEqual(['1', '2', '1']);
    expect(pending.count).toBe(0);
  });
});
