/** The calls of libFlowCore about plug-ins; every one returns at once. */
import type { Pointer } from 'bun:ffi';
import { CHAIN_FLAGS } from '../../protocol/abi.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { CoreHost, CorePlugins } from '../session/core/plugins.ts';
import { type Calls, refusal } from './core-library.ts';
import {
  ChainSpecBytes,
  HostRecordBytes,
  PluginParamBytes,
  PluginSpecBytes,
  PrintOrderBytes,
  readHostRecord,
  readPluginParam,
  writeChainSpec,
  writePluginSpec,
  writePrintOrder,
} from './flow-core.generated.ts';

/** More makers than anybody has plug-ins of in one session. */
const HOSTS_MAX = 64;

const recordsOf = <Each>(
  bytes: Uint8Array,
  count: number,
  bytesEach: number,
  read: (view: DataView, at: number) => Each,
): Each[] => {
  const view = new DataView(bytes.buffer);
  return Array.from({ length: Math.max(0, count) }, (_, index) => read(view, index * bytesEach));
};

const wordsOf = (id: readonly number[]) => Uint32Array.from(id);

export const corePluginsOf = (calls: Calls, handle: Pointer): CorePlugins => {
  const hosts = new Uint8Array(HOSTS_MAX * HostRecordBytes);
  return {
    loadPlugin(spec) {
      const record = new Uint8Array(PluginSpecBytes);
      writePluginSpec(new DataView(record.buffer), 0, spec);
      return refusal(calls.fz_plugin_load(handle, record));
    },
    unloadPlugin: (id) => refusal(calls.fz_plugin_unload(handle, wordsOf(id))),
    makeChain({ id, isInput, plugins }) {
      const record = new Uint8Array(ChainSpecBytes);
      writeChainSpec(new DataView(record.buffer), 0, {
        id,
        flags: isInput ? CHAIN_FLAGS.input : 0,
        count: plugins.length,
        plugins: plugins.flat(),
      });
      return refusal(calls.fz_plugin_chain(handle, record));
    },
    printLoop(order) {
      const record = new Uint8Array(PrintOrderBytes);
      writePrintOrder(new DataView(record.buffer), 0, order);
      return refusal(calls.fz_loop_print(handle, record));
    },
    keepPrint: (id) => refusal(calls.fz_loop_keep(handle, wordsOf(id))),
    cancelPrint: (id) => refusal(calls.fz_print_cancel(handle, wordsOf(id))),
    bypassPlugin: (id, isOn) => refusal(calls.fz_plugin_bypass(handle, wordsOf(id), isOn ? 1 : 0)),
    retryPlugin: (id) => refusal(calls.fz_plugin_retry(handle, wordsOf(id))),
    pluginParams(id, from, capacity) {
      const room = Math.min(capacity, LIMITS.pluginParamPage);
      const bytes = new Uint8Array(room * PluginParamBytes);
      const count = calls.fz_plugin_params(handle, wordsOf(id), from, bytes, room);
      return count < 0 ? null : recordsOf(bytes, count, PluginParamBytes, readPluginParam);
    },
    pluginHosts() {
      const count = calls.fz_plugin_hosts(handle, hosts, HOSTS_MAX);
      return recordsOf(hosts, count, HostRecordBytes, readHostRecord).map(
        (record): CoreHost => ({ ...record, isQuarantine: record.isQuarantine !== 0 }),
      );
    },
  };
};
