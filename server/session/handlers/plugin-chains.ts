/** LOAD_VST, UNLOAD_PLUGIN, MOVE_PLUGIN: what a sound goes through; each is one step of the history. */
import type { CommandOf } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { PluginRow } from '../../../protocol/link.ts';
import type { LoadResult } from '../../../protocol/messages.ts';
import type { Place } from '../../../protocol/state.ts';
import { chainAt, type MadeChain } from '../chains/chain-keeper.ts';
import type { StoredPlugin } from '../chains/stored-plugin.ts';
import type { SessionContext } from '../context.ts';
import { done, type Handler, type Outcome, refuse, steps } from '../commands/plan.ts';
import { type Chain, LABELS } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { withInstance, withPlace, withShown } from './plugin-doors.ts';

const { code: FULL } = ERRORS.ERR_CHAIN_FULL;
const { code: NOT_LOADED } = ERRORS.ERR_NO_SUCH_INSTANCE;

/** At that place, or at its end. */
const withAt = (chain: Chain, id: string, index = chain.length): Chain => [
  ...chain.slice(0, index),
  id,
  ...chain.slice(index),
];

const without = (chain: Chain, id: string): Chain => chain.filter((each) => each !== id);

/** Also those that are on their way into it. */
const countAt = ({ state }: SessionContext, place: Place): number => {
  const chain = chainAt(state, place);
  const coming = Object.entries(state.plugins).filter(
    ([id, { where }]) => where === place && !chain.includes(id),
  );
  return chain.length + coming.length;
};

const slotOf = (place: Place) => (place === 'input' ? {} : { slot: place });

const newPlugin = (context: SessionContext, row: PluginRow): StoredPlugin => ({
  id: context.newId(),
  pluginId: row.pluginId,
  name: row.name,
  vendor: row.vendor,
  group: row.group,
  bundle: row.bundle,
  isInstrument: row.kind === 'instrument',
  bypassed: false,
  state: null,
  earlierState: null,
});

/** Why one of these cannot be, or all of them. */
const setChains = (made: readonly MadeChain[], finish: () => unknown): Outcome => {
  const failed = made.find(({ code }) => code !== 0);
  if (!failed) return { ...steps(...made.map(({ step }) => step)), finish };
  const isFull = failed.code === ERRORS.ERR_BUSY.code;
  return refuse(isFull ? ERRORS.ERR_PLUGIN_NO_ROOM.code : failed.code);
};

/** It has been loaded: the chain gets it when no other command is about to change it. */
const intoChain = (
  context: SessionContext,
  plugin: StoredPlugin,
  place: Place,
  index: number | undefined,
): Outcome => {
  const { id } = plugin;
  if (context.rack.where(id) !== place) return refuse(NOT_LOADED);
  const chain = withAt(chainAt(context.state, place), id, index);
  if (chain.length > LIMITS.chainPluginsMax) return refuse(FULL);
  return setChains([context.chains.make(place, chain)], (): LoadResult => {
    const { sessionId } = context.state.meta;
    context.log.add({ kind: 'plugin', sessionId, plugin: context.rack.stored(id) ?? plugin });
    const label = LABELS.load(plugin.name, place);
    commitRiff(context, { cause: 'PLUGIN_LOAD', label, ...slotOf(place) });
    return { instanceId: id };
  });
};

/** What did not get into its chain is taken apart. */
const orGone = (context: SessionContext, id: string, outcome: Outcome): Outcome => {
  if (outcome.kind === 'refuse') context.rack.release(id);
  if (outcome.kind !== 'steps') return outcome;
  const release = () => context.rack.release(id);
  return { ...outcome, refused: release, torn: release };
};

type Load = CommandOf<'LOAD_VST'>;

/** Loads what a child has lived through. */
const load = (context: SessionContext, { index, slot: place }: Load, row: PluginRow): Outcome => {
  if (countAt(context, place) >= LIMITS.chainPluginsMax) return refuse(FULL);
  const plugin = newPlugin(context, row);
  const { id } = plugin;
  const { sessionId } = context.state.meta;
  context.rack.add(plugin);
  context.rack.place(id, place);
  const code = context.rack.load(id);
  if (code !== 0) return orGone(context, id, refuse(code));
  const next = (): Outcome => {
    const isOther = context.state.meta.sessionId !== sessionId;
    const outcome = isOther ? refuse(NOT_LOADED) : intoChain(context, plugin, place, index);
    return orGone(context, id, outcome);
  };
  const loaded = context.rack.whenLoaded(id);
  return {
    kind: 'later',
    outcome: loaded.then(
      (failure): Outcome =>
        failure === 0 ? { kind: 'turn', next } : orGone(context, id, refuse(failure)),
    ),
  };
};

export const loadVst: Handler<'LOAD_VST'> = {
  // It may take half a minute, and nothing waits for that.
  inLane: false,
  plan: (command, context) =>
    withPlace(context, command.slot, () => {
      const row = context.plugins.find(command.pluginId);
      if (row?.isConfirmed) return load(context, command, row);
      return {
        kind: 'later',
        outcome: context.plugins
          .whenConfirmed(command.pluginId)
          .then((sure) => (typeof sure === 'number' ? refuse(sure) : load(context, command, sure))),
      };
    }),
};

/** Of one that Safe Mode names, too: it is not there when plug-ins are loaded again. */
export const unloadPlugin: Handler<'UNLOAD_PLUGIN'> = {
  inLane: true,
  plan: ({ instanceId: id }, context) =>
    withShown(context, id, ({ name, where }) => {
      const chain = chainAt(context.state, where);
      if (!chain.includes(id)) {
        // It is still being loaded: whoever asked for that is told.
        context.rack.release(id);
        return done;
      }
      return setChains([context.chains.make(where, without(chain, id))], () => {
        const label = LABELS.unload(name, where);
        commitRiff(context, { cause: 'PLUGIN_UNLOAD', label, ...slotOf(where) });
      });
    }),
};

export const movePlugin: Handler<'MOVE_PLUGIN'> = {
  inLane: true,
  plan: ({ index, instanceId: id, slot: to }, context) =>
    withInstance(context, id, ({ name, where: from }) =>
      withPlace(context, to, () => {
        const left = chainAt(context.state, from);
        if (!left.includes(id)) return refuse(NOT_LOADED);
        const isWithin = from === to;
        if (!isWithin && countAt(context, to) >= LIMITS.chainPluginsMax) return refuse(FULL);
        if (isWithin && left.indexOf(id) === Math.min(index, left.length - 1)) return done;
        const others = isWithin ? without(left, id) : chainAt(context.state, to);
        const made = [
          ...(isWithin ? [] : [context.chains.make(from, without(left, id))]),
          context.chains.make(to, withAt(others, id, index)),
        ];
        return setChains(made, () => {
          const label = LABELS.move(name, from, to);
          commitRiff(context, { cause: 'PLUGIN_MOVE', label, ...slotOf(to) });
        });
      }),
    ),
};
