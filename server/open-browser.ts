/** Opens the page in the system's browser; whatever goes wrong, the music plays. */

type Env = Readonly<Record<string, string | undefined>>;

/** The command, or null where there is no screen. */
export const browserCommand = (
  url: string,
  env: Env = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] | null => {
  if (platform === 'darwin') return ['open', url];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : null;
};

export const openBrowser = (url: string): void => {
  const command = browserCommand(url);
  if (!command?.[0] || Bun.which(command[0]) === null) return;
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' });
  child.unref();
};
