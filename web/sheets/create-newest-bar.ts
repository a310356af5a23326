/** The newest bar that is over, counted from 0; −1 while the first one sounds. */
import { type Accessor, createSignal, onCleanup } from 'solid-js';
import type { Session } from '../sync/create-session.ts';

export const createNewestBar = ({ features, painter }: Session): Accessor<number> => {
  const now = () => features.frame.barIndex - 1;
  const [newest, setNewest] = createSignal(now());
  onCleanup(painter.add(() => setNewest(now())));
  return newest;
};
