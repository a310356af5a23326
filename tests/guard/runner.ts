/**
 * Runs in a process of its own with the guard preloaded: steps the engine block by block with every
 * command in flight, then prints one JSON line of what was sent and answered.
 *
 *   bun tests/guard/runner.ts FOLDER BLOCKS SEED
 */
import { dlopen } from 'bun:ffi';
import { COMMAND_KIND, type CommandKind } from '../../protocol/abi.ts';
import {
  CLIENT_COMMANDS,
  SESSION_COMMANDS,
  type SessionCommandName,
} from '../../protocol/commands.ts';
import type { ToGateway } from '../../protocol/link.ts';
import { wordsOfId } from '../../server/session/core/ids.ts';
import { openEngine } from './engine.ts';
import {
  CLIENT_GENERATORS,
  Dice,
  makeRecord,
  type Playing,
  SESSION_GENERATORS,
} from './generators.ts';

const COMMAND_EVERY = 6;
const RAW_EVERY = 5;
/** So long others wait for one that asks the store. */
const TURNS_MAX = 2000;
const SELDOM = 6;
const REST_EVERY = 8;
const CLIENT = 'guard';

const [folder = '', blocksText = '10000', seedText = '1'] = process.argv.slice(2);
const blocks = Number(blocksText);
const dice = new Dice(Number(seedText));

const sent: Record<string, number> = {};
const done: Record<string, number> = {};
const refused: Record<string, number> = {};
const kinds: Record<string, number> = {};
const waiting = new Map<string, string>();
const count = (table: Record<string, number>, name: string) => {
  table[name] = (table[name] ?? 0) + 1;
};

const onEmit = (message: ToGateway) => {
  if (message.t === 'pong') count(done, 'PING');
  if (message.t === 'full') count(done, 'GET_FULL_STATE');
  if (message.t !== 'answer') return;
  const answer = message.message;
  if (answer.type !== 'OK' && answer.type !== 'ERROR') return;
  const name = waiting.get(answer.reqId ?? '');
  if (name === undefined) return;
  waiting.delete(answer.reqId ?? '');
  count(answer.type === 'OK' ? done : refused, name);
};

const engine = await openEngine(folder, onEmit);
const { core, session } = engine;

const send = core.send.bind(core);
const nameOfKind = new Map(Object.entries(COMMAND_KIND).map(([name, kind]) => [kind, name]));
core.send = (commands) => {
  for (const { kind = 0 } of commands) count(kinds, nameOfKind.get(kind as never) ?? '?');
  return send(commands);
};

const sendSession = (name: SessionCommandName) => {
  const generate = SESSION_GENERATORS[name];
  if (!generate) throw new Error(`no generator for ${name}`);
  const reqId = `r${Object.values(sent).reduce((sum, each) => sum + each, 0)}`;
  waiting.set(reqId, name);
  count(sent, name);
  const command = { ...generate(dice, session.state), reqId };
  session.onMessage({ t: 'command', clientId: CLIENT, loopback: true, command });
  return reqId;
};

const sendClient = (name: keyof typeof CLIENT_COMMANDS) => {
  const what = CLIENT_GENERATORS[name];
  if (!what) throw new Error(`no generator for ${name}`);
  count(sent, name);
  if (what === 'ping') session.onMessage({ t: 'ping', clientId: CLIENT, t0: 1 });
  if (what === 'listen') {
    core.followMaster(dice.coin());
    core.readMaster();
    count(done, name);
  }
  if (what === 'resync') session.onMessage({ t: 'resync' });
  if (what === 'client') {
    for (const joined of [true, false]) {
      session.onMessage({ t: 'client', clientId: 'other', joined, address: '::1' });
    }
  }
};

const playing = (): Playing[] =>
  session.state.slots.flatMap(({ takeId }, slot) =>
    takeId === null ? [] : [{ slot, id: wordsOfId(takeId) }],
  );

const sessionNames = Object.keys(SESSION_COMMANDS) as SessionCommandName[];
const clientNames = Object.keys(CLIENT_COMMANDS) as (keyof typeof CLIENT_COMMANDS)[];
const kindNames = Object.keys(COMMAND_KIND) as CommandKind[];
const rest = () => new Promise((resolve) => setImmediate(resolve));

/** All commands in turn, in an order thrown anew each round. */
function* rounds<T>(names: readonly T[]): Generator<T> {
  for (;;) {
    const left = [...names];
    while (left.length > 0) yield* left.splice(dice.below(left.length), 1);
  }
}

// First half: everything through the session, as clients do. Second half: raw records as well, also
// such that no session sends; the session's own answers then no longer count.
const inSession = rounds([...sessionNames, ...clientNames]);
const raw = rounds(kindNames);
const isSession = (name: string): name is SessionCommandName => name in SESSION_COMMANDS;
for (let block = 0; block < blocks; block += 1) {
  engine.step();
  core.features();
  if (block % COMMAND_EVERY === 0) {
    const name = inSession.next().value;
    // One takes away what all others work on, the other lets them wait for the store.
    const isRare = name === 'NEW_SESSION' || name === 'RESTORE_SESSION';
    const isLeftOut = isRare && dice.below(SELDOM) > 0;
    if (!isLeftOut && name !== undefined && isSession(name)) {
      const reqId = sendSession(name);
      const turns = isRare ? TURNS_MAX : 0;
      for (let turn = 0; turn < turns && waiting.has(reqId); turn += 1) {
        engine.step();
        await rest();
      }
    }
    if (!isLeftOut && name !== undefined && !isSession(name)) sendClient(name);
  }
  if (block > blocks / 2 && block % RAW_EVERY === 0) {
    const name = raw.next().value;
    const record = name && makeRecord(name, dice, playing());
    if (record) core.send([{ ...record, token: 2 ** 31 + block }]);
  }
  if (block % REST_EVERY === 0) await rest();
}
const status = core.status();
await engine.end();
// Bun leaves without the destructor that would write the report.
const guard = process.env['LD_PRELOAD'];
if (guard) {
  const { symbols } = dlopen(guard, { fz_guard_write: { args: [], returns: 'i32' } });
  symbols.fz_guard_write();
}
process.stdout.write(
  `${JSON.stringify({ blocks: status.blocks, frames: status.frame, sent, done, refused, kinds })}\n`,
);
process.exit(0);
