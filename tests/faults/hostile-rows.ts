/** Rows 27 to 30: those that mean harm or cannot keep up, and what befalls the whole computer. */
import { handshakes } from './rigs/handshakes.ts';
import { hostileMessages } from './rigs/hostile-messages.ts';
import { jackStorms } from './rigs/jack-storms.ts';
import { slowClients } from './rigs/slow-clients.ts';
import { storms } from './rigs/storms.ts';
import { control, promised, type Row } from './row.ts';
import { mutantEnv } from './stand/mutant.ts';

/** A control that takes longer than a test command may. */
const longControl = (...about: Parameters<typeof control>): Row => ({
  ...control(...about),
  short: 0,
});

export const HOSTILE_ROWS: readonly Row[] = [
  promised(
    '27',
    'six clients that never read, six with 10 kB/s, and a seventeenth',
    'the others get their frames and patches as without them; the seventeenth is refused with 5006',
    { short: 0, full: 5, rig: slowClients() },
  ),
  longControl(
    '27 open',
    'seventeen clients, and all of them are let in',
    'one too many was let in',
    slowClients(() =>
      mutantEnv({
        file: 'server/gateway/clients.ts',
        from: 'return this.#all.size >= LIMITS.clientCountMax;',
        to: 'return false;',
      }),
    ),
  ),
  promised(
    '28',
    'handshakes from this computer and from the network: foreign names, rebinding DNS among them, foreign pages, and tokens that are used, forgotten or guessed',
    'none of the bad is let in, all of the good are',
    { short: 1, full: 20, rig: handshakes(), asked: [{ size: 40, of: 'badRefused' }] },
  ),
  control(
    '28 open',
    'a page of any origin is let in',
    'a stranger was let in',
    handshakes(() =>
      mutantEnv({
        file: 'server/gateway/hosts.ts',
        from: '!origins.has(origin.toLowerCase())',
        to: 'false',
      }),
    ),
  ),
  control(
    '28 stranger',
    'every route is open to a device that is not paired',
    'a stranger was let in',
    handshakes(() =>
      mutantEnv({
        file: 'server/gateway/pairing/guard.ts',
        from: '!OPEN_ROUTES.has(route)',
        to: 'false',
      }),
    ),
  ),
  control(
    '28 replay',
    'what paired a device pairs the next one too',
    'a token was good twice',
    handshakes(() =>
      mutantEnv({
        file: 'server/gateway/pairing/offer.ts',
        from: 'this.#open = null;',
        to: 'void this.#open;',
      }),
    ),
  ),
  promised(
    '29',
    'hostile messages: truncated, too deep, too long, inherited names, wrong types, climbing paths',
    'each is refused, nobody dies, the state stays, no file outside the folder is touched',
    {
      short: 1,
      full: 50,
      rig: hostileMessages(),
      asked: [{ size: 1_000_000, of: 'messages' }],
    },
  ),
  longControl(
    '29 open',
    'hostile messages, and the door looks at no schema',
    'a message was not refused',
    hostileMessages(() =>
      mutantEnv({
        file: 'server/gateway/doors.ts',
        from: 'if (!check.Check(value)) {',
        to: 'if (false) {',
      }),
    ),
  ),
  promised(
    '30',
    '100,000 log lines a second in both processes, the log on a full disk, the wall clock ±1 h, all stopped for 30 s',
    'the loops play on to the frame, what is not logged is counted, order stays; nothing is missing that is not declared',
    { short: 0, full: 3, rig: storms() },
  ),
  longControl(
    '30 fatal',
    'as row 30, and a full disk of the log is fatal',
    'nothing answers',
    storms({
      file: 'server/telemetry/line-writer.ts',
      from: "stream.on('error', () => undefined);",
      to: 'void stream;',
    }),
  ),
  promised(
    '30 jack',
    'as row 30 under a JACK server, which goes on for the 30 s or is stopped too',
    'where the server went on alone is declared to the frame, and takes over it are marked; at every other frame the loop is heard where it should be',
    { short: 0, full: 3, rig: jackStorms() },
  ),
  longControl(
    '30 unsaid',
    'as row 30 jack, and what the server did alone is written nowhere',
    'a gap that nothing declares',
    jackStorms({
      file: 'server/session/takes/core-damage.ts',
      from: "log.aside({ kind: 'hurt', runId, hurt });",
      to: 'void log;',
    }),
  ),
];
