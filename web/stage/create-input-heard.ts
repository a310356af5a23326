/** Whether the input has given any sound since this was shown, and whether it has stayed flat for long. */
import { createSignal, onCleanup, onMount } from 'solid-js';
import { gainToDb } from '../music/level.ts';
import { usePage } from '../use-session.ts';

const HEARD_DB = -50;
const FLAT_MS = 5000;

export type InputSays = 'wait' | 'heard' | 'flat';

export const createInputHeard = () => {
  const { session } = usePage();
  const [says, setSays] = createSignal<InputSays>('wait');
  onMount(() => {
    let flatMs = 0;
    const remove = session.painter.add((_, dtMs) => {
      const { levels } = session.features.frame;
      const db = gainToDb(Math.max(levels[0] ?? 0, levels[2] ?? 0));
      if (db > HEARD_DB) {
        setSays('heard');
        return remove();
      }
      flatMs += session.isLive() ? dtMs : 0;
      if (flatMs > FLAT_MS) setSays('flat');
    });
    onCleanup(remove);
  });
  return says;
};
