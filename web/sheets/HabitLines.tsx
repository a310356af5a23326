/** What is set once, for how this device is played. */
export { MuteLine } from './MuteLine.tsx';
export { ScreenLine } from './ScreenLine.tsx';
export { StandbyLine } from './StandbyLine.tsx';
