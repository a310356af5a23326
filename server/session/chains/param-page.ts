/** A plug-in's parameters, as a client asks for them: some at a time, for there may be thousands. */
import { LIMITS } from '../../../protocol/limits.ts';
import type { LinkQuery, LinkQueryResult, ParamRow } from '../../../protocol/link.ts';
import type { SessionContext } from '../context.ts';
import type { CoreParam } from '../core/plugins.ts';
import { wordsOfId } from '../core/ids.ts';

/** Bits of a parameter's flags, as the VST3 interface has them. */
const FLAGS = { readOnly: 1 << 1, hidden: 1 << 4, bypass: 1 << 16 } as const;

const rowOf = ({ flags, param, ...row }: CoreParam): ParamRow => ({
  paramId: param,
  title: row.title,
  units: row.units,
  text: row.text,
  value: row.value,
  defaultValue: row.defaultValue,
  stepCount: row.stepCount,
  canSet: (flags & FLAGS.readOnly) === 0,
  isBypass: (flags & FLAGS.bypass) !== 0,
  isHidden: (flags & FLAGS.hidden) !== 0,
});

/** Asking has a plug-in tell its values anew; so long a page waits for them. */
const FRESH_MS = 50;

type Query = Extract<LinkQuery, { kind: 'params' }>;
type Answer = Extract<LinkQueryResult, { kind: 'params' }>;

/** Null when there is no such plug-in, or it is not loaded. */
const paramsOf = (
  { from, instanceId }: Query,
  { corePlugins, rack }: SessionContext,
): Answer['params'] => {
  if (!rack.isLoaded(instanceId)) return null;
  const found = corePlugins.pluginParams(wordsOfId(instanceId), from, LIMITS.pluginParamPage);
  if (!found) return null;
  const isLast = found.length < LIMITS.pluginParamPage;
  return { items: found.map(rowOf), next: isLast ? null : from + found.length };
};

/** Tells the first, and any that are wanted fresh, as they are now: also what the plug-in moved by itself. */
export const askParams = (
  query: Query,
  context: SessionContext,
  tell: (answer: Answer) => void,
): void => {
  const answer = () => tell({ kind: 'params', params: paramsOf(query, context) });
  const { corePlugins, later, rack } = context;
  const isFresh = query.isFresh || query.from === 0;
  if (!isFresh || !rack.isLoaded(query.instanceId)) {
    answer();
    return;
  }
  corePlugins.pluginParams(wordsOfId(query.instanceId), 0, 1);
  later(FRESH_MS, answer);
};
