/** While nothing was ever captured: is it heard, does it hear, may a phone come in. Each can wait. */
import { type JSX, Match, Show, Switch } from 'solid-js';
import { later } from '../later.tsx';
import { isThisComputer } from '../sync/page-life.ts';
import { usePage } from '../use-session.ts';
import { createInputHeard } from './create-input-heard.ts';
import { Icon } from './Icon.tsx';
import s from './FirstSteps.module.css';

const Step = (props: {
  number: number;
  title: string;
  isDone: boolean;
  says: string;
  children: JSX.Element;
}) => (
  <li class={s['step']} data-step={props.number} data-done={props.isDone}>
    <span class={s['number']} aria-hidden="true">
      <Show when={props.isDone} fallback={props.number}>
        <Icon name="check" size={15} />
      </Show>
    </span>
    <div>
      <p class={s['title']}>
        <b>{props.title}</b>
        <span>{props.says}</span>
      </p>
      {props.children}
    </div>
  </li>
);

const ListenLine = later(() => import('../listen/ListenLine.tsx'), 'ListenLine');

/** Without a device nothing sounds in the room. */
const ListenStep = () => {
  const { session } = usePage();
  const isOn = () => session.ear() !== undefined;
  return (
    <Step number={1} title="You hear this" isDone={isOn()} says={isOn() ? 'On this page' : ''}>
      <p class={s['about']}>No sound card is in use: let this page sound.</p>
      <ListenLine />
    </Step>
  );
};

const HearStep = () => {
  const { session } = usePage();
  const device = () => session.state.devices.name || session.state.devices.kind;
  const isOn = () => session.state.transport.metronome.on;
  return (
    <Step number={1} title="You hear this" isDone={isOn()} says={isOn() ? 'Clicking' : ''}>
      <p class={s['about']}>{device()}</p>
      <button
        type="button"
        class="control"
        aria-pressed={isOn()}
        disabled={!session.isLive()}
        onClick={session.toggleMetronome}
      >
        <Icon name="metronome" />
        {isOn() ? 'Stop the clicks' : 'Play clicks'}
      </button>
    </Step>
  );
};

const HeardStep = () => {
  const { session } = usePage();
  const says = createInputHeard();
  const isDemo = () => session.state.devices.kind === 'headless';
  const words = () => (says() === 'heard' ? 'Works' : 'Make a sound');
  return (
    <Step number={2} title="FlowZone hears you" isDone={says() === 'heard'} says={words()}>
      <p class={s['about']}>{session.state.sources[0]?.name ?? 'No input'}</p>
      <Switch>
        <Match when={isDemo()}>
          <p class={s['help']}>
            A demo player performs, so you can begin at once. For your own sound start FlowZone with{' '}
            <code>--device auto</code>.
          </p>
        </Match>
        <Match when={says() === 'flat'}>
          <p class={s['help']} role="status">
            It stays flat. Allow the microphone for the app that started FlowZone, in the system’s
            privacy settings. No instrument? <code>--device headless</code> brings a demo player.
          </p>
        </Match>
      </Switch>
    </Step>
  );
};

/** Of another page on this computer. */
const LOOPBACK = /^(?:::1$|(?:::ffff:)?127\.)/;

const PhoneStep = () => {
  const { open, session } = usePage();
  const isIn = () =>
    Object.values(session.state.clients).some(({ address }) => !LOOPBACK.test(address));
  return (
    <Step number={3} title="Add a phone" isDone={isIn()} says={isIn() ? 'Connected' : 'Optional'}>
      <button type="button" class="control" onClick={() => open('pair')}>
        <Icon name="wifi" />
        Phones and tablets
      </button>
    </Step>
  );
};

export const FirstSteps = () => {
  const { session } = usePage();
  const isNew = () =>
    session.isReady() &&
    session.state.history.count <= 1 &&
    session.state.slots.every((slot) => slot.state === 'EMPTY');
  return (
    <Show when={isNew()}>
      <section class={s['card']} aria-label="First steps">
        <h3>Play first, decide after</h3>
        <p class={s['about']}>FlowZone is already listening. Every capture lands here.</p>
        <ol class={s['steps']}>
          <Show when={session.state.devices.kind === 'headless'} fallback={<HearStep />}>
            <ListenStep />
          </Show>
          <HeardStep />
          <Show when={isThisComputer()}>
            <PhoneStep />
          </Show>
        </ol>
        <p class={s['last']}>Then press any zone of the strip: what you just played is a loop.</p>
      </section>
    </Show>
  );
};
