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

const pair = (product: Product, host: string, token: string): Promise<Response> =>
  product.get('/api/pair', {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { host },
  });

/** Whether a device that shows this is let in: by a cookie of its own. */
export const pairs = async (product: Product, host: string, token: string): Promise<boolean> => {
  const answer = await pair(product, host, token);
  return answer.ok || answer.headers.has('set-cookie');
};

export const pairDevice = async (product: Product, host: string): Promise<PairedDevice> => {
  const { result } = await command(product, { cmd: 'PAIR_START' });
  const answer = await pair(product, host, result.token);
  const { clientId } = (await answer.json()) as Json;
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { clientId, cookie, token: result.token };
};

export const forgetDevice = (product: Product, { clientId }: PairedDevice): Promise<Json> =>
  command(product, { cmd: 'FORGET_CLIENT', clientId });
