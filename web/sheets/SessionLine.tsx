/** One session of the list: opened with a tap, renamed in its place. */
import { createSignal, onMount, Show } from 'solid-js';
import type { SessionRow } from '../../protocol/link.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { wallMs } from '../clock.ts';
import { bytesText, countText, durationText } from '../music/amounts.ts';
import { agoText } from '../music/ago.ts';
import type { Sessions } from './create-sessions.ts';
import s from './MoreSheet.module.css';

const aboutText = ({ bytes, durationMs, riffs, takes, usedMs }: SessionRow): string => {
  const used = agoText(usedMs, wallMs());
  if (riffs === 0) return `empty · ${used}`;
  const sound = durationText(durationMs / 1000);
  const counts = `${countText(riffs, 'step')} · ${countText(takes, 'take')}`;
  return `${counts}, ${sound} · ${bytesText(bytes)} · ${used}`;
};

interface LineProps {
  readonly row: SessionRow;
  readonly sessions: Sessions;
  readonly onOpened: () => void;
}

interface NameProps extends Pick<LineProps, 'row' | 'sessions'> {
  readonly onDone: () => void;
}

const NameField = (props: NameProps) => {
  let field: HTMLInputElement | undefined;
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const name = field?.value ?? '';
    if (name === props.row.name || (await props.sessions.rename(props.row.id, name))) {
      props.onDone();
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
          props.onDone();
        }}
      />
      <button type="submit" class="control" disabled={!props.sessions.canAct()}>
        Save
      </button>
    </form>
  );
};

export const SessionLine = (props: LineProps) => {
  const [isNaming, setNaming] = createSignal(false);
  const open = () =>
    void props.sessions.open(props.row.id).then((isOpened) => {
      if (isOpened) props.onOpened();
    });
  return (
    <li data-session={props.row.id}>
      <Show
        when={!isNaming()}
        fallback={
          <NameField row={props.row} sessions={props.sessions} onDone={() => setNaming(false)} />
        }
      >
        <div class={s['line']}>
          <span>
            {props.row.name}
            <small>{aboutText(props.row)}</small>
          </span>
          <div class={s['steps']}>
            <button
              type="button"
              class="control"
              aria-label={`Rename ${props.row.name}`}
              onClick={() => setNaming(true)}
            >
              Rename
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
      </Show>
    </li>
  );
};
