/** All slots side by side in place of the grid, between what comes in and what goes out. */
import { Index } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Channel } from './Channel.tsx';
import { InputChannel, MasterChannel } from './IoChannel.tsx';
import s from './Mixer.module.css';

export const Mixer = () => {
  const { session } = usePage();
  return (
    <section class={s['mixer']} aria-label="Mixer">
      <ol class={s['desk']} data-many={session.state.slots.length > 8}>
        <InputChannel />
        <Index each={session.state.slots}>
          {(slot, index) => <Channel index={index} slot={slot()} />}
        </Index>
        <MasterChannel />
      </ol>
    </section>
  );
};
