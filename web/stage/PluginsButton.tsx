/** Among the steps, where there is room: opens the list of plug-ins. */
import { usePage } from '../use-session.ts';

export const PluginsButton = () => {
  const { open, panel } = usePage();
  const isOpen = () => panel() === 'plugins';
  return (
    <button
      type="button"
      class="control"
      aria-expanded={isOpen()}
      onClick={() => open(isOpen() ? 'none' : 'plugins')}
    >
      Plug-ins
    </button>
  );
};
