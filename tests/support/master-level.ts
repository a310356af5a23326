/** How loud the master is, as the feature frames tell it. */
import type { Client } from '../judge/client.ts';
import { until } from '../judge/product.ts';

/** Word of a feature frame: left rms of the master. */
const MASTER_RMS = 21;

/** The mean of twelve frames that come from now on. */
export const masterRms = async ({ frames }: Client): Promise<number> => {
  const from = frames.at(-1);
  const fresh = () => frames.slice(frames.indexOf(from ?? new ArrayBuffer(0)) + 1);
  await until('frames', () => fresh().length > 18);
  const heard = fresh()
    .slice(6)
    .map((frame) => new DataView(frame).getFloat32(4 * MASTER_RMS, true));
  return heard.reduce((sum, rms) => sum + rms, 0) / heard.length;
};

export const isAbout = (value: number, wanted: number) => Math.abs(value / wanted - 1) < 0.15;
