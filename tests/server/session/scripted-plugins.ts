/** The plug-ins of a scripted core: loads when it is told to, and keeps what was asked. */
import { COMMAND_FLAGS, EVENT_KIND, PLUGIN_IS, PRINT_FLAGS } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type {
  CoreChainSpec,
  CoreHost,
  CoreParam,
  CorePlugins,
  CorePrintOrder,
  CorePluginSpec,
} from '../../../server/session/core/plugins.ts';
import type { CoreCommand, CoreEvent } from '../../../server/session/core/port.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { makeEvent } from './core-event.ts';

/** As the core counts it. */
const LATENCY_FRAMES = 96;
const PARAM_COUNT = 3;

export class ScriptedPlugins implements CorePlugins {
  /** Every plug-in that was ever asked for, oldest first. */
  readonly pluginLoads: CorePluginSpec[] = [];
  /** Asked for and not answered. */
  readonly loading: CorePluginSpec[] = [];
  /** Loads are not answered. */
  isLoading = false;
  /** Of asking. */
  loadCode = 0;
  /** Of loading. */
  loadedCode = 0;
  isInstrument = false;
  chainCode = 0;
  /** Ids of those that are loaded. */
  readonly live = new Set<string>();
  readonly unloaded: string[] = [];
  /** Every chain that was ever made, oldest first. */
  readonly chainsMade: CoreChainSpec[] = [];
  /** What each place goes through: `input` or the slot's number, ids of plug-ins. */
  readonly chains = new Map<string, readonly string[]>();
  readonly bypassed: [string, boolean][] = [];
  readonly retried: string[] = [];
  readonly params: CoreParam[] = [];
  readonly hosts: CoreHost[] = [];
  readonly #made = new Map<string, readonly string[]>();
  /** Every print that was ever asked for, oldest first. */
  readonly prints: CorePrintOrder[] = [];
  readonly #printing: CorePrintOrder[] = [];
  /** Of printing. */
  printCode = 0;
  /** Prints are not answered. */
  isPrinting = false;
  readonly keptPrints: string[] = [];
  readonly cancelledPrints: string[] = [];

  loadPlugin(spec: CorePluginSpec): number {
    if (this.loadCode !== 0) return this.loadCode;
    this.pluginLoads.push(spec);
    this.loading.push(spec);
    return 0;
  }

  unloadPlugin(id: readonly number[]): number {
    this.unloaded.push(idOfWords(id));
    this.live.delete(idOfWords(id));
    return 0;
  }

  makeChain(spec: CoreChainSpec): number {
    if (this.chainCode !== 0) return this.chainCode;
    const ids = spec.plugins.map(idOfWords);
    if (ids.some((id) => !this.live.has(id))) return ERRORS.ERR_NO_SUCH_INSTANCE.code;
    this.chainsMade.push(spec);
    this.#made.set(spec.id.join(), ids);
    return 0;
  }

  printLoop(order: CorePrintOrder): number {
    this.prints.push(order);
    this.#printing.push(order);
    return 0;
  }

  keepPrint(id: readonly number[]): number {
    this.keptPrints.push(idOfWords(id));
    return 0;
  }

  cancelPrint(id: readonly number[]): number {
    if (this.#printing.every((order) => order.id.join() !== id.join())) {
      return ERRORS.ERR_NO_SUCH_JOB.code;
    }
    this.cancelledPrints.push(idOfWords(id));
    return 0;
  }

  bypassPlugin(id: readonly number[], isOn: boolean): number {
    this.bypassed.push([idOfWords(id), isOn]);
    return 0;
  }

  retryPlugin(id: readonly number[]): number {
    this.retried.push(idOfWords(id));
    return 0;
  }

  pluginParams(id: readonly number[], from: number, capacity: number) {
    return this.live.has(idOfWords(id)) ? this.params.slice(from, from + capacity) : null;
  }

  pluginHosts() {
    return this.hosts;
  }

  /** What was loaded by now. */
  protected loadedEvents(): CoreEvent[] {
    const ended = this.isLoading ? [] : this.loading.splice(0);
    const loaded = ended.map(({ id }) => {
      if (this.loadedCode === 0) this.live.add(idOfWords(id));
      return makeEvent({
        kind: EVENT_KIND.pluginLoaded,
        id,
        code: this.loadedCode,
        value: LATENCY_FRAMES,
        value2: PARAM_COUNT,
        detail: this.isInstrument ? PLUGIN_IS.instrument : PLUGIN_IS.hasInput,
      });
    });
    const isOver = ({ id }: CorePrintOrder) =>
      !this.isPrinting || this.cancelledPrints.includes(idOfWords(id));
    const over = this.#printing.filter(isOver);
    for (const order of over) this.#printing.splice(this.#printing.indexOf(order), 1);
    return [...loaded, ...over.flatMap((order) => this.#printed(order))];
  }

  #printed({ flags, id }: CorePrintOrder): CoreEvent[] {
    const isCancelled = this.cancelledPrints.includes(idOfWords(id));
    const code = isCancelled ? ERRORS.ERR_PLUGINS_NOT_PRINTED.code : this.printCode;
    const isKept = code === 0 && flags === PRINT_FLAGS.kept;
    return [
      makeEvent({ kind: EVENT_KIND.takeLoaded, id, code }),
      ...(isKept ? [makeEvent({ kind: EVENT_KIND.takeSpooled, id })] : []),
    ];
  }

  /** Each chain is handed over once; 0, or the code why not. */
  protected setChain({ flags, id, slot }: CoreCommand): number {
    const place = (flags & COMMAND_FLAGS.input) === 0 ? String(slot) : 'input';
    const isNone = id.every((word) => word === 0);
    const chain = isNone ? [] : this.#made.get(id.join());
    this.#made.delete(id.join());
    if (!chain) return ERRORS.ERR_NO_SUCH_INSTANCE.code;
    this.chains.set(place, chain);
    return 0;
  }
}
