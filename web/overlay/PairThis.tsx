/** Before this device may play: it shows what a scanned picture brought, or asks for the code. */
import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { errorByCode } from '../../protocol/errors.ts';
import { takePairToken } from '../sync/page-life.ts';
import { usePage } from '../use-session.ts';
import lines from '../sheets/MoreSheet.module.css';
import sheet from '../sheets/Sheet.module.css';

const OFFLINE = 'FlowZone was not reached. Check that this device is in the same network.';

/** '' when it was let in, else why not. */
const pair = async (shown: { token: string } | { code: string }): Promise<string> => {
  try {
    const answer = await fetch('api/pair', { method: 'POST', body: JSON.stringify(shown) });
    if (answer.ok) return '';
    const { code } = (await answer.json()) as { code: number };
    const row = errorByCode(code)?.row;
    return row ? `${row.says} ${row.action}` : OFFLINE;
  } catch {
    return OFFLINE;
  }
};

const createPair = () => {
  const { session } = usePage();
  const [why, setWhy] = createSignal('');
  const [isWaiting, setWaiting] = createSignal(false);
  const show = async (shown: { token: string } | { code: string }) => {
    setWaiting(true);
    setWhy(await pair(shown));
    setWaiting(false);
    if (why() === '') session.retryNow();
  };
  /** Another picture may be scanned while the page is open. */
  const showToken = () => {
    const token = takePairToken();
    if (token !== '') void show({ token });
  };
  onMount(() => {
    showToken();
    window.addEventListener('hashchange', showToken);
    onCleanup(() => window.removeEventListener('hashchange', showToken));
  });
  return { why, isWaiting, show };
};

export const PairThis = () => {
  const { isWaiting, show, why } = createPair();
  let field: HTMLInputElement | undefined;
  return (
    <dialog
      class={sheet['dialog']}
      data-shape="middle"
      aria-label="Pair this device"
      ref={(dialog) => onMount(() => dialog.showModal())}
      onCancel={(event) => event.preventDefault()}
    >
      <form
        class={lines['body']}
        onSubmit={(event) => {
          event.preventDefault();
          void show({ code: field?.value ?? '' });
        }}
      >
        <h2>Pair this device</h2>
        <p>
          On the computer that runs FlowZone press <b>Phones and tablets</b>. Scan the picture
          there, or type its code here.
        </p>
        <input
          ref={(element) => {
            field = element;
          }}
          class="control"
          style={{ 'font-size': '26px' }}
          aria-label="Code of six digits"
          inputmode="numeric"
          autocomplete="one-time-code"
          placeholder="123 456"
          maxlength="9"
          pattern="\s*\d{3}[\s\-]?\d{3}\s*"
          title="Six digits"
          required
        />
        <button type="submit" class="control" disabled={isWaiting()}>
          <Show when={isWaiting()} fallback="Pair">
            Pairing…
          </Show>
        </button>
        <p class={lines['missing']} role="alert">
          {why()}
        </p>
      </form>
    </dialog>
  );
};
