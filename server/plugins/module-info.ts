/** What a bundle says of itself in `moduleinfo.json`: enough for a list, believed for nothing else. */
import { LIMITS } from '../../protocol/limits.ts';
import { isRecord, type PluginClass, pluginClassOf } from './plugin-class.ts';
import { parseTolerant } from './tolerant-json.ts';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const classOf = (value: unknown, maker: unknown): PluginClass | undefined =>
  isRecord(value)
    ? pluginClassOf({
        id: value['CID'],
        name: value['Name'],
        vendor: value['Vendor'] || maker,
        version: value['Version'],
        // The second is how one maker's tool writes it, in a bundle of 184 plug-ins.
        category: value['Category'] ?? value['Catetory'],
        categories: listOf(value['Sub Categories']),
      })
    : undefined;

/** Empty when the text is not to be understood: then only the bundle itself can tell. */
export const classesOfModuleInfo = (text: string | null): PluginClass[] => {
  if (text === null) return [];
  try {
    const info = parseTolerant(text);
    if (!isRecord(info)) return [];
    const factory = info['Factory Info'];
    const maker = isRecord(factory) ? factory['Vendor'] : '';
    return listOf(info['Classes'])
      .slice(0, LIMITS.pluginClassesMax)
      .flatMap((each) => classOf(each, maker) ?? []);
  } catch {
    return [];
  }
};
