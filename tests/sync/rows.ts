/** What clients are promised, and the rigs that try it. */
import { control, promised, type Row } from '../faults/row.ts';
import { crowd } from './rigs/crowd.ts';
import { frames } from './rigs/frames.ts';
import { taps } from './rigs/taps.ts';
import { visits } from './rigs/visits.ts';
import { FORGETTING, losing, swapping } from './tampering.ts';

export interface Lengths {
  /** Of a crowd that plays. */
  readonly crowdMinutes: number;
  readonly stallSeconds: number;
  /** Of clients that come and go. */
  readonly visitMinutes: number;
  readonly warmMinutes: number;
  readonly presses: number;
  readonly frameSeconds: number;
}

export const FULL: Lengths = {
  crowdMinutes: 10,
  stallSeconds: 8,
  visitMinutes: 30,
  warmMinutes: 3,
  presses: 200,
  frameSeconds: 30,
};
export const SHORT: Lengths = {
  crowdMinutes: 0.1,
  stallSeconds: 1,
  visitMinutes: 0.1,
  warmMinutes: 0.02,
  presses: 6,
  frameSeconds: 1,
};

const SAME =
  'every client holds the same state at every revision, and a repeated request has one effect';

const MOST = 16;

const crowdRow = (clients: number, { crowdMinutes: minutes, stallSeconds }: Lengths): Row =>
  promised(
    `c1 ${clients}`,
    `${clients} ${clients === 1 ? 'client' : 'clients'} behind lines that are late, stand still and are cut, one on a good line beside them`,
    clients + 1 === MOST ? `${SAME}; a seventeenth is refused with 5006` : SAME,
    {
      short: clients + 1 === MOST ? 1 : 0,
      full: 1,
      rig: crowd({ clients, minutes, stallSeconds }),
    },
  );

const CONTROL = { clients: 1, minutes: 0.1, stallSeconds: 0 };

export const syncRows = (lengths: Lengths = FULL): Row[] => [
  crowdRow(1, lengths),
  crowdRow(4, lengths),
  crowdRow(MOST - 1, lengths),
  control(
    'c1 lost',
    'a patch is lost on the line and the next one is forged to follow',
    'clients differ',
    crowd({ ...CONTROL, tamper: losing }),
  ),
  control(
    'c1 swapped',
    'two patches change places on the line, forged to follow',
    'clients differ',
    crowd({ ...CONTROL, tamper: swapping }),
  ),
  {
    ...control(
      'c1 again',
      'FlowZone does a repeated request again',
      'a repeat had an effect',
      crowd({ ...CONTROL, plants: [FORGETTING] }),
    ),
    short: 0,
  },
  promised(
    'c2',
    'presses through a line of 40 ± 30 ms each way',
    'each takes the bar that the hand meant',
    { short: 1, full: 1, rig: taps({ presses: lengths.presses, hasOffset: true }) },
  ),
  {
    ...control(
      'c2 unsynced',
      'as c2, and presses carry the time of the page, not of the engine',
      'another bar was taken',
      taps({ presses: 60, hasOffset: false }),
    ),
    short: 0,
  },
  promised(
    'c3',
    'feature frames to eight clients, hidden ones, and at 75 % and 90 % load of the audio thread',
    'hidden pages get none; a busy engine sends fewer and smaller ones, and all again after two calm seconds',
    { short: 1, full: 1, rig: frames(lengths) },
  ),
  promised(
    'c4',
    'eight clients come, play a little and go, again and again',
    'no process keeps memory or handles of those who have gone',
    { short: 0, full: 1, rig: visits(lengths) },
  ),
];
