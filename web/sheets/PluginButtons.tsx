/** Buttons that stand at a plug-in wherever it is shown: on and off, try again. */
import { usePage } from '../use-session.ts';
import { Icon } from '../stage/Icon.tsx';
import s from './Plugin.module.css';

export const PowerButton = (props: { id: string }) => {
  const { session } = usePage();
  const plugin = () => session.state.plugins[props.id];
  const isOn = () => plugin()?.bypassed === false;
  return (
    <button
      type="button"
      class={s['tool']}
      aria-label={`${plugin()?.name ?? ''} on`}
      aria-pressed={isOn()}
      data-heard={isOn() && plugin()?.status === 'on'}
      disabled={!session.isLive()}
      onClick={() =>
        void session.run({ cmd: 'BYPASS_PLUGIN', instanceId: props.id, bypassed: isOn() })
      }
    >
      <Icon name="power" />
    </button>
  );
};

export const RetryButton = (props: { id: string; name: string }) => {
  const { session } = usePage();
  return (
    <button
      type="button"
      class="control"
      aria-label={`Try again: ${props.name}`}
      disabled={!session.isLive()}
      onClick={() => void session.run({ cmd: 'RETRY_PLUGIN', instanceId: props.id })}
    >
      Try again
    </button>
  );
};
