/** The judge of gateway deaths: loops play on, port and clients come back. */
import { connect, type Json } from './client.ts';
import { until, withCleanup } from './product.ts';
import { BAR_FRAMES, healthOf, setStage, summary } from './stage.ts';
import { makeRandom, readWavFile } from './wav.ts';

/** Frames of the master that differ from the frame one bar before: 0 while four one-bar loops play on. */
export const breaksIn = (master: Float32Array, fromFrame: number, toFrame: number): number => {
  let breaks = 0;
  for (let at = 2 * fromFrame; at < 2 * toFrame; at += 1) {
    if (master[at] !== master[at - 2 * BAR_FRAMES]) breaks += 1;
  }
  return breaks;
};

/** Kills or stops the gateway `times` times while loops play. */
export const judgeGatewayKills = (times: number, signal: 'SIGKILL' | 'SIGSTOP', seed: number) =>
  withCleanup(async (later) => {
    const random = makeRandom(seed);
    const stage = await setStage(seed, later);
    const portBack: number[] = [];
    const clientBack: number[] = [];
    for (let count = 0; count < times; count += 1) {
      await Bun.sleep(200 + random() * 300);
      const { gatewayPid } = await healthOf(stage.product);
      const client = await connect(stage.product.url);
      const start = performance.now();
      process.kill(gatewayPid, signal);
      await until(
        'the port answers again',
        async () => {
          try {
            const health = await fetch(new URL('/api/health', stage.product.url), {
              signal: AbortSignal.timeout(250),
            });
            return ((await health.json()) as Json).gatewayPid !== gatewayPid;
          } catch {
            return false;
          }
        },
        15_000,
      );
      portBack.push(performance.now() - start);
      const again = await until(
        'a client is live',
        () => connect(stage.product.url).catch(() => undefined),
        15_000,
      );
      clientBack.push(performance.now() - start);
      again.close();
      client.close();
    }
    const health = await until('two more bars', async () => {
      const answer = await healthOf(stage.product);
      return answer.frame > stage.playingFrom + 2 * BAR_FRAMES && answer;
    });
    await stage.product.stop();
    const master = readWavFile(stage.masterPath).samples;
    return {
      signal,
      times,
      seed,
      portBackMs: summary(portBack),
      clientBackMs: summary(clientBack),
      xruns: health.xruns,
      framesJudged: health.frame - stage.playingFrom,
      framesBroken: breaksIn(master, stage.playingFrom, health.frame),
    };
  });
