/** The judge of a browser that dies: the master must not notice. */
import { spawn } from 'node:child_process';
import type { Json } from './client.ts';
import { breaksIn } from './gateway-kills.ts';
import { makeFolder, until, withCleanup } from './product.ts';
import { BAR_FRAMES, healthOf, setStage } from './stage.ts';
import { readWavFile } from './wav.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens the page in a real browser and kills the whole browser, `times` times. */
export const judgeBrowserKills = (times: number, seed: number) =>
  withCleanup(async (later) => {
    const { client, masterPath, playingFrom, product } = await setStage(seed, later);
    const clientCount = () => Object.keys(client.state().clients as Json).length;
    for (let count = 0; count < times; count += 1) {
      const profile = makeFolder();
      const browser = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${profile}`, product.url], {
        detached: true,
        stdio: 'ignore',
      });
      let isRunning = true;
      const killGroup = () => {
        if (browser.pid !== undefined && isRunning) process.kill(-browser.pid, 'SIGKILL');
      };
      later(killGroup);
      const ended = new Promise<void>((done) =>
        browser.on('close', () => {
          isRunning = false;
          done();
        }),
      );
      await until('the page is a client', () => clientCount() === 2, 20_000);
      killGroup();
      await ended;
      await until('the page is gone', () => clientCount() === 1);
    }
    const { frame } = await until('two more bars', async () => {
      const health = await healthOf(product);
      return health.frame > playingFrom + 2 * BAR_FRAMES && health;
    });
    await product.stop();
    const master = readWavFile(masterPath).samples;
    return {
      times,
      seed,
      framesJudged: frame - playingFrom,
      framesBroken: breaksIn(master, playingFrom, frame),
    };
  });
