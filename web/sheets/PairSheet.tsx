/** Phones and tablets: a picture to scan, a code to type, and who may come in. */
import { createSignal, For, Show } from 'solid-js';
import type { PairedDevice, PairResult } from '../../protocol/messages.ts';
import { wallMs } from '../clock.ts';
import { agoText } from '../music/ago.ts';
import { countText } from '../music/amounts.ts';
import { createPairing, type Pairing } from './create-pairing.ts';
import { QrPicture } from './QrPicture.tsx';
import { Sheet, SheetHead } from './Sheet.tsx';
import lines from './MoreSheet.module.css';

const withoutScheme = (address: string): string => address.replace('http://', '');

/** Read out in two halves, as it is typed. */
const halves = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

/** To be read from across the room. */
const CODE_STYLE = { 'font-size': '30px', 'font-weight': 600 } as const;

const Offer = (props: { offer: PairResult }) => {
  const [chosen, setChosen] = createSignal(0);
  const address = () => props.offer.addresses[chosen()] ?? props.offer.addresses[0] ?? '';
  return (
    <div class={lines['entry']}>
      <div>
        <QrPicture
          text={`${address()}/#pair=${props.offer.token}`}
          label={`Picture to scan: ${withoutScheme(address())}`}
        />
        <ol class={lines['list']} style={{ flex: '1 220px' }}>
          <li>
            <b>Scan</b> the picture with the camera of a phone on the same network.
          </li>
          <li class={lines['entry']}>
            <b>Or open</b> this address there and type the code:
            <div role="group" aria-label="Address">
              <For each={props.offer.addresses}>
                {(each, nth) => (
                  <button
                    type="button"
                    class="control"
                    aria-pressed={nth() === chosen()}
                    onClick={() => setChosen(nth())}
                  >
                    {withoutScheme(each)}
                  </button>
                )}
              </For>
            </div>
            <output style={CODE_STYLE} aria-label="Code">
              {halves(props.offer.code)}
            </output>
          </li>
        </ol>
      </div>
    </div>
  );
};

const Offered = (props: { pairing: Pairing }) => (
  <Show
    when={props.pairing.offer()}
    fallback={
      <p class={lines['missing']} role="alert">
        {props.pairing.whyNone()}
      </p>
    }
  >
    {(offer) => (
      <Show
        when={offer().addresses.length > 0}
        fallback={
          <p class={lines['missing']} role="alert">
            This computer is in no network that a phone could reach. Join a Wi-Fi and open this
            again.
          </p>
        }
      >
        <Offer offer={offer()} />
        <div class={lines['line']}>
          <span>
            <b role="status">{props.pairing.joined() && `${props.pairing.joined()} is in.`}</b>
            <small>
              For one device; the code changes after that, and every five minutes. Nothing is
              encrypted on the way: pair in a network that you trust. A guest Wi-Fi may keep devices
              apart.
            </small>
          </span>
        </div>
      </Show>
    )}
  </Show>
);

const stateText = ({ pages, pairedMs }: PairedDevice): string =>
  pages > 0
    ? `connected · ${countText(pages, 'page')}`
    : `not connected · paired ${agoText(pairedMs, wallMs())}`;

const DeviceLine = (props: { device: PairedDevice; pairing: Pairing }) => (
  <li class={lines['line']} data-device={props.device.clientId}>
    <span>
      {props.device.name}
      <small>{stateText(props.device)}</small>
    </span>
    <button
      type="button"
      class="control"
      aria-label={`Forget ${props.device.name}`}
      disabled={!props.pairing.canForget()}
      onClick={() => void props.pairing.forget(props.device)}
    >
      Forget
    </button>
  </li>
);

export const PairSheet = () => {
  const pairing = createPairing();
  return (
    <Sheet label="Phones and tablets">
      <SheetHead title="Phones and tablets" />
      <div class={lines['body']}>
        <Offered pairing={pairing} />
        <Show when={pairing.devices().length > 0}>
          <div class={lines['group']}>
            <h3>Paired</h3>
            <p class={lines['missing']} role="alert">
              {pairing.whyKept()}
            </p>
            <ul class={lines['list']} aria-label="Paired devices">
              <For each={pairing.devices()}>
                {(device) => <DeviceLine device={device} pairing={pairing} />}
              </For>
            </ul>
          </div>
        </Show>
      </div>
    </Sheet>
  );
};
