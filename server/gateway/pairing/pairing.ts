/** Pairing as the rest of the gateway sees it: offer, let in, list, forget. */
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { CLOSE, type PairList, type PairResult } from '../../../protocol/messages.ts';
import { type LanPlace, lanUrls } from '../../lan.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Client } from '../client.ts';
import type { Clients } from '../clients.ts';
import { errorText } from '../messages.ts';
import type { Devices, NewDevice } from './devices.ts';
import { PairOffer, type Shown } from './offer.ts';

export interface PairingParts {
  readonly clients: Clients;
  readonly devices: Devices;
  /** Null without `--lan`. */
  readonly lan: LanPlace | null;
  readonly log: Log;
  now(): number;
  port(): number;
}

/** A code of `errors.ts` instead of what was asked for. */
export interface Refused {
  readonly code: number;
}

export class Pairing {
  readonly #parts: PairingParts;
  readonly #offer: PairOffer;

  constructor(parts: PairingParts) {
    this.#parts = parts;
    this.#offer = new PairOffer(parts.now);
  }

  start(): PairResult | Refused {
    const { devices, lan, port } = this.#parts;
    if (lan === null) return { code: ERRORS.ERR_LAN_OFF.code };
    if (devices.isFull) return { code: ERRORS.ERR_PAIRED_FULL.code };
    return { addresses: lanUrls(lan, port()), ...this.#offer.start() };
  }

  /** One device for what it shows; the offer is used up by that, also when storing fails. */
  async enter(shown: Shown, name: string): Promise<NewDevice | Refused> {
    const { devices, lan, log } = this.#parts;
    if (lan === null) return { code: ERRORS.ERR_LAN_OFF.code };
    if (devices.isFull) return { code: ERRORS.ERR_PAIRED_FULL.code };
    const code = this.#offer.take(shown);
    if (code !== null) {
      log('warn', 'pairing refused', { code });
      return { code };
    }
    try {
      const device = await devices.add(name);
      log('info', 'device paired', { clientId: device.id, name: device.name });
      return device;
    } catch (error) {
      return this.#unstored(error);
    }
  }

  /** Its pages are closed before this resolves; null = done. */
  async forget(clientId: string): Promise<Refused | null> {
    const { clients, devices, log } = this.#parts;
    const id = clients.get(clientId)?.deviceId ?? clientId;
    if (!devices.has(id)) return { code: ERRORS.ERR_NO_SUCH_DEVICE.code };
    const stored = devices.forget(id);
    for (const page of this.#pagesOf(id)) {
      page.close(CLOSE.notPaired, 'forgotten', LIMITS.forgetMs);
    }
    log('info', 'device forgotten', { clientId: id });
    try {
      await stored;
      return null;
    } catch (error) {
      return this.#unstored(error);
    }
  }

  list(): PairList {
    const { devices, lan } = this.#parts;
    return {
      lan: lan !== null,
      devices: devices.all.map(({ id, name, pairedMs }) => ({
        clientId: id,
        name,
        pairedMs,
        pages: this.#pagesOf(id).length,
      })),
    };
  }

  #pagesOf(deviceId: string): Client[] {
    return [...this.#parts.clients.all].filter((client) => client.deviceId === deviceId);
  }

  #unstored(error: unknown): Refused {
    this.#parts.log('error', 'paired devices are not on disk', { error: errorText(error) });
    return { code: ERRORS.ERR_PAIRED_UNSTORED.code };
  }
}
