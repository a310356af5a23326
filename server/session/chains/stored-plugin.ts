/** A plug-in as the store remembers it. */
export interface StoredPlugin {
  /** Of this one; there may be others of the same kind. */
  readonly id: string;
  /** What it is, the same on every computer. */
  readonly pluginId: string;
  readonly name: string;
  readonly vendor: string;
  /** Plug-ins of one group share a process. */
  readonly group: string;
  /** Where it was found last. */
  readonly bundle: string;
  readonly isInstrument: boolean;
  readonly bypassed: boolean;
  /** Hashes of its newest state and of the one before; null = none has a file. */
  readonly state: string | null;
  readonly earlierState: string | null;
}

/** Its newest state is this one. */
export const withState = (plugin: StoredPlugin, state: string): StoredPlugin =>
  state === plugin.state ? plugin : { ...plugin, state, earlierState: plugin.state };
