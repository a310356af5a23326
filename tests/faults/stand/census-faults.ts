/** Whether the spool holds what was played, but for gaps to the frame; asked after the end. */
import type { Stand } from './stand.ts';

type Census = ReturnType<Stand['census']>;

export const censusFaults = ({ declared, missing, wrong }: Census): string[] => [
  ...(missing === declared ? [] : [`${missing} frames are missing, ${declared} declared`]),
  ...(wrong === 0 ? [] : [`${wrong} frames in the spool are not what was played`]),
];

/** The control of the above, and the last that is done to the folder: one frame is made silent. */
export const missedFault = (stand: Stand, { missing }: Census): string[] => {
  stand.silenceFrame();
  return stand.census().missing === missing + 1 ? [] : ['the judge missed a silent frame'];
};
