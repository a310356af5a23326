/** A gateway that phones may reach, and phones: they ask under its name on the network. */
import { afterAll, expect } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PairList, PairResult } from '../../../../protocol/messages.ts';
import type { GatewayOptions } from '../../../../server/gateway/gateway.ts';
import type { Player } from './player.ts';
import { type Stage, useStages } from './stage.ts';

export const LAN_ADDRESS = '127.0.0.2';
export const LAN_NAME = 'room.local';

export interface Phone {
  readonly clientId: string;
  readonly name: string;
  readonly cookie: string;
  readonly headers: Record<string, string>;
}

export interface LanStage extends Stage {
  /** Of this gateway alone, unless a test gives another one. */
  readonly dataFolder: string;
  /** The name a phone asks for. */
  readonly host: string;
  offer(): Promise<PairResult>;
  list(): Promise<PairList>;
  forget(clientId: string): Promise<Response>;
  /** As a phone: without a cookie unless headers say so. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  pair(body: object | string, headers?: Record<string, string>): Promise<Response>;
  phone(): Promise<Phone>;
  pageOf(phone: Phone, hello?: object | null): Player;
}

const command = (body: object): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
});

export const codeIn = async (response: Response): Promise<number> =>
  ((await response.json()) as { code: number }).code;

export const useLanStages = () => {
  const setStage = useStages();
  const folder = mkdtempSync(join(tmpdir(), 'fz-lan-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (options: Partial<GatewayOptions> = {}): LanStage => {
    const dataFolder = options.dataFolder ?? mkdtempSync(join(folder, 'data-'));
    const stage = setStage({
      dataFolder,
      host: '0.0.0.0',
      lan: { addresses: () => [LAN_ADDRESS], name: LAN_NAME },
      ...options,
    });
    const host = `${LAN_NAME}:${stage.gateway.port}`;
    const ask = (path: string, init: RequestInit = {}) =>
      stage.fetch(path, { ...init, headers: { host, ...(init.headers as object) } });
    const pair = (body: object | string, headers: Record<string, string> = {}) =>
      ask('/api/pair', {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'user-agent': 'iPhone', ...headers },
      });
    const offer = async () => {
      const answer = await stage.fetch('/api/commands', command({ cmd: 'PAIR_START' }));
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { result: PairResult }).result;
    };
    return {
      ...stage,
      dataFolder,
      host,
      ask,
      pair,
      offer,
      list: async () => (await (await stage.fetch('/api/pair')).json()) as PairList,
      forget: (clientId) =>
        stage.fetch('/api/commands', command({ cmd: 'FORGET_CLIENT', clientId })),
      async phone() {
        const { token } = await offer();
        const answer = await pair({ token });
        expect(answer.status).toBe(200);
        const { clientId, name } = (await answer.json()) as { clientId: string; name: string };
        const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
        return { clientId, name, cookie, headers: { host, cookie } };
      },
      pageOf: (phone, hello = {}) =>
        stage.player({ hello, headers: { ...phone.headers, origin: `http://${host}` } }),
    };
  };
};
