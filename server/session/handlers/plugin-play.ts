/** BYPASS_PLUGIN, SET_PARAM, NOTE, WATCH_PARAMS, RETRY_PLUGIN: no steps of the history. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { wordsOfId } from '../core/ids.ts';
import { done, type Handler, refuse, steps } from '../commands/plan.ts';
import { withInstance, withLoaded } from './plugin-doors.ts';

export const bypassPlugin: Handler<'BYPASS_PLUGIN'> = {
  inLane: false,
  plan: ({ bypassed, instanceId: id }, context) =>
    withInstance(context, id, () => {
      // One that is not loaded yet is told when it is.
      const isLoaded = context.rack.isLoaded(id);
      const code = isLoaded ? context.corePlugins.bypassPlugin(wordsOfId(id), bypassed) : 0;
      if (code !== 0) return refuse(code);
      return steps({
        record: { kind: COMMAND_KIND.mark },
        applied() {
          context.rack.setBypassed(id, bypassed);
          context.log.behind({ kind: 'pluginBypass', instanceId: id, bypassed });
        },
      });
    }),
};

export const setParam: Handler<'SET_PARAM'> = {
  inLane: false,
  plan: ({ instanceId: id, paramId, val }, context) =>
    withLoaded(context, id, () =>
      steps({
        record: { kind: COMMAND_KIND.pluginParam, a: paramId, b: val, id: wordsOfId(id) },
        applied() {
          context.rack.touch(id, paramId, val);
          context.params.onMoved(id, paramId, val);
        },
      }),
    ),
};

export const playNote: Handler<'NOTE'> = {
  inLane: false,
  plan: ({ instanceId: id, note, on, velocity }, context, clientId) =>
    withLoaded(context, id, ({ isInstrument }) => {
      if (!isInstrument) return refuse(ERRORS.ERR_NOT_AN_INSTRUMENT.code);
      return steps(context.keys.play(clientId, { instanceId: id, note }, velocity, on));
    }),
};

export const watchParams: Handler<'WATCH_PARAMS'> = {
  inLane: false,
  plan({ instanceId: id }, context, clientId) {
    if (id !== null && !context.state.plugins[id]) {
      return refuse(ERRORS.ERR_NO_SUCH_INSTANCE.code);
    }
    context.params.watch(clientId, id);
    return done;
  },
};

export const retryPlugin: Handler<'RETRY_PLUGIN'> = {
  inLane: false,
  plan: ({ instanceId: id }, context) =>
    withInstance(context, id, () => {
      const code = context.rack.retry(id);
      return code === 0 ? done : refuse(code);
    }),
};
