/** What a device is called in the list until somebody knows better: its kind, told by its browser. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android.*Mobile/, 'Android phone'],
  [/Android/, 'Android tablet'],
  // An iPad asks for pages as a Mac does.
  [/Macintosh/, 'Mac or iPad'],
  [/Windows/, 'Windows computer'],
  [/Linux|CrOS/, 'Linux computer'],
];

export const deviceName = (userAgent: string | null): string =>
  KINDS.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1] ?? 'Device';
