/** What a session of a test is given, on whatever core; each test says what differs. */
import type { AppState } from '../../../protocol/state.ts';
import type { CorePort } from '../../../server/session/core/port.ts';
import type { History } from '../../../server/session/riffs/history.ts';
import { type InitialState, initialState } from '../../../server/session/state/initial-state.ts';
import type { SessionOptions } from '../../../server/session/session-options.ts';
import type { MixDocument } from '../../../server/session/store/write-requests.ts';
import type { Takes } from '../../../server/session/takes/takes.ts';

export type Delays = Partial<Pick<AppState['devices'], 'latencyMs' | 'outputLatencyMs' | 'trimMs'>>;

interface Stage {
  readonly core: CorePort;
  readonly history: History;
  readonly takes: Takes;
  readonly slotCount: number;
  readonly bpm: number;
  readonly sources: InitialState['sources'];
  readonly deviceName?: string | undefined;
  readonly latencies?: Delays | undefined;
  readonly mix?: MixDocument | undefined;
  readonly safe?: InitialState['safe'] | undefined;
  readonly sessionId?: string | undefined;
}

const RATE_HZ = 48_000;

const devices: AppState['devices'] = {
  kind: 'stepped',
  name: 'stepped',
  rateHz: RATE_HZ,
  blockFrames: 128,
  hasRealTime: false,
  latencyMs: 0,
  isMeasured: false,
  outputLatencyMs: 0,
  trimMs: 0,
};

/** A fresh session that plays, with a store that is instant and forgets; whatever fails is thrown. */
export const sessionOptions = (stage: Stage): SessionOptions => {
  const { bpm, core, deviceName, history, latencies, mix = null, slotCount } = stage;
  const { safe = null, sources, takes } = stage;
  return {
    epoch: 'epoch',
    initial: initialState({
      version: '0',
      mode: safe ? 'SAFE' : 'NORMAL',
      safe,
      sessionId: stage.sessionId ?? 'session',
      sessionName: 'Session',
      slotCount,
      bpm,
      isPlaying: true,
      history: history.view(),
      devices: { ...devices, ...latencies, name: deviceName ?? devices.name },
      sources,
      mix,
    }),
    mix,
    history,
    takes,
    runId: 'f'.repeat(32),
    rateHz: RATE_HZ,
    gridShift: 0,
    core,
    wallClock: () => 0,
    dataFolder: '/nowhere',
    // Of earlier runs it knows nothing.
    read: (request) =>
      request.kind === 'run'
        ? (Promise.resolve(null) as Promise<never>)
        : Promise.reject(new Error('no store')),
    gaps: () => Promise.resolve([]),
    plugins: { rescan: () => undefined, cancel: () => undefined },
    newId: () => crypto.randomUUID(),
    write: (_, done) => done?.(),
    leaveSafeMode: () => undefined,
    emit: () => undefined,
    onUnrestored: (code) => {
      throw new Error(`not restored: ${code}`);
    },
    onBadCache: (path) => {
      throw new Error(`damaged: ${path}`);
    },
    onError: (error) => {
      throw error;
    },
  };
};
