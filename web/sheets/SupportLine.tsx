/** For whoever shall help: what FlowZone says of itself, as one file. */
import s from './MoreSheet.module.css';

export const SupportLine = () => (
  <div class={s['line']}>
    <span>
      Something is wrong?
      <small>Logs, figures and settings as one file; none of your sound is in it</small>
    </span>
    <a
      class="control"
      href="api/support/bundle"
      download=""
      aria-label="Download what FlowZone says of itself"
    >
      Download
    </a>
  </div>
);
