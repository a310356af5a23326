/**
 * The stored limits of the bench. They are only ever tightened; a looser one needs its reason in the
 * commit. `peer` and `best` are what was measured elsewhere, for the reader of the table.
 */
export interface Limit {
  readonly what: string;
  readonly unit: string;
  /** What the limit holds for: the figure, its ratio to the floor, or its difference to it. */
  readonly on: 'figure' | 'ratio' | 'difference';
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly floor: string;
  readonly peer: string;
}

export const LIMITS = {
  floorCount: {
    what: 'the floor itself: C kernel with AVX2',
    unit: 'instr/frame/loop',
    on: 'figure',
    atMost: 2,
    floor: '–',
    peer: 'tight C 1.2–1.6',
  },
  ownTempo: {
    what: 'a loop at its own tempo',
    unit: 'instr/frame/loop',
    on: 'figure',
    atMost: 8,
    floor: 'C kernel',
    peer: 'SooperLooper 657',
  },
  fixedCost: {
    what: 'everything but loops',
    unit: 'instr/frame',
    on: 'figure',
    atMost: 50,
    floor: '–',
    peer: 'SooperLooper 99',
  },
  repitch: {
    what: 'a loop repitching live',
    unit: 'instr/frame/loop',
    on: 'ratio',
    atMost: 1.5,
    floor: '4-point C kernel',
    peer: '–',
  },
  linear: {
    what: 'cost of loops 5 to 16 over loops 2 to 4',
    unit: 'instr/frame/loop',
    on: 'ratio',
    atMost: 1.05,
    floor: 'loops 2 to 4',
    peer: '–',
  },
  flat: {
    what: 'cost of four bars over one bar',
    unit: 'instr/frame',
    on: 'ratio',
    atMost: 1.02,
    floor: 'one bar',
    peer: '–',
  },
  blockOf64: {
    what: '64 loops, 64 frames, paced: p50',
    unit: 'µs/block',
    on: 'ratio',
    atMost: 2,
    floor: 'C kernel in turn',
    peer: 'SooperLooper 315–331 µs',
  },
  loadOf128: {
    what: '128 loops, 64 frames, paced: load',
    unit: '%',
    on: 'figure',
    atMost: 5,
    floor: 'C kernel in turn',
    peer: 'SooperLooper: 128 at most',
  },
  slotsProved: {
    what: 'different loops found in the mix by correlation',
    unit: 'of 256',
    on: 'figure',
    atLeast: 256,
    floor: '–',
    peer: 'SooperLooper 15',
  },
  slotsRest: {
    what: 'the mix minus all 256 loops',
    unit: 'dB',
    on: 'figure',
    atMost: -100,
    floor: '–',
    peer: '–',
  },
  latencyP50: {
    what: 'command → first changed frame: p50, over one period',
    unit: 'ms',
    on: 'difference',
    atMost: 0.2,
    floor: 'one period',
    peer: 'SooperLooper 1.46 ms',
  },
  latencySpread: {
    what: 'command → first changed frame: p99 − min',
    unit: 'ms',
    on: 'difference',
    atMost: 0.3,
    floor: 'bare timer thread',
    peer: 'SooperLooper 0.13 ms',
  },
  latencyHeard: {
    what: 'commands whose frame is the one that changed in the master',
    unit: '%',
    on: 'figure',
    atLeast: 100,
    floor: '–',
    peer: '–',
  },
  burst: {
    what: 'of 1,000 commands at once: answered',
    unit: 'commands',
    on: 'figure',
    atLeast: 1000,
    floor: '–',
    peer: 'SooperLooper ignores 49 of 64',
  },
  commits: {
    what: 'of 1,000 retrospective captures: with a frame lost, doubled or shifted',
    unit: 'captures',
    on: 'figure',
    atMost: 0,
    floor: '–',
    peer: 'TimeMachine 8 of 8',
  },
  stall: {
    what: 'write stall with 16 stereo inputs: frames missing',
    unit: 'frames',
    on: 'figure',
    atMost: 0,
    floor: '–',
    peer: 'jack_capture: 6 s of silence',
  },
  stallSeconds: {
    what: 'length of that stall, as held in memory',
    unit: 's',
    on: 'figure',
    atLeast: 30,
    floor: '–',
    peer: 'jack_capture 6 s',
  },
  memoryPerLoop: {
    what: 'memory of a loop over its samples',
    unit: '×',
    on: 'figure',
    atMost: 1.05,
    floor: '–',
    peer: 'SooperLooper 1.00',
  },
  memoryBase: {
    what: 'memory of the engine without its ring',
    unit: 'MiB',
    on: 'figure',
    atMost: 64,
    floor: '–',
    peer: 'SooperLooper 116',
  },
  memoryUndo: {
    what: '100 overwrites and undos, beyond the cache of loops',
    unit: 'MiB',
    on: 'figure',
    atMost: 2,
    floor: '–',
    peer: '–',
  },
  start: {
    what: 'start to first block, 64 slots',
    unit: 'ms',
    on: 'figure',
    atMost: 100,
    floor: 'touching the ring’s pages',
    peer: 'SooperLooper 70 … 490',
  },
  idle: {
    what: 'idle engine, 64-frame headless clock: CPU',
    unit: 'ms/s',
    on: 'figure',
    atMost: 14,
    floor: 'bare timer loop',
    peer: 'jackd alone 14',
  },
  spectrum: {
    what: 'spectrum of 1,024 new frames',
    unit: 'µs',
    on: 'ratio',
    atMost: 3,
    floor: 'FFTW and 32 bands',
    peer: 'textbook FFT 6.4 µs',
  },
  jackXruns: {
    what: 'JACK dummy server, 64 frames, 64 loops: xruns',
    unit: 'xruns',
    on: 'difference',
    atMost: 0,
    floor: 'client that does nothing',
    peer: '–',
  },
} as const satisfies Record<string, Limit>;

export type FigureName = keyof typeof LIMITS;
