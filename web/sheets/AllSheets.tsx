/** Everything that opens over or beside the stage; loaded after the stage itself. */
import { Show } from 'solid-js';
import { HistoryList } from '../stage/HistoryList.tsx';
import { usePage } from '../use-session.ts';
import { ExportSheet } from './ExportSheet.tsx';
import { MoreSheet } from './MoreSheet.tsx';
import { Dock, Sheet, SheetHead } from './Sheet.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { SlotSheet } from './SlotSheet.tsx';

/** Sheets over the page; on a wide one the slot is docked instead. */
export const Sheets = () => {
  const page = usePage();
  const is = (panel: string) => page.panel() === panel;
  return (
    <>
      <Show when={is('slot') && !page.hasColumn()}>
        <Sheet label={`Slot ${page.openSlot() + 1}`}>
          <SlotSheet index={page.openSlot()} />
        </Sheet>
      </Show>
      <Show when={is('history') && !page.hasColumn()}>
        <Sheet label="History" isTall>
          <SheetHead title="History" />
          <HistoryList isBare onDone={() => page.open('none')} />
        </Sheet>
      </Show>
      <Show when={is('more')}>
        <MoreSheet />
      </Show>
      <Show when={is('export')}>
        <ExportSheet />
      </Show>
      <Show when={is('shortcuts')}>
        <Shortcuts />
      </Show>
    </>
  );
};

export const DockedSlot = () => {
  const page = usePage();
  return (
    <Dock label={`Slot ${page.openSlot() + 1}`}>
      <SlotSheet index={page.openSlot()} />
    </Dock>
  );
};
