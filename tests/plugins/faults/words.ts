/** What the product says of a plug-in, as its clients hear it. */
import type { PluginStatus } from '../../../protocol/state.ts';
import type { Client, Json } from '../../judge/client.ts';
import type { Outcome } from './modes.ts';

export interface Words {
  /** In their order, each once where it was told twice. */
  readonly statuses: PluginStatus[];
  /** Of all notices. */
  readonly codes: number[];
}

const statusIn = ({ path, value }: Json, id: string): PluginStatus | undefined => {
  if (path === `/plugins/${id}/status`) return value;
  if (path === `/plugins/${id}`) return value?.status;
  if (path === '/plugins') return value?.[id]?.status;
  return undefined;
};

/** Since message number `from` of the client. */
export const wordsOf = ({ messages }: Client, id: string, from: number): Words => {
  const statuses: PluginStatus[] = [];
  const codes: number[] = [];
  for (const message of messages.slice(from)) {
    if (message.type === 'NOTICE') codes.push(message.code);
    if (message.type !== 'STATE_PATCH') continue;
    for (const op of message.ops as Json[]) {
      const status = statusIn(op, id);
      if (status !== undefined && status !== statuses.at(-1)) statuses.push(status);
    }
  }
  return { statuses, codes };
};

/** What has become of it now. */
export const outcomeOf = (state: Json, id: string): Outcome | 'restarting' | 'loading' => {
  const one = state.plugins[id];
  if (!one) return 'refused';
  if (one.status !== 'on') return one.status;
  const host = state.hosts[one.hostId];
  if (host?.isQuarantine) return 'quarantined';
  return one.retries > 0 ? 'restarted' : 'on';
};
