/** FlowZone as a user has it, without a sound card, on a folder that goes when the test ends. */
import { makeFolder, type Product, startProduct } from '../judge/product.ts';

const BPM = 240;
export const RATE = 48_000;
/** One bar at 240 bpm. */
export const BAR_FRAMES = RATE;
export const BAR_BPM = BPM;

export interface StageOptions {
  readonly more?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const startStage = ({ env = {}, more = [] }: StageOptions = {}): Promise<Product> =>
  startProduct(['--device', 'headless', '--bpm', `${BPM}`, '--slots', '8', ...more], {
    data: makeFolder(),
    env: { FLOWZONE_RING_SECONDS: '140', ...env },
  });
