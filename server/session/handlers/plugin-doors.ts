/** Doors that commands about plug-ins pass. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { Place, PluginOf } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import { type Outcome, refuse } from '../commands/plan.ts';
import { withSlot } from './slots.ts';

const inNormalMode = (context: SessionContext, then: () => Outcome): Outcome =>
  context.rack.isOff ? refuse(ERRORS.ERR_PLUGINS_OFF.code) : then();

/** Refuses a slot beyond the last. */
export const withPlace = (context: SessionContext, place: Place, then: () => Outcome): Outcome =>
  inNormalMode(context, () => (place === 'input' ? then() : withSlot(context, place, then)));

/** Also in Safe Mode, where none is loaded: calls `then` with the plug-in, or refuses as `withInstance`. */
export const withShown = (
  { state }: SessionContext,
  id: string,
  then: (plugin: PluginOf) => Outcome,
): Outcome => {
  const plugin = state.plugins[id];
  return plugin ? then(plugin) : refuse(ERRORS.ERR_NO_SUCH_INSTANCE.code);
};

/** Calls `then` with the plug-in, or refuses one that is in no chain and not on its way into one. */
export const withInstance = (
  context: SessionContext,
  id: string,
  then: (plugin: PluginOf) => Outcome,
): Outcome => inNormalMode(context, () => withShown(context, id, then));

/** One that can be played with: also while its process is started again. */
export const withLoaded = (
  context: SessionContext,
  id: string,
  then: (plugin: PluginOf) => Outcome,
): Outcome =>
  withInstance(context, id, (plugin) =>
    context.rack.isLoaded(id) ? then(plugin) : refuse(ERRORS.ERR_NO_SUCH_INSTANCE.code),
  );
