/** The ways from here to what has a sheet of its own. */
import { Show } from 'solid-js';
import { countText } from '../music/amounts.ts';
import { Icon, type IconName } from '../stage/Icon.tsx';
import { isThisComputer } from '../sync/page-life.ts';
import { type Panel, usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

interface OpenLineProps {
  readonly title: string;
  readonly about: string;
  readonly panel: Panel;
  readonly icon?: IconName;
  readonly label: string;
}

const OpenLine = (props: OpenLineProps) => {
  const { open } = usePage();
  return (
    <div class={s['line']}>
      <span>
        {props.title}
        <small>{props.about}</small>
      </span>
      <button type="button" class="control" onClick={() => open(props.panel)}>
        <Show when={props.icon}>{(name) => <Icon name={name()} />}</Show>
        {props.label}
      </button>
    </div>
  );
};

const MixerLine = () => {
  const page = usePage();
  const show = () => {
    page.toggle('mixer');
    page.open('none');
  };
  return (
    <div class={s['line']}>
      <span>
        Mixer
        <small>All loops side by side, in place of the slots</small>
      </span>
      <button type="button" class="control" aria-pressed={page.view() === 'mixer'} onClick={show}>
        <Icon name="mix" />
        {page.view() === 'mixer' ? 'Close' : 'Mixer'}
      </button>
    </div>
  );
};

const PlayLine = () => {
  const page = usePage();
  const show = () => {
    page.toggle('play');
    page.open('none');
  };
  return (
    <div class={s['line']}>
      <span>
        Play
        <small>Pads and keys of an instrument, an XY pad</small>
      </span>
      <button type="button" class="control" aria-pressed={page.view() === 'play'} onClick={show}>
        <Icon name="pads" />
        {page.view() === 'play' ? 'Close' : 'Pads'}
      </button>
    </div>
  );
};

export const OpenLines = () => {
  const { session } = usePage();
  return (
    <>
      <PlayLine />
      <MixerLine />
      <OpenLine
        title="The past"
        about="Bars that were played, into a slot"
        panel="past"
        icon="history"
        label="Earlier…"
      />
      <OpenLine
        title="Export"
        about="The riff, or what was played, as files"
        panel="export"
        icon="save"
        label="Export"
      />
      <OpenLine
        title="Plug-ins"
        about={`${countText(session.state.pluginList.count, 'plug-in')} on this computer`}
        panel="plugins"
        label="Plug-ins"
      />
      <OpenLine
        title="Sessions and storage"
        about={session.state.meta.sessionName}
        panel="sessions"
        icon="disk"
        label="Sessions"
      />
      <OpenLine
        title="Figures"
        about="How this machine coped, the last ten minutes"
        panel="figures"
        label="Figures"
      />
      <Show when={isThisComputer()}>
        <OpenLine
          title="Phones and tablets"
          about="Play from a device on the same network"
          panel="pair"
          icon="wifi"
          label="Phones"
        />
      </Show>
    </>
  );
};
