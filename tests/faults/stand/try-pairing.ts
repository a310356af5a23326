/** One pairing, and all that must not pair: while it is offered, and when it is over. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { Product } from '../../judge/product.ts';
import { forgetDevice, offeredToken, type PairedDevice, showToken } from './paired-devices.ts';

const REFUSED = ERRORS.ERR_PAIR_REFUSED.code;

/** What a stranger may have seen of a pairing that is over. */
const spentTokens = ({ clientId, cookie, token }: PairedDevice): string[] => [
  token,
  clientId,
  cookie.split('=')[1] ?? token,
  token.slice(0, -1),
];

/** @param devices That were let in before. */
export const tryPairing = async (
  product: Product,
  host: string,
  devices: readonly PairedDevice[],
) => {
  const faults: string[] = [];
  const found = { faults, goodIn: 0, badRefused: 0 };
  const mustBeRefused = async (token: string, when: string) => {
    const shown = await showToken(product, host, token);
    if (shown === REFUSED) found.badRefused += 1;
    else faults.push(`${host}: ${token} ${when}: ${JSON.stringify(shown)}, not ${REFUSED}`);
  };
  const token = await offeredToken(product);
  for (const spent of devices.flatMap(spentTokens)) await mustBeRefused(spent, 'beside an offer');
  const shown = await showToken(product, host, token);
  if (typeof shown === 'number') faults.push(`${host}: the right token is ${shown}`);
  else {
    found.goodIn += 1;
    await mustBeRefused(token, 'a second time');
    await forgetDevice(product, shown);
  }
  return found;
};
