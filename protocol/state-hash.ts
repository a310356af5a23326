/**
 * stateHash: SHA-256 of canonical JSON (RFC 8785) of what two clients must agree on.
 *
 * Left out: `meta.serverTime`, `transport.barPhase`, `system`, `storage`, `pluginList`, `hosts`,
 * `clients` and the progress of jobs, because they move without a change of the session.
 */
import { createHash } from 'node:crypto';
import type { AppState } from './state.ts';

/** Canonical JSON: keys sorted by UTF-16 units, no white space; undefined members are left out. */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
};

const withoutProgress = (jobs: AppState['jobs']) =>
  Object.fromEntries(
    Object.entries(jobs).map(([id, job]) => [id, { ...job, progress: undefined }]),
  );

export const stateHash = (state: AppState): string => {
  const {
    system: _system,
    storage: _storage,
    pluginList: _pluginList,
    hosts: _hosts,
    clients: _clients,
    jobs,
    meta,
    transport,
    ...rest
  } = state;
  const compared = {
    ...rest,
    jobs: withoutProgress(jobs),
    meta: { ...meta, serverTime: undefined },
    transport: { ...transport, barPhase: undefined },
  };
  return createHash('sha256').update(canonicalJson(compared)).digest('hex');
};
