/** Devices of the network, let in by the running product as a phone is: with what its sheet shows. */
import type { Json } from '../../judge/client.ts';
import type { Product } from '../../judge/product.ts';

export interface PairedDevice {
  readonly clientId: string;
  /** As a browser sends it. */
  readonly cookie: string;
  /** What let it in; used up by that. */
  readonly token: string;
}

const command = async (product: Product, body: object): Promise<Json> => {
  const init = { method: 'POST', body: JSON.stringify(body) };
  return (await (await product.get('/api/commands', init)).json()) as Json;
};

/** `HOST:PORT` under which the network finds it; none without a network. */
export const lanHosts = async (product: Product): Promise<string[]> => {
  const { result } = await command(product, { cmd: 'PAIR_START' });
  return (result.addresses as string[]).map((address) => new URL(address).host);
};

/** Opens an offer for one device; the one before is void from then on. */
export const offeredToken = async (product: Product): Promise<string> =>
  (await command(product, { cmd: 'PAIR_START' })).result.token;

/** What the product answers to a device that shows this: its papers, or the code of the refusal. */
export const showToken = async (
  product: Product,
  host: string,
  token: string,
): Promise<PairedDevice | number> => {
  const answer = await product.get('/api/pair', {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { host },
  });
  const { clientId, code } = (await answer.json()) as Json;
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  return cookie === undefined ? (code as number) : { clientId, cookie, token };
};

export const pairDevice = async (product: Product, host: string): Promise<PairedDevice> => {
  const shown = await showToken(product, host, await offeredToken(product));
  if (typeof shown === 'number') throw new Error(`a device was refused with ${shown}`);
  return shown;
};

export const forgetDevice = (product: Product, { clientId }: PairedDevice): Promise<Json> =>
  command(product, { cmd: 'FORGET_CLIENT', clientId });
