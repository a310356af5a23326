/** Which session this is; a tap opens the others. */
import { usePage } from '../use-session.ts';
import s from './Header.module.css';

export const SessionName = () => {
  const { open, session } = usePage();
  return (
    <button type="button" class={s['session']} onClick={() => open('sessions')}>
      {session.state.meta.sessionName}
      <span class="unseen">, all sessions</span>
    </button>
  );
};
