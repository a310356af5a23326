/** Which room may import which: `web → protocol ← server`, and the walls inside the server. */
import { dirname, join, normalize } from 'node:path';
import { isTypeScript, lineOf, type Rule, type SourceFile, withoutComments } from '../source.ts';

interface Import {
  readonly line: number;
  /** Path from the root for a relative import, else the package as written. */
  readonly target: string;
  readonly isTypeOnly: boolean;
}

const PATTERN =
  /(?:^|[\s;])(import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

const isTypeOnly = (statement: string): boolean => {
  if (/^\s*(?:import|export)\s+type\s/.test(statement)) return true;
  const names = /\{([^}]*)\}/
    .exec(statement)?.[1]
    ?.split(',')
    .filter((name) => name.trim() !== '');
  return names !== undefined && names.every((name) => name.trim().startsWith('type '));
};

export const importsOf = (file: SourceFile): Import[] => {
  const text = withoutComments(file.text);
  return [...text.matchAll(PATTERN)].map((match) => {
    const written = match[3] ?? match[4] ?? '';
    return {
      line: lineOf(text, match.index + 1),
      target: written.startsWith('.') ? normalize(join(dirname(file.path), written)) : written,
      isTypeOnly: isTypeOnly(match[0]),
    };
  });
};

interface Wall {
  /** The files the wall stands around. */
  readonly from: RegExp;
  readonly except?: RegExp;
  readonly mayNotImport: RegExp;
  readonly typesMay?: boolean;
  readonly instead: string;
}

const WALLS: readonly Wall[] = [
  {
    from: /^protocol\//,
    mayNotImport: /^(server|web|scripts|tests|Sources)\//,
    instead: 'protocol is pure data and imports no other room',
  },
  {
    from: /^protocol\/(limits|errors|features|sound|version)\.ts$/,
    mayNotImport: /./,
    instead: 'the page needs its values, so it imports nothing',
  },
  {
    from: /^protocol\/empty-state\.ts$/,
    mayNotImport: /^(?!protocol\/limits\.ts)/,
    typesMay: true,
    instead: 'the page needs its values, so it imports limits only',
  },
  {
    from: /^web\//,
    except: /\.config\.ts$/,
    mayNotImport: /^(server|scripts|tests)\/|^(node:|bun$|bun:)/,
    instead: 'web knows protocol only; the rest comes over the socket',
  },
  {
    from: /^web\//,
    except: /\.config\.ts$/,
    mayNotImport:
      /^protocol\/(?!(empty-state|limits|errors|features|sound|version)\.ts)|^@sinclair\/typebox|^elysia|^immer/,
    typesMay: true,
    instead: 'import its types only: the values would make the page heavy',
  },
  {
    from: /^scripts\/client\//,
    mayNotImport: /^(server|web|tests|scripts\/(?!client\/))|^(node:|bun$|bun:)/,
    instead: 'scripts of others take this folder along: it knows the protocol only',
  },
  {
    from: /^scripts\/client\//,
    mayNotImport: /^protocol\//,
    typesMay: true,
    instead: 'import its types only: everything else is asked of /api/protocol',
  },
  {
    from: /^server\//,
    mayNotImport: /^(web|scripts|tests)\//,
    instead: 'server knows protocol only',
  },
  {
    from: /^server\/session\//,
    mayNotImport: /^server\/(engine|gateway)\/|^bun:ffi/,
    instead: 'events come in, patches go out; session knows neither engine nor gateway',
  },
  {
    from: /^server\/session\/store\//,
    mayNotImport: /^server\/session\/(?!(store|riffs|runs|retention)\/)/,
    typesMay: true,
    instead: 'the store lives in its own thread and knows what it writes, not who asked for it',
  },
  {
    from: /^server\/gateway\//,
    mayNotImport: /^server\/(engine|session)\/|^bun:(ffi|sqlite)/,
    instead: 'use the link messages of protocol/link.ts',
  },
  {
    from: /^server\/plugins\//,
    mayNotImport: /^server\/(engine|gateway|session)\/|^bun:(ffi|sqlite)/,
    instead: 'the look for plug-ins knows folders and children only; its news are plain data',
  },
  {
    from: /^server\/(main\.ts$|supervise\/|link\/|telemetry\/)/,
    mayNotImport: /^server\/(engine|session|gateway)\/|^bun:(ffi|sqlite)/,
    instead: 'launcher, link and log know processes and bytes, not what they carry',
  },
  {
    from: /^tests\/(judge|faults\/judge)\//,
    mayNotImport: /^(server|web|protocol|scripts)\//,
    instead: 'a judge that shares code with the product shares its errors',
  },
  {
    from: /^(server|web|protocol)\//,
    except: /^server\/engine\/(core-library|core-plugins|flow-core)\.ts$/,
    mayNotImport: /\.generated\.ts$/,
    instead: 'use the typed handle of server/engine/flow-core.ts',
  },
];

export const roomImports: Rule = (files) =>
  files
    .filter((file) => isTypeScript(file.path))
    .flatMap((file) => {
      const walls = WALLS.filter(
        (wall) => wall.from.test(file.path) && !wall.except?.test(file.path),
      );
      return importsOf(file).flatMap((found) =>
        walls
          .filter(
            (wall) => wall.mayNotImport.test(found.target) && !(wall.typesMay && found.isTypeOnly),
          )
          .map((wall) => `${file.path}:${found.line}: imports ${found.target}; ${wall.instead}`),
      );
    });
