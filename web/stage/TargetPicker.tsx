/** Which slot the coloured part goes into. */
import { Index } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import pick from './Pick.module.css';
import { TargetWords } from './TargetWords.tsx';

export const TargetPicker = () => {
  const { session } = usePage();
  return (
    <label class={pick['picker']}>
      <TargetWords />
      <Icon name="chevron" size={14} />
      <select
        aria-label="Coloured part goes into"
        value={String(session.target())}
        onChange={({ currentTarget: { value } }) =>
          session.setTarget(value === 'auto' ? 'auto' : Number(value))
        }
      >
        <option value="auto">the first empty slot, else the two oldest merge (auto)</option>
        <Index each={session.state.slots}>
          {(slot, index) => (
            <option value={String(index)}>
              slot {index + 1} {slot().name}
            </option>
          )}
        </Index>
      </select>
    </label>
  );
};
