/** Everything that opens over or beside the stage; loaded after the stage itself. */
import { Show } from 'solid-js';
import { later } from '../later.tsx';
import { HistoryList } from '../stage/HistoryList.tsx';
import { usePage } from '../use-session.ts';
import { MoreDock, MoreSheet } from './MoreSheet.tsx';
import { Dock, Sheet, SheetHead } from './Sheet.tsx';
import { SlotSheet } from './SlotSheet.tsx';

/** The past is looked into, plug-ins looked for, music carried off, and another session opened, now and then only. */
const loadPast = () => import('./PastSheet.tsx');
const PastSheet = later(loadPast, 'PastSheet');
const PastDock = later(loadPast, 'PastDock');
const loadPlugins = () => import('./PluginsSheet.tsx');
const PluginsSheet = later(loadPlugins, 'PluginsSheet');
const PluginsDock = later(loadPlugins, 'PluginsDock');
const loadBrowse = () => import('./BrowseSheet.tsx');
const BrowseSheet = later(loadBrowse, 'BrowseSheet');
const BrowseDock = later(loadBrowse, 'BrowseDock');
const loadPlugin = () => import('./PluginSheet.tsx');
const PluginSheet = later(loadPlugin, 'PluginSheet');
const PluginDock = later(loadPlugin, 'PluginDock');
const loadFigures = () => import('../figures/FiguresSheet.tsx');
const FiguresSheet = later(loadFigures, 'FiguresSheet');
const FiguresDock = later(loadFigures, 'FiguresDock');
const ExportSheet = later(() => import('./ExportSheet.tsx'), 'ExportSheet');

const PairSheet = later(() => import('./PairSheet.tsx'), 'PairSheet');

const loadAxis = () => import('../play/AxisSheet.tsx');
const AxisX = later(loadAxis, 'AxisX');
const AxisY = later(loadAxis, 'AxisY');

const Shortcuts = later(() => import('./Shortcuts.tsx'), 'Shortcuts');

const SessionsSheet = later(() => import('./SessionsSheet.tsx'), 'SessionsSheet');

/** Sheets over the page; on a wide one some are docked instead. */
export const Sheets = () => {
  const page = usePage();
  const is = (panel: string) => page.panel() === panel;
  return (
    <>
      <Show when={is('slot') && !page.isDocked()}>
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
      <Show when={is('more') && !page.isDocked()}>
        <MoreSheet />
      </Show>
      <Show when={is('past') && !page.isDocked()}>
        <PastSheet />
      </Show>
      <Show when={is('plugins') && !page.isDocked()}>
        <PluginsSheet />
      </Show>
      <Show when={is('browse') && !page.isDocked()}>
        <BrowseSheet />
      </Show>
      <Show when={is('plugin') && !page.isDocked()}>
        <PluginSheet />
      </Show>
      <Show when={is('figures') && !page.isDocked()}>
        <FiguresSheet />
      </Show>
      <Show when={is('export')}>
        <ExportSheet />
      </Show>
      <Show when={is('pair')}>
        <PairSheet />
      </Show>
      <Show when={is('sessions')}>
        <SessionsSheet />
      </Show>
      <Show when={is('axisX')}>
        <AxisX />
      </Show>
      <Show when={is('axisY')}>
        <AxisY />
      </Show>
      <Show when={is('shortcuts')}>
        <Shortcuts />
      </Show>
    </>
  );
};

/** Beside the grid on a wide page. */
export const Docked = () => {
  const page = usePage();
  return (
    <>
      <Show when={page.openSlot() >= 0}>
        <Dock label={`Slot ${page.openSlot() + 1}`}>
          <SlotSheet index={page.openSlot()} />
        </Dock>
      </Show>
      <Show when={page.panel() === 'more'}>
        <MoreDock />
      </Show>
      <Show when={page.panel() === 'past'}>
        <PastDock />
      </Show>
      <Show when={page.panel() === 'plugins'}>
        <PluginsDock />
      </Show>
      <Show when={page.panel() === 'browse'}>
        <BrowseDock />
      </Show>
      <Show when={page.panel() === 'plugin'}>
        <PluginDock />
      </Show>
      <Show when={page.panel() === 'figures'}>
        <FiguresDock />
      </Show>
    </>
  );
};
