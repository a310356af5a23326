/**
 * Ends this process when its launcher is gone and its main thread does not end it.
 *
 * A main thread that spins never hears of it. This one looks for itself: a process whose parent died has
 * another one.
 */
declare const self: Worker;

const EVERY_MS = 500;

const begin = ({ data }: MessageEvent<{ launcherPid: number; graceMs: number }>) => {
  const timer = setInterval(() => {
    if (process.ppid === data.launcherPid) return;
    clearInterval(timer);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), data.graceMs);
  }, EVERY_MS);
};

self.addEventListener('message', begin, { once: true });
