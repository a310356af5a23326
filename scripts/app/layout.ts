/**
 * What lies where in FlowZone.app.
 *
 * The server finds its parts as in the repository: the folder `.build/release` of the bundle's copy
 * points to where macOS wants code to lie.
 */
export interface Copy {
  /** From the root of the repository, or absolute. */
  readonly from: string;
  /** From the root of the bundle. */
  readonly to: string;
}

export interface Link {
  readonly at: string;
  /** Relative to where the link lies. */
  readonly target: string;
}

export interface Layout {
  readonly copies: readonly Copy[];
  readonly links: readonly Link[];
  /** Programs and libraries, innermost first, as they are signed; the bundle itself comes last. */
  readonly code: readonly Code[];
}

export interface Code {
  readonly path: string;
  readonly kind: 'library' | 'host' | 'bun';
}

export const HOME = 'Contents/Resources/flowzone';
export const LAUNCHER = 'Contents/MacOS/FlowZone';

export interface Tools {
  readonly bunPath: string;
  readonly launcherPath: string;
  readonly libraryName: 'libFlowCore.dylib' | 'libFlowCore.so';
  /** Where engine and plug-in host were built. */
  readonly buildFolder: string;
}

export const layoutOf = ({ buildFolder, bunPath, launcherPath, libraryName }: Tools): Layout => {
  const library = `Contents/Frameworks/${libraryName}`;
  const host = 'Contents/Helpers/PluginHostXPC';
  const bun = 'Contents/Helpers/bun';
  const up = '../../../..';
  return {
    copies: [
      { from: launcherPath, to: LAUNCHER },
      { from: bunPath, to: bun },
      { from: `${buildFolder}/${libraryName}`, to: library },
      { from: `${buildFolder}/PluginHostXPC`, to: host },
      { from: 'server', to: `${HOME}/server` },
      { from: 'protocol', to: `${HOME}/protocol` },
      { from: 'web/dist', to: `${HOME}/web/dist` },
      { from: 'package.json', to: `${HOME}/package.json` },
      { from: 'bun.lock', to: `${HOME}/bun.lock` },
      { from: 'tsconfig.json', to: `${HOME}/tsconfig.json` },
      { from: 'LICENSE', to: `${HOME}/LICENSE` },
      { from: 'THIRD_PARTY.md', to: `${HOME}/THIRD_PARTY.md` },
    ],
    links: [
      {
        at: `${HOME}/.build/release/${libraryName}`,
        target: `${up}/Frameworks/${libraryName}`,
      },
      { at: `${HOME}/.build/release/PluginHostXPC`, target: `${up}/Helpers/PluginHostXPC` },
    ],
    code: [
      { path: library, kind: 'library' },
      { path: host, kind: 'host' },
      { path: bun, kind: 'bun' },
    ],
  };
};
