/** Property lists: what the bundle says of itself, and what each of its programs may do. */
export type Value = string | boolean | readonly string[];

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const valueOf = (value: Value): string => {
  if (typeof value === 'boolean') return `<${value}/>`;
  if (typeof value === 'string') return `<string>${escape(value)}</string>`;
  return `<array>${value.map((one) => valueOf(one)).join('')}</array>`;
};

export const plistOf = (entries: Readonly<Record<string, Value>>): string => {
  const lines = Object.entries(entries).map(
    ([key, value]) => `  <key>${escape(key)}</key>${valueOf(value)}\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${lines.join('')}</dict>
</plist>
`;
};

/** Permissions and folders hang on it: it stays for ever. */
export const BUNDLE_ID = 'app.flowzone.FlowZone';

export const infoOf = (version: string): string =>
  plistOf({
    CFBundleIdentifier: BUNDLE_ID,
    CFBundleName: 'FlowZone',
    CFBundleExecutable: 'FlowZone',
    CFBundlePackageType: 'APPL',
    CFBundleInfoDictionaryVersion: '6.0',
    CFBundleShortVersionString: version,
    CFBundleVersion: version,
    LSMinimumSystemVersion: '15.0',
    // Without windows: in the Dock it would be slowed down after half a minute.
    LSUIElement: true,
    NSMicrophoneUsageDescription:
      'FlowZone always listens, so that what you have just played can become a loop.',
    NSLocalNetworkUsageDescription: 'Phones and tablets of your network can play along.',
    NSBonjourServices: ['_http._tcp'],
  });

const LISTEN = { 'com.apple.security.device.audio-input': true } as const;
const FOREIGN_CODE = { 'com.apple.security.cs.disable-library-validation': true } as const;
const MADE_CODE = {
  'com.apple.security.cs.allow-jit': true,
  'com.apple.security.cs.allow-unsigned-executable-memory': true,
} as const;

export type Program = 'launcher' | 'bun' | 'host' | 'library';

/** Null = none: a library has those of the program that loads it. */
export const entitlementsOf = (program: Program): string | null => {
  switch (program) {
    case 'launcher':
      return plistOf(LISTEN);
    case 'bun':
      // Homebrew's Rubber Band and libsndfile are somebody else's whoever signs; ad hoc, the engine is too.
      return plistOf({ ...MADE_CODE, ...LISTEN, ...FOREIGN_CODE });
    case 'host':
      return plistOf({ ...MADE_CODE, ...FOREIGN_CODE });
    default:
      return null;
  }
};
