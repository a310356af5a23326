/**
 * A session on the real core in virtual time, that hears noise and writes down what it plays.
 *
 * Frame n of the output is frame n of the timeline, and no two places of the noise are alike, so
 * that what sounds can be told to the frame.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import type { SessionCommand } from '../../../protocol/commands.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { corePortOf } from '../../../server/engine/core-port.ts';
import type { FlowCore } from '../../../server/engine/flow-core.ts';
import { makeGridReader } from '../../../server/engine/grid-reader.ts';
import { pluginHostPath } from '../../../server/engine/library-path.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { Session } from '../../../server/session/session.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeNoise, readWavFile, writeWavFile } from '../../judge/wav.ts';
import { sessionOptions } from '../session/session-options.ts';
import { BLOCK_FRAMES, RATE_HZ, startStepped } from './stepped.ts';

export const BPM = 240;
export const BEAT_FRAMES = (60 * RATE_HZ) / BPM;
export const BAR_FRAMES = 4 * BEAT_FRAMES;
/** After any change: its ramp is over. */
export const RAMP_FRAMES = RATE_HZ / 50;

const SLOTS = 8;
const NOISE_SECONDS = 60;
/** So many blocks are played as fast as they come; then whatever is made beside them gets time too. */
const FAST_BLOCKS = 400;
const WAIT_MS_MAX = 60_000;

export interface SoundStageOptions {
  /** It begins anew then. */
  readonly noiseSeconds?: number;
  /** What it plays is not written down. */
  readonly isUnheard?: boolean;
  /** It may load plug-ins. */
  readonly hasPlugins?: boolean;
}

const makeCore = (
  folder: string,
  runId: string,
  { hasPlugins = false, isUnheard = false }: SoundStageOptions,
): FlowCore =>
  startStepped({
    slotCount: SLOTS,
    ringSecondsMax: 60,
    bpm: BPM,
    runId: wordsOfId(runId),
    inputPath: join(folder, 'noise.wav'),
    outputPath: isUnheard ? '' : join(folder, 'master.wav'),
    spoolPath: join(folder, 'spool', runId),
    audioPath: join(folder, 'audio'),
    ...(hasPlugins && { pluginHostPath: pluginHostPath(), statePath: join(folder, 'states') }),
  });

export interface Press extends TriggerResult {
  /** Frame at which the answer was there. */
  readonly atFrame: number;
}

export class SoundStage {
  readonly core: FlowCore;
  readonly session: Session;
  readonly history = new History(rootRiff(crypto.randomUUID(), 0, BPM));
  readonly noise: Float32Array;
  readonly notices: number[] = [];
  /** By plug-in: its newest state that has a file. */
  readonly states = new Map<string, string>();
  /** How often a finished sound came into a slot. */
  swaps = 0;
  /** Holds spool, takes, exports and what it hears and plays. */
  readonly folder = mkdtempSync(join(tmpdir(), 'flowzone-sound-'));
  readonly takes = new Takes(this.folder);
  readonly #answers = new Map<string, { type: string; code?: number; result?: unknown }>();
  readonly #later: { readonly atFrame: number; act(): void }[] = [];
  readonly #isUnheard: boolean;
  #asked = 0;
  /** Renders that were asked for while they are held back. */
  #held: (() => void)[] | null = null;

  constructor(seed: number, options: SoundStageOptions = {}) {
    const { isUnheard = false, noiseSeconds } = options;
    this.#isUnheard = isUnheard;
    this.noise = makeNoise(seed, (noiseSeconds ?? NOISE_SECONDS) * RATE_HZ);
    writeWavFile(join(this.folder, 'noise.wav'), RATE_HZ, this.noise);
    const runId = crypto.randomUUID().replaceAll('-', '');
    mkdirSync(join(this.folder, 'spool', runId), { recursive: true });
    for (const name of ['audio', 'states']) {
      mkdirSync(join(this.folder, name), { recursive: true });
    }
    this.core = makeCore(this.folder, runId, options);
    this.session = this.#makeSession(runId);
  }

  get frame(): number {
    return this.core.status().frame;
  }

  async step(frames: number): Promise<void> {
    this.core.step(frames);
    const events = this.core.poll();
    const isSwap = (event: (typeof events)[number]) =>
      event.detail === COMMAND_KIND.slotSwap && event.code === 0;
    this.swaps += events.filter(isSwap).length;
    this.session.onEvents(events);
    const due = this.#later.filter(({ atFrame }) => atFrame <= this.frame);
    for (const each of due) this.#later.splice(this.#later.indexOf(each), 1);
    for (const { act } of due) act();
    this.session.full();
    await new Promise(setImmediate);
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let block = 0; block < FAST_BLOCKS; block += 1) {
      if (isSo()) return;
      await this.step(BLOCK_FRAMES);
    }
    await this.playUntil(what, isSo);
  }

  /** Stands still until something that takes its own time has happened. */
  async waitFor(what: string, isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + WAIT_MS_MAX;
    while (!isSo()) {
      if (performance.now() > deadline) throw new Error(`it never came: ${what}`);
      this.session.onEvents(this.core.poll());
      await Bun.sleep(1);
    }
  }

  /** Plays on, block by block, until the disk and whatever is rendered have had their time. */
  async playUntil(what: string, isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + WAIT_MS_MAX;
    while (!isSo()) {
      if (performance.now() > deadline) throw new Error(`it never came: ${what}`);
      await this.step(BLOCK_FRAMES);
      await Bun.sleep(1);
    }
  }

  /** To a little after the next bar line. */
  async toNextBar(): Promise<void> {
    const line = (Math.floor(this.frame / BAR_FRAMES) + 1) * BAR_FRAMES;
    await this.step(line - this.frame + 200);
  }

  async ask(command: SessionCommand): Promise<unknown> {
    return await this.answerTo(this.send(command));
  }

  /** Does not wait for the answer; returns what to ask for it with. */
  send(command: SessionCommand): string {
    this.#asked += 1;
    const reqId = `r${this.#asked}`;
    const message = { ...command, reqId };
    this.session.onMessage({ t: 'command', clientId: 'c', loopback: true, command: message });
    return reqId;
  }

  /** For what takes time of its own: the disk is given some between two blocks. */
  async askDisk(command: SessionCommand): Promise<unknown> {
    const reqId = this.send(command);
    await this.playUntil(`the answer to ${reqId}`, () => this.#answers.has(reqId));
    return await this.answerTo(reqId);
  }

  async answerTo(reqId: string): Promise<unknown> {
    await this.until(`the answer to ${reqId}`, () => this.#answers.has(reqId));
    const answer = this.#answers.get(reqId);
    if (answer?.type !== 'OK') throw new Error(`${reqId}: ${JSON.stringify(answer)}`);
    return answer.result;
  }

  /** From now on nothing is rendered until the returned function is called. */
  holdRenders(): () => void {
    const held: (() => void)[] = [];
    this.#held = held;
    return () => {
      this.#held = null;
      for (const render of held) render();
    };
  }

  async press(slot: number | 'auto', bars: 1 | 2 | 4, mode?: 'overdub'): Promise<Press> {
    const more = mode ? { mode } : {};
    const result = await this.ask({ cmd: 'TRIGGER_SLOT', slot, bars, quantized: true, ...more });
    return { ...(result as TriggerResult), atFrame: this.frame };
  }

  /** Ends the engine; returns what it played, interleaved stereo from frame 0 on. */
  end(): Float32Array {
    this.core.stop();
    this.core.destroy();
    const master = join(this.folder, 'master.wav');
    const samples = this.#isUnheard ? new Float32Array(0) : readWavFile(master).samples;
    rmSync(this.folder, { recursive: true });
    return samples;
  }

  #emit(message: ToGateway): void {
    if (message.t === 'notice' && 'code' in message.message) {
      this.notices.push(message.message.code);
    }
    if (message.t !== 'answer' || !('reqId' in message.message)) return;
    if (message.message.reqId !== undefined) {
      this.#answers.set(message.message.reqId, message.message);
    }
  }

  #makeSession(runId: string): Session {
    const { core, history } = this;
    const grid = makeGridReader(
      () => core.status(),
      () => 4,
    );
    const port = corePortOf(core, () => ({ ...grid.grid(), barBeat: 0 }));
    return new Session({
      ...sessionOptions({
        core: {
          ...port,
          renderTake: (recipe, parts) => {
            if (!this.#held) return port.renderTake(recipe, parts);
            this.#held.push(() => port.renderTake(recipe, parts));
            return 0;
          },
        },
        history,
        takes: this.takes,
        slotCount: SLOTS,
        bpm: BPM,
        sources: [{ name: 'Noise', monitor: false }],
      }),
      runId,
      dataFolder: this.folder,
      write: (request, done) => {
        if (request.kind === 'pluginState') this.states.set(request.instanceId, request.sha256);
        done?.();
      },
      later: (ms, act) => this.#later.push({ atFrame: this.frame + (ms * RATE_HZ) / 1000, act }),
      emit: (message) => this.#emit(message),
    });
  }
}
