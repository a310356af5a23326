/** Looks for a plug-in for a slot or the input; a press puts it there and shows that place. */
import { placeText } from '../music/plugin-words.ts';
import { usePage } from '../use-session.ts';
import { createPlugins } from './create-plugins.ts';
import { PluginList, PluginSearch } from './PluginList.tsx';
import { Dock, Sheet, SheetHead } from './Sheet.tsx';
import more from './MoreSheet.module.css';

const BrowseBody = () => {
  const plugins = createPlugins();
  const { forPlace } = usePage();
  if (forPlace() !== 'input') plugins.setKind('effect');
  return (
    <div class={more['body']}>
      <PluginSearch plugins={plugins} />
      <PluginList plugins={plugins} isFor />
    </div>
  );
};

const browseTitle = () => `Add to ${placeText(usePage().forPlace())}`;

export const BrowseSheet = () => (
  <Sheet label="Add a plug-in" isTall>
    <SheetHead title={browseTitle()} />
    <BrowseBody />
  </Sheet>
);

export const BrowseDock = () => (
  <Dock label="Add a plug-in">
    <SheetHead title={browseTitle()} />
    <BrowseBody />
  </Dock>
);
