/** Questions to FlowZone over HTTP: one answer each, nothing is kept open. */
import type { MetricsHistory } from '../../protocol/messages.ts';
import type { AppState, RiffRow } from '../../protocol/state.ts';
import { NothingRunsError, RefusedError } from './errors.ts';

export interface HealthAnswer {
  readonly mode: string;
  readonly device: string;
  readonly xruns: number;
  readonly load: number;
  readonly isWell: boolean;
  readonly problems: readonly { readonly code: number; readonly msg: string }[];
}

export interface StateAnswer {
  readonly epoch: string;
  readonly revId: number;
  readonly stateHash: string;
  readonly data: AppState;
}

export interface RestAnswers {
  '/api/health': HealthAnswer;
  '/api/state': StateAnswer;
  '/api/metrics/history': Omit<MetricsHistory, 'type'>;
  '/api/riffs': { readonly items: readonly RiffRow[]; readonly next: string | null };
}

const isRefusal = (value: unknown): value is { code: number; msg: string } =>
  typeof value === 'object' && value !== null && 'code' in value && 'msg' in value;

/** The response, whatever it says. Throws NothingRunsError. */
export const ask = async (url: string, path: string, init?: RequestInit): Promise<Response> => {
  try {
    return await fetch(new URL(path, url), init);
  } catch {
    throw new NothingRunsError(url);
  }
};

/** The response when it is one of success. Throws RefusedError, NothingRunsError. */
export const get = async (url: string, path: string, init?: RequestInit): Promise<Response> => {
  const response = await ask(url, path, init);
  if (response.ok) return response;
  const said: unknown = await response.json().catch(() => null);
  if (isRefusal(said)) throw new RefusedError(said.code, said.msg);
  throw new RefusedError(response.status, `${url} answers with HTTP ${response.status}.`);
};

export const getJson = async <Path extends keyof RestAnswers>(
  url: string,
  path: Path,
): Promise<RestAnswers[Path]> => (await (await get(url, path)).json()) as RestAnswers[Path];

/** What is wrong is part of the answer. Throws NothingRunsError. */
export const getHealth = async (url: string): Promise<HealthAnswer> =>
  (await (await ask(url, '/api/health')).json()) as HealthAnswer;
