/** What `ctl` can do: one function per word. Each gives what is printed. */
import { resolve } from 'node:path';
import type { SessionCommandName } from '../../protocol/commands.ts';
import { RefusedError } from '../client/errors.ts';
import { connectFlowZone, type FlowZone, type Wish } from '../client/flowzone.ts';
import { get, getHealth, getJson } from '../client/rest.ts';
import {
  barsOf,
  commandOf,
  formatOf,
  type Given,
  pastBarsOf,
  slotOf,
  slotOrAuto,
} from './arguments.ts';
import { changeText, metricsText, stateText } from './words.ts';

export interface Place {
  readonly url: string;
  print(text: string): void;
}

type Verb = (given: Given, place: Place) => Promise<void>;

const connected = async <T>(url: string, act: (flowzone: FlowZone) => Promise<T>): Promise<T> => {
  const flowzone = await connectFlowZone(url);
  try {
    return await act(flowzone);
  } finally {
    flowzone.close();
  }
};

/** Does it, and says so in a word. */
const simple =
  <Name extends SessionCommandName>(
    wish: (given: Given) => Wish<Name> & { cmd: Name },
    says: string,
  ): Verb =>
  async (given, { print, url }) => {
    const command = wish(given);
    await connected(url, (flowzone) => flowzone.ask(command));
    print(says);
  };

const state: Verb = async ({ json }, { print, url }) => {
  const answer = await getJson(url, '/api/state');
  print(json ? JSON.stringify(answer, null, 2) : stateText(answer.data));
};

const trigger: Verb = async (given, { print, url }) => {
  const slot = slotOrAuto(given);
  const bars = barsOf(given);
  const { result } = await connected(url, (flowzone) =>
    flowzone.ask({
      cmd: 'TRIGGER_SLOT',
      slot,
      quantized: !given.free,
      ...(bars !== undefined && { bars }),
      ...(given.overdub && { mode: 'overdub' as const }),
    }),
  );
  const length = `${result.bars} ${result.bars === 1 ? 'bar' : 'bars'}`;
  print(`slot ${result.slot + 1}: ${length}, take ${result.takeId}`);
};

const watch: Verb = async ({ json }, { print, url }) => {
  const flowzone = await connectFlowZone(url);
  print(json ? JSON.stringify({ state: flowzone.state }) : changeText(flowzone.state, []));
  flowzone.watch((now, ops) => {
    const { revisionId } = now.meta;
    const whole = ops.length === 0 ? { state: now } : { revId: revisionId, ops };
    print(json ? JSON.stringify(whole) : changeText(now, ops));
  });
  await flowzone.closed;
};

const exportFiles: Verb = async (given, { print, url }) => {
  const bars = pastBarsOf(given);
  const format = formatOf(given);
  await connected(url, async (flowzone) => {
    const { head } = flowzone.state.history;
    const what = bars === undefined ? { riffId: head } : { bars };
    const { result } = await flowzone.ask({ cmd: 'EXPORT', what, format, stems: given.stems });
    const ended = await flowzone.until(({ jobs }) => jobs[result.jobId]?.state !== 'running');
    const job = ended.jobs[result.jobId];
    if (job?.state !== 'done') {
      throw new RefusedError(job?.code ?? 0, `The export was ${job?.state ?? 'forgotten'}.`);
    }
    for (const file of job.files) print(`exports/${job.folder}/${file}`);
  });
};

const health: Verb = async (_, { print, url }) => {
  const { device, isWell, load, problems, xruns } = await getHealth(url);
  if (isWell) print(`well: ${device}, load ${Math.round(load * 100)} %, ${xruns} dropouts`);
  for (const { code, msg } of problems) print(`${code}: ${msg}`);
};

const metrics: Verb = async ({ json }, { print, url }) => {
  const history = await getJson(url, '/api/metrics/history');
  print(json ? JSON.stringify(history) : metricsText(history));
};

const send: Verb = async (given, { print, url }) => {
  // What is no command of ours is refused by FlowZone, with a sentence.
  const command = commandOf(given) as Wish & { cmd: SessionCommandName };
  const done = await connected(url, (flowzone) => flowzone.ask(command));
  print(JSON.stringify(done));
};

const NAMED = /filename="([\w.-]+)"/;

const bundle: Verb = async ({ to }, { print, url }) => {
  const response = await get(url, '/api/support/bundle');
  const named = NAMED.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const path = resolve(to ?? named ?? 'flowzone-support.tar.gz');
  await Bun.write(path, response);
  print(path);
};

export const VERBS: Readonly<Record<string, Verb>> = {
  state,
  trigger,
  watch,
  health,
  metrics,
  send,
  bundle,
  export: exportFiles,
  mute: simple((given) => ({ cmd: 'MUTE_SLOT', slot: slotOf(given), muted: true }), 'muted'),
  unmute: simple((given) => ({ cmd: 'MUTE_SLOT', slot: slotOf(given), muted: false }), 'unmuted'),
  undo: simple(() => ({ cmd: 'UNDO', scope: 'SESSION' as const }), 'undone'),
  redo: simple(() => ({ cmd: 'REDO', scope: 'SESSION' as const }), 'redone'),
  play: simple(() => ({ cmd: 'PLAY' }), 'playing'),
  pause: simple(() => ({ cmd: 'PAUSE' }), 'paused'),
};
