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

/** In the order in which they are tried. `auto`: what the system plays through, otherwise headless. */
export const deviceChoices = (
  config: FlowZoneConfig,
  platform: NodeJS.Platform = process.platform,
): DeviceChoice[] => {
  if (config.device === 'headless') return [headless(config)];
  if (config.device !== 'auto') return [real(config.device)];
  // Files are played and written by the headless device alone.
  if (config.inputPath !== null || config.outputPath !== null) return [headless(config)];
  return [real(platform === 'darwin' ? 'coreaudio' : 'jack'), headless(config)];
};
