/** Bars of ten minutes ago, long out of the ring: as a loop, to the bit. */
import { expect, test } from 'bun:test';
import { readWavFile } from '../../judge/wav.ts';
import { printedSeed } from '../../support/seed.ts';
import { BAR_FRAMES, SoundStage } from './sound-stage.ts';
import { RATE_HZ } from './stepped.ts';

const MINUTES = 10;
/** No whole number of bars: two bars of these minutes are never alike. */
const NOISE_SECONDS = 61.3;
const QUEUED_FRAMES_MAX = 20 * RATE_HZ;

/** What was heard in these frames; the noise comes round again and again. */
const noiseAt = (noise: Float32Array, fromFrame: number, toFrame: number): Float32Array => {
  const frames = noise.length / 2;
  return Float32Array.from({ length: 2 * (toFrame - fromFrame) }, (_, at) => {
    const frame = (fromFrame + Math.floor(at / 2)) % frames;
    return noise[2 * frame + (at % 2)] ?? Number.NaN;
  });
};

const difference = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length ? a.filter((sample, at) => sample !== b[at]).length : a.length + b.length;

test(`any bars of the last ${MINUTES} minutes become a loop, bit-exact`, async () => {
  const stage = new SoundStage(printedSeed(), { noiseSeconds: NOISE_SECONDS, isUnheard: true });
  const beganMs = performance.now();
  for (let bar = 0; bar < (MINUTES * 60 * RATE_HZ) / BAR_FRAMES + 20; bar += 1) {
    await stage.step(BAR_FRAMES);
    // The disk is not accelerated: the ring must not lose what it has not written.
    await stage.waitFor('the disk', () => stage.core.status().framesQueued < QUEUED_FRAMES_MAX);
  }
  const playedMs = performance.now() - beganMs;
  const now = stage.frame / RATE_HZ;
  const found: { ago: number; wrong: number; shifted: number }[] = [];
  for (const [slot, fromBar] of [3, 14, 190, 401].entries()) {
    const command = { cmd: 'REACH_BACK', slot, fromBar, bars: 2 } as const;
    const { fromFrame, takeId, toFrame } = (await stage.askDisk(command)) as {
      fromFrame: number;
      takeId: string;
      toFrame: number;
    };
    expect([fromFrame, toFrame]).toEqual([fromBar * BAR_FRAMES, (fromBar + 2) * BAR_FRAMES]);
    const fileOf = () => {
      const place = stage.takes.info(takeId)?.location;
      return place?.kind === 'file' ? place.path : '';
    };
    await stage.playUntil('its own file', () => fileOf() !== '');
    const { samples } = readWavFile(fileOf());
    found.push({
      ago: Math.round(now - fromFrame / RATE_HZ),
      wrong: difference(samples, noiseAt(stage.noise, fromFrame, toFrame)),
      shifted: difference(samples, noiseAt(stage.noise, fromFrame + 1, toFrame + 1)),
    });
  }
  stage.end();
  console.log(JSON.stringify({ minutes: MINUTES, playedMs: Math.round(playedMs), found }));
  expect(found.map(({ wrong }) => wrong)).toEqual([0, 0, 0, 0]);
  expect(found[0]?.ago).toBeGreaterThan(60 * MINUTES);
  // The judge sees one frame of shift.
  for (const { shifted } of found) expect(shifted).toBeGreaterThan(BAR_FRAMES);
}, 240_000);
