/** The keeper's thread: reads the disk and the session file, and holds nobody up. */
import { wallClock } from '../../clock.ts';
import { Keeper } from './keeper.ts';
import type { KeeperStart } from './keeper-port.ts';

declare const self: Worker;

const begin = ({ data }: MessageEvent<KeeperStart>) => {
  const keeper = new Keeper({
    dataFolder: data.dataFolder,
    clock: wallClock,
    rest: (ms) => Bun.sleep(ms),
    tell: (news) => self.postMessage(news, []),
  });
  void keeper.run();
};

self.addEventListener('message', begin, { once: true });
