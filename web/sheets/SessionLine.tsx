/** One session of the list: opened with a tap, renamed in its place, removed when the player agrees. */
import { createSignal, Match, onMount, Switch } from 'solid-js';
import type { SessionRow } from '../../protocol/link.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { wallMs } from '../clock.ts';
import { bytesText, countText, durationText } from '../music/amounts.ts';
import { agoText } from '../music/ago.ts';
import type { Sessions } from './create-sessions.ts';
import s from './MoreSheet.module.css';

/** What would be lost with it. */
export const heldText = ({ bytes, durationMs, riffs, takes }: SessionRow): string => {
  if (riffs === 0) return 'empty';
  const sound = durationText(durationMs / 1000);
  return `${countText(riffs, 'step')} · ${countText(takes, 'take')}, ${sound} · ${bytesText(bytes)}`;
};

interface LineProps {
  readonly row: SessionRow;
  readonly sessions: Sessions;
  readonly onOpened: () => void;
}

interface ModeProps extends Pick<LineProps, 'row' | 'sessions'> {
  readonly onMode: (mode: Mode) => void;
}

type Mode = 'shown' | 'edit' | 'ask';

const NameField = (props: ModeProps) => {
  let field: HTMLInputElement | undefined;
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const name = field?.value ?? '';
    if (name === props.row.name || (await props.sessions.rename(props.row.id, name))) {
      props.onMode('shown');
    }
  };
  return (
    <form class={s['line']} onSubmit={(event) => void save(event)}>
      <input
        class="control"
        aria-label={`Name of ${props.row.name}`}
        maxlength={LIMITS.sessionNameBytesMax}
        required
        value={props.row.name}
        ref={(element) => {
          field = element;
          onMount(() => element.select());
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // The sheet stays.
          event.preventDefault();
          event.stopPropagation();
          props.onMode('shown');
        }}
      />
      <div class={s['steps']}>
        <button type="submit" class="control" disabled={!props.sessions.canAct()}>
          Save
        </button>
        <button
          type="button"
          class="control"
          disabled={props.row.open}
          onClick={() => props.onMode('ask')}
        >
          Remove…
        </button>
      </div>
    </form>
  );
};

/** Nothing goes before this was answered. */
const Consent = (props: ModeProps) => {
  const remove = () =>
    void props.sessions.remove(props.row).then((isDone) => {
      if (!isDone) props.onMode('shown');
    });
  return (
    <div class={s['line']} role="group" aria-label={`Remove ${props.row.name}?`}>
      <span>
        Remove {props.row.name}?
        <small>
          {heldText(props.row)}. It can be brought back for {LIMITS.trashDays} days; then it is
          gone.
        </small>
      </span>
      <div class={s['steps']}>
        <button type="button" class="control" disabled={!props.sessions.canAct()} onClick={remove}>
          Remove
        </button>
        <button
          type="button"
          class="control"
          ref={(button) => onMount(() => button.focus())}
          onClick={() => props.onMode('shown')}
        >
          Keep
        </button>
      </div>
    </div>
  );
};

const Shown = (props: ModeProps & Pick<LineProps, 'onOpened'>) => {
  const open = () =>
    void props.sessions.open(props.row.id).then((isOpened) => {
      if (isOpened) props.onOpened();
    });
  return (
    <div class={s['line']}>
      <span>
        {props.row.name}
        <small>
          {heldText(props.row)} · {agoText(props.row.usedMs, wallMs())}
        </small>
      </span>
      <div class={s['steps']}>
        <button
          type="button"
          class="control"
          aria-label={`Edit ${props.row.name}`}
          onClick={() => props.onMode('edit')}
        >
          Edit
        </button>
        <button
          type="button"
          class="control"
          aria-label={`Open ${props.row.name}`}
          aria-current={props.row.open ? 'true' : undefined}
          disabled={props.row.open || !props.sessions.canAct()}
          onClick={open}
        >
          Open
        </button>
      </div>
    </div>
  );
};

export const SessionLine = (props: LineProps) => {
  const [mode, setMode] = createSignal<Mode>('shown');
  return (
    <li data-session={props.row.id}>
      <Switch
        fallback={
          <Shown
            row={props.row}
            sessions={props.sessions}
            onMode={setMode}
            onOpened={props.onOpened}
          />
        }
      >
        <Match when={mode() === 'edit'}>
          <NameField row={props.row} sessions={props.sessions} onMode={setMode} />
        </Match>
        <Match when={mode() === 'ask'}>
          <Consent row={props.row} sessions={props.sessions} onMode={setMode} />
        </Match>
      </Switch>
    </li>
  );
};
