import CFlowLeaf
import HostContract

extension HostDesk {
    /// Loads a plug-in and tells what it is; into its lanes it comes with the next plan.
    func load(_ load: LoadRequest) {
        guard plugins[load.instance] == nil else {
            refuse(load.request, load.instance, .isThere, "there is a plug-in \(load.instance)")
            return
        }
        let origin = PluginOrigin(load)
        do {
            let made = try maker.make(load.instance, origin, state: load.state)
            heartbeat.enterForeignCode(of: load.instance, FLOW_PHASE_LOAD)
            let plugin = HostedPlugin(load.instance, origin, made, state: load.state)
            give(plugin, load.values)
            let loaded = described(plugin, load.request)
            heartbeat.leaveForeignCode()
            plugins[load.instance] = plugin
            feed(plugin)
            publish()
            socket.queue(.loaded(loaded))
        } catch {
            refuse(load.request, load.instance, error.reason, error.text)
        }
    }

    /// Gives a plug-in values outside of any block; its state is another then.
    func set(_ plugin: HostedPlugin, _ values: [ParamValue]) {
        guard !plugin.isAway else { return keep(plugin, values) }
        heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_RUN)
        give(plugin, values)
        heartbeat.leaveForeignCode()
        feed(plugin)
        markDirty(plugin)
    }

    /// One half of it takes them at once, the other with its next block.
    private func give(_ plugin: HostedPlugin, _ values: [ParamValue]) {
        for value in values where value.value.isFinite {
            plugin.instance.set(value.param, value.value)
        }
        keep(plugin, values)
    }

    private func keep(_ plugin: HostedPlugin, _ values: [ParamValue]) {
        for value in values where value.value.isFinite {
            plugin.pendingEdits[value.param] = min(max(value.value, 0), 1)
        }
    }

    private func described(_ plugin: HostedPlugin, _ request: UInt32) -> LoadedPlugin {
        let layout = plugin.instance.layout
        let origin = plugin.origin
        return LoadedPlugin(
            request: request, instance: plugin.number, latencyFrames: plugin.latencyFrames,
            isInstrument: maker.shelf.isInstrument(origin.classId, of: origin.bundle),
            inputs: UInt32(layout.mainInputs),
            outputs: UInt32(layout.mainOutputs),
            paramCount: UInt32(plugin.instance.parameterCount))
    }

    /// Takes a plug-in out of its lane, then apart; answered when it is gone.
    func unload(_ request: UInt32, _ instance: UInt32) {
        guard let plugin = plugin(request, instance) else { return }
        plugins[instance] = nil
        plugin.isLeaving = true
        plans.remove(instance)
        publish()
        plans.afterwards { [self] in
            end(plugin)
            plugin.deallocate()
            socket.queue(.done(request: request))
        }
    }

    /// Stops and destroys the plug-in; no plan may have it.
    func end(_ plugin: HostedPlugin) {
        heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_ACTIVATE)
        plugin.instance.stop()
        plugin.instance.destroy()
        heartbeat.leaveForeignCode()
    }
}
