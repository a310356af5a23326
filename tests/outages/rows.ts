/** The outages of FlowZone's own processes, what is promised in each, and the rig that tries it. */
import { control, promised, type Row } from '../faults/row.ts';
import { engineFrozen } from './rigs/engine-frozen.ts';
import { engineKilled } from './rigs/engine-killed.ts';
import { gatewayRig } from './rigs/gateway.ts';
import { launcherKilled } from './rigs/launcher-killed.ts';
import { LITTERS, UNTOLD, UNWATCHED } from './stand/plants.ts';

const UNNOTICED = 'the sound goes on to the frame; port and page are back';
const FULL = 20;

/** A control of the full run; what it needs is too long for the short one. */
const longControl = (...row: Parameters<typeof control>): Row => ({
  ...control(...row),
  short: 0,
  full: 6,
});

export const ROWS: readonly Row[] = [
  promised('gateway killed', 'the gateway gets SIGKILL', UNNOTICED, {
    short: 0,
    full: FULL,
    rig: gatewayRig({ outages: ['killed'] }),
  }),
  promised('gateway segfault', 'the gateway gets SIGSEGV', UNNOTICED, {
    short: 0,
    full: FULL,
    rig: gatewayRig({ outages: ['segfault'] }),
  }),
  promised('gateway loop', 'the gateway loops in JavaScript for ever', UNNOTICED, {
    short: 0,
    full: FULL,
    rig: gatewayRig({ outages: ['loop'] }),
  }),
  promised('gateway stopped', 'the gateway gets SIGSTOP', UNNOTICED, {
    short: 0,
    full: FULL,
    rig: gatewayRig({ outages: ['stopped'] }),
  }),
  promised('gateway memory', 'the gateway takes memory until there is none', UNNOTICED, {
    short: 0,
    full: FULL,
    rig: gatewayRig({ outages: ['memory'] }),
  }),
  promised('gateway short', 'some of these by turns', UNNOTICED, {
    short: 3,
    full: 0,
    rig: gatewayRig({ outages: ['killed', 'loop', 'memory'] }),
  }),
  longControl(
    'gateway unwatched',
    'the gateway loops, and nobody looks for its heartbeat',
    'the port is not back',
    gatewayRig({ outages: ['loop'], plants: [UNWATCHED], patienceMs: 5000 }),
  ),
  longControl(
    'gateway stumble',
    'the gateway gets SIGKILL, and the engine is stopped for 0.3 s with it',
    'frames lack',
    gatewayRig({ outages: ['killed'], stumbleMs: 300 }),
  ),
  promised(
    'engine killed',
    'the engine process gets SIGKILL',
    'the page is told and live again; nothing is left of the dead engine',
    { short: 1, full: FULL, rig: engineKilled() },
  ),
  longControl(
    'engine litters',
    'each engine leaves a process behind',
    'a process is left',
    engineKilled(LITTERS),
  ),
  promised(
    'engine frozen',
    "the engine's JavaScript stands still for 10 s",
    'the sound goes on to the frame; the page is told; nothing is killed',
    { short: 0, full: 6, rig: engineFrozen({ ms: 10_000 }) },
  ),
  promised('engine frozen-short', "the engine's JavaScript stands still for 7 s", 'the same', {
    short: 1,
    full: 0,
    rig: engineFrozen({ ms: 7000, hasControl: false }),
  }),
  longControl(
    'engine untold',
    'it stands still, and nobody is told',
    'nobody was told',
    engineFrozen({ ms: 7000, plants: [UNTOLD] }),
  ),
  promised(
    'launcher killed',
    'the launcher gets SIGKILL, at any moment from its start on',
    'everything ends by itself',
    { short: 1, full: FULL, rig: launcherKilled },
  ),
];
