/** Letting devices in: what is offered now, who is in, and how one is forgotten. */
import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { PairedDevice, PairList, PairResult } from '../../protocol/messages.ts';
import { usePage } from '../use-session.ts';
import { createAsk } from './create-ask.ts';
import { refusalText } from './refusal-text.ts';

const load = async (): Promise<PairList | undefined> => {
  try {
    const answer = await fetch('api/pair');
    return answer.ok ? ((await answer.json()) as PairList) : undefined;
  } catch {
    // The line is down: what was shown stays.
    return undefined;
  }
};

export const createPairing = () => {
  const { session } = usePage();
  const [offer, setOffer] = createSignal<PairResult>();
  const [whyNone, setWhyNone] = createSignal('');
  const [devices, setDevices] = createSignal<readonly PairedDevice[]>([]);
  const [joined, setJoined] = createSignal('');
  const forgetting = createAsk();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known: ReadonlySet<string> | undefined;

  const start = async () => {
    clearTimeout(timer);
    try {
      const { result } = await session.ask({ cmd: 'PAIR_START' });
      const made = result as PairResult;
      setOffer(made);
      setWhyNone('');
      timer = setTimeout(() => void start(), made.expiresInMs);
    } catch (error) {
      setOffer(undefined);
      setWhyNone(refusalText(error));
    }
  };

  /** Who has come used up the offer: the next device gets another one. */
  const read = async () => {
    const list = await load();
    if (!list) return;
    const before = known;
    known = new Set(list.devices.map(({ clientId }) => clientId));
    setDevices(list.devices);
    const come = before && list.devices.find(({ clientId }) => !before.has(clientId));
    if (!come) return;
    setJoined(come.name);
    await start();
  };

  // An offer does not outlive the gateway; a device that comes or goes is among the clients.
  createEffect(on(session.isLive, (isLive) => isLive && void start()));
  createEffect(
    on(
      () => Object.keys(session.state.clients).join(' '),
      () => void read(),
    ),
  );
  onCleanup(() => clearTimeout(timer));

  return {
    offer,
    /** Why nothing is offered; '' when something is, or is on its way. */
    whyNone,
    devices,
    /** Who has come since the sheet was opened. */
    joined,
    canForget: () => session.isLive() && !forgetting.isWaiting(),
    whyKept: forgetting.why,
    async forget({ clientId }: PairedDevice) {
      await forgetting.ask({ cmd: 'FORGET_CLIENT', clientId });
      await read();
    },
  };
};

export type Pairing = ReturnType<typeof createPairing>;
