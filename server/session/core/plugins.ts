/** What the session knows of the core's plug-ins; part of `CorePort`. */

/** A plug-in to be loaded into the process of its group. */
export interface CorePluginSpec {
  readonly id: readonly number[];
  /** Its 16 bytes as four words, the low byte first. */
  readonly classId: readonly number[];
  /** It comes as this one is now, if it is known. */
  readonly like?: readonly number[];
  /** Plug-ins of one group share a process. */
  readonly group: string;
  /** Path of the bundle. */
  readonly bundle: string;
  /** Files of its newest state and of the one before; empty = as it comes. */
  readonly statePath: string;
  readonly earlierStatePath: string;
}

export interface CoreChainSpec {
  readonly id: readonly number[];
  /** Of a source, not of a slot. */
  readonly isInput: boolean;
  /** In the order in which sound goes through them. */
  readonly plugins: readonly (readonly number[])[];
}

/** A loop in memory that shall be printed through a chain. */
export interface CorePrintOrder {
  readonly id: readonly number[];
  readonly loop: readonly number[];
  readonly chain: readonly number[];
  /** Bits of PRINT_FLAGS. */
  readonly flags: number;
  readonly beatsPerBar: number;
  readonly unit: number;
  readonly framesPerBeat: number;
  /** Where its first frame lies. */
  readonly beat: number;
}

export interface CoreParam {
  readonly param: number;
  readonly stepCount: number;
  /** As the plug-in's interface has them. */
  readonly flags: number;
  readonly value: number;
  readonly defaultValue: number;
  readonly title: string;
  readonly units: string;
  readonly text: string;
}

export interface CoreHost {
  /** Counts the groups of an engine, from 1. */
  readonly host: number;
  readonly pid: number;
  /** A value of HOST_STATE. */
  readonly state: number;
  readonly pluginCount: number;
  readonly retries: number;
  readonly isQuarantine: boolean;
  readonly residentBytes: number;
  /** Processor time since it began. */
  readonly cpuMs: number;
  readonly missedBlocks: number;
  readonly group: string;
}

export interface CorePlugins {
  /** 0, or the error code; the end is a pluginLoaded event. */
  loadPlugin(spec: CorePluginSpec): number;
  /** 0, or the error code; once no chain holds it. A pluginState event tells its newest state. */
  unloadPlugin(id: readonly number[]): number;
  /** 0, or the error code; the chain is there for chainSet. */
  makeChain(spec: CoreChainSpec): number;
  /** 0, or the error code; rendering events tell how far it is, the end is a takeLoaded event with the order's id. */
  printLoop(order: CorePrintOrder): number;
  /** What was printed stays in memory for another half minute; the error code when it is not there. */
  keepPrint(id: readonly number[]): number;
  /** It ends with its event as one that could not be printed; the error code when it is over. */
  cancelPrint(id: readonly number[]): number;
  bypassPlugin(id: readonly number[], isOn: boolean): number;
  /** Its process may be started again as often as a new one. */
  retryPlugin(id: readonly number[]): number;
  /** At most so many, from that number on; null when it is not loaded. */
  pluginParams(id: readonly number[], from: number, capacity: number): readonly CoreParam[] | null;
  pluginHosts(): readonly CoreHost[];
}
