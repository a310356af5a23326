/** What is kept on disk, and how full that is. */
import { Show } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { wallMs } from '../clock.ts';
import { bytesText, durationText } from '../music/amounts.ts';
import { agoText } from '../music/ago.ts';
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

const KEPT = `Kept for ${durationText(LIMITS.pastSecondsMax)} or up to ${bytesText(LIMITS.pastBytesMax)}, less on a full disk; loops and takes stay`;

export const StorageLines = () => {
  const { session } = usePage();
  const storage = () => session.state.storage;
  const past = () => {
    const { pastBytes, pastSeconds, pastSinceMs } = storage();
    const since = pastSinceMs > 0 ? `, from ${agoText(pastSinceMs, wallMs())} on` : '';
    return `${durationText(pastSeconds)}, ${bytesText(pastBytes)}${since}`;
  };
  const disk = () => `${bytesText(storage().freeBytes)} free of ${bytesText(storage().diskBytes)}`;
  return (
    <Show when={storage().diskBytes > 0}>
      <div class={s['line']}>
        <span>
          The past: {past()}
          <small>{KEPT}</small>
        </span>
      </div>
      <div class={s['line']}>
        <span>
          Takes of all sessions: {bytesText(storage().takesBytes)}
          <small>{disk()}</small>
        </span>
        <progress
          max="1"
          value={1 - storage().freeBytes / storage().diskBytes}
          aria-label="Disk used"
        />
      </div>
    </Show>
  );
};
