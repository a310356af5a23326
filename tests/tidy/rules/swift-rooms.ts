/** The dependency rule inside FlowCore, where one module needs no imports: who may name whom. */
import { isSwift, places, type Rule, type SourceFile, withoutComments } from '../source.ts';

const CORE = 'Sources/FlowCore/';
const ATOMIC_CELL = `${CORE}Exchange/AtomicCell.swift`;
const LEAF = `${CORE}RealTime/Leaf.swift`;

const isRealTime = (file: SourceFile) => file.path.startsWith(`${CORE}RealTime/`);
const folderOf = (file: SourceFile) => file.path.slice(CORE.length).split('/')[0] ?? '';
const coreFiles = (files: readonly SourceFile[]) =>
  files.filter((file) => isSwift(file.path) && file.path.startsWith(CORE));

/** RealTime imports no library that may allocate, lock or wait; the C calls are in Leaf.swift. */
export const realTimeImports: Rule = (files) =>
  coreFiles(files)
    .filter((file) => isRealTime(file) && file.path !== LEAF)
    .flatMap((file) =>
      places(
        file,
        withoutComments(file.text),
        /^\s*(?:@\w+ )*import (?:\w+ )?(?:Foundation|Dispatch|Glibc|Darwin|Musl|os|AVFAudio|CoreAudio)\b.*$/gm,
      ).map(
        (place) => `${place}: RealTime imports no system library; put the C call in Leaf.swift`,
      ),
    );

export const synchronizationImport: Rule = (files) =>
  files
    .filter((file) => isSwift(file.path) && file.path.startsWith('Sources/'))
    .filter((file) => file.path !== ATOMIC_CELL)
    .flatMap((file) =>
      places(file, withoutComments(file.text), /^\s*import Synchronization\b/gm).map(
        (place) =>
          `${place}: only Exchange/AtomicCell.swift imports Synchronization; use AtomicCell`,
      ),
    );

/** The two audited files may tell the compiler not to look; the run-time guard covers them. */
export const uncheckedFunctions: Rule = (files) =>
  files
    .filter((file) => isSwift(file.path) && file.path.startsWith('Sources/'))
    .filter((file) => file.path !== ATOMIC_CELL && file.path !== LEAF)
    .flatMap((file) =>
      places(
        file,
        withoutComments(file.text),
        /@_semantics\(\s*"no_performance_analysis"\s*\)/g,
      ).map((place) => `${place}: only AtomicCell.swift and Leaf.swift may be left unchecked`),
    );

/** Files in RealTime/ that run before the first block, on the control thread. */
export const SETUP_SIDE: readonly string[] = [];

const FUNCTION = /^(?<before>[^\n]*?)\bfunc\s+(?<name>[\w`]+|[^\s\w(]+)/gm;

/** The attribute lines right above a declaration belong to it. */
const attributesAbove = (text: string, index: number): string => {
  const lines = text.slice(0, index).split('\n').slice(0, -1);
  const first = lines.findLastIndex((line) => !/^\s*(@.*)?$/.test(line));
  return lines.slice(first + 1).join(' ');
};

export const realTimeMarks: Rule = (files) =>
  coreFiles(files)
    .filter((file) => isRealTime(file) && !SETUP_SIDE.includes(file.path))
    .flatMap((file) => {
      const text = withoutComments(file.text);
      return [...text.matchAll(FUNCTION)].flatMap((match) => {
        const marks = `${attributesAbove(text, match.index)} ${match.groups?.['before'] ?? ''}`;
        // What init has allocated before the first block is given back after the last one.
        if (match.groups?.['name'] === 'deallocate') return [];
        // The audited ones of Leaf.swift; `uncheckedFunctions` sees to it that there are no others.
        if (marks.includes('"no_performance_analysis"')) return [];
        if (marks.includes('@_noLocks') && marks.includes('@_noAllocation')) return [];
        const line = text.slice(0, match.index).split('\n').length;
        return [
          `${file.path}:${line}: func ${match.groups?.['name']} is not marked @_noLocks @_noAllocation`,
        ];
      });
    });

// Only what stands at the margin: a nested `State` is a name of its own type.
const DECLARATION = /^(?:[\w@()~]+ )*(?:struct|class|enum|protocol|actor)\s+([A-Z]\w*)/gm;

const typesIn = (files: readonly SourceFile[], folders: readonly string[]): string[] =>
  coreFiles(files)
    .filter((file) => folders.includes(folderOf(file)))
    .flatMap((file) =>
      [...withoutComments(file.text).matchAll(DECLARATION)].map((match) => match[1] ?? ''),
    );

const naming = (
  files: readonly SourceFile[],
  where: (file: SourceFile) => boolean,
  types: readonly string[],
  instead: string,
): string[] =>
  types.length === 0
    ? []
    : coreFiles(files)
        .filter(where)
        .flatMap((file) => {
          const text = withoutComments(file.text);
          const own = new Set([...text.matchAll(DECLARATION)].map((match) => match[1]));
          const foreign = types.filter((type) => !own.has(type));
          if (foreign.length === 0) return [];
          return places(file, text, new RegExp(`\\b(?:${foreign.join('|')})\\b`, 'g')).map(
            (place) => `${place}: ${instead}`,
          );
        });

/** RealTime → Exchange ← Control, Disk, Plugins; Devices is seen by FlowEngine only. */
export const coreRooms: Rule = (files) => [
  ...naming(
    files,
    isRealTime,
    typesIn(files, ['Control', 'Disk', 'Plugins', 'Devices']),
    'RealTime names types of RealTime and Exchange only',
  ),
  ...naming(
    files,
    (file) => folderOf(file) === 'Exchange',
    typesIn(files, ['RealTime', 'Control', 'Disk', 'Plugins', 'Devices']),
    'Exchange stands below all others and names none of their types',
  ),
  ...naming(
    files,
    (file) => folderOf(file) !== 'Devices' && !file.path.startsWith(`${CORE}Control/FlowEngine`),
    typesIn(files, ['Devices']),
    'Devices is seen by FlowEngine only',
  ),
];
