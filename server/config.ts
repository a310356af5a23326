/**
 * What the launcher tells its children, as one JSON object in the variable FLOWZONE_CONFIG.
 *
 * All paths are absolute. The launcher has checked every value; a child only reads.
 */

export type DeviceName = 'auto' | 'coreaudio' | 'jack' | 'headless';

export interface FlowZoneConfig {
  /** Of package.json. */
  readonly version: string;
  /** Where this computer finds FlowZone. */
  readonly host: '127.0.0.1';
  /** Phones and tablets of the network may be paired: the gateway listens on all addresses. */
  readonly lan: boolean;
  /** 0 = any free one; the gateway reports the real one. */
  readonly port: number;
  readonly dataFolder: string;
  /** On another disk: the recording goes on there when the data folder takes nothing. */
  readonly secondFolder: string | null;
  readonly runFolder: string;
  /** Unix socket on which the gateway listens for the engine process. */
  readonly linkPath: string;
  /** The built page: what Vite wrote, `index.html` in it. */
  readonly webFolder: string;
  /** Where plug-ins are looked for; the first one counts most. */
  readonly pluginFolders: readonly string[];
  readonly device: DeviceName;
  /** Name or UID of a CoreAudio device; null = the system's default. */
  readonly inputDevice: string | null;
  readonly outputDevice: string | null;
  readonly rateHz: number;
  readonly blockFrames: number;
  readonly slotCount: number;
  /** Null = as the session says, or the default for a new one. */
  readonly bpm: number | null;
  readonly inputPath: string | null;
  readonly outputPath: string | null;
  /** Receives a folder for each run, with all that `bun run replay` needs. */
  readonly logFolder: string | null;
  /** POSIX shared-memory name of the capture ring; follows from the data folder. */
  readonly ringName: string;
  /** 0 = the size of `limits.ts`. */
  readonly ringSecondsMax: number;
  /** 0 = the size of `limits.ts`. */
  readonly overflowBlocksMax: number;
  readonly sessionName: string;
  readonly dev: boolean;
  /** Not the first engine of this launcher: it comes back, with whatever device there is. */
  readonly isRestart: boolean;
  /** Null in normal operation. */
  readonly safe: SafeMode | null;
  /** Commands per client and second; off for tests that send more. */
  readonly rateLimit: boolean;
}

export interface SafeMode {
  /** 1 = without plug-ins, 2 = also with any device and no loop loaded by itself. */
  readonly step: number;
  readonly reason: string;
  /** What the engine was about when it died, in the player's words. */
  readonly suspects: readonly string[];
  /** Wall clock, Unix ms. */
  readonly sinceMs: number;
}

export const CONFIG_VARIABLE = 'FLOWZONE_CONFIG';

/** Throws with one sentence when the variable is missing: a child is not started by hand. */
export const readConfig = (
  env: Readonly<Record<string, string | undefined>> = process.env,
): FlowZoneConfig => {
  const json = env[CONFIG_VARIABLE];
  if (json === undefined) {
    throw new Error(`${CONFIG_VARIABLE} is not set: this process is started by server/main.ts`);
  }
  return JSON.parse(json) as FlowZoneConfig;
};
