/** Which device the core is asked for, and what its source is called. */
import { CONFIG_FLAGS, DEVICE_KIND, type DeviceKindName } from '../../protocol/abi.ts';
import type { FlowZoneConfig } from '../config.ts';

export interface DeviceChoice {
  readonly kind: DeviceKindName;
  readonly deviceKind: number;
  readonly flags: number;
  readonly sourceName: string;
  readonly isMonitored: boolean;
}

/** Without an input file the headless device has the demo player, and one wants to hear it. */
const headless = (config: FlowZoneConfig): DeviceChoice => {
  const isDemo = config.inputPath === null;
  return {
    kind: 'headless',
    deviceKind: DEVICE_KIND.headless,
    flags: isDemo ? CONFIG_FLAGS.demoPlayer | CONFIG_FLAGS.monitor : 0,
    sourceName: isDemo ? 'Demo player' : 'Input file',
    isMonitored: isDemo,
  };
};

const real = (kind: 'jack' | 'coreaudio'): DeviceChoice => ({
  kind,
  deviceKind: DEVICE_KIND[kind],
  flags: 0,
  sourceName: 'Input',
  isMonitored: false,
});

/** Keeps the loops going until the device that was asked for is there again; it hears silence. */
export const standIn: DeviceChoice = {
  kind: 'headless',
  deviceKind: DEVICE_KIND.headless,
  flags: 0,
  sourceName: 'Input',
  isMonitored: false,
};

/** Step of Safe Mode from which on the device may be another one. */
const ANY_DEVICE_STEP = 2;

/**
 * What is played, then each of the device's stereo pairs where there are several. These are part of
 * what is played: all of a file, of a card the first, as others may carry what comes out of it. The
 * core begins with the same.
 */
export const sourcesOf = (
  { isMonitored, kind, sourceName }: DeviceChoice,
  count: number,
): { name: string; monitor: boolean }[] => [
  { name: sourceName, monitor: isMonitored },
  ...Array.from({ length: count - 1 }, (_, pair) => ({
    name: `${sourceName} ${2 * pair + 1}–${2 * pair + 2}`,
    monitor: pair === 0 || kind === 'headless',
  })),
];

export const isStandIn = (config: FlowZoneConfig, { kind }: DeviceChoice): boolean =>
  config.device !== 'auto' && config.device !== kind;

/** In the order in which they are tried. `auto`: what the system plays through, otherwise headless. */
export const deviceChoices = (
  config: FlowZoneConfig,
  platform: NodeJS.Platform = process.platform,
): DeviceChoice[] => {
  if (config.device === 'headless') return [headless(config)];
  if (config.device !== 'auto') {
    const mayDiffer = config.isRestart || (config.safe?.step ?? 0) >= ANY_DEVICE_STEP;
    return [real(config.device), ...(mayDiffer ? [standIn] : [])];
  }
  // Files are played and written by the headless device alone.
  if (config.inputPath !== null || config.outputPath !== null) return [headless(config)];
  return [real(platform === 'darwin' ? 'coreaudio' : 'jack'), headless(config)];
};
