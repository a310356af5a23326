/** How long ago something was. */
const pad = (value: number) => String(value).padStart(2, '0');

/** "just now", "4 min ago", then the clock; older than a day with its date. */
export const agoText = (tsMs: number, nowMs: number): string => {
  const seconds = Math.max(0, (nowMs - tsMs) / 1000);
  if (seconds < 20) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const when = new Date(tsMs);
  const clock = `${pad(when.getHours())}:${pad(when.getMinutes())}`;
  if (seconds < 86_400) return clock;
  return `${when.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`;
};
