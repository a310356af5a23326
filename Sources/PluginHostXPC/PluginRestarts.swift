import CFlowLeaf
import CVST3
import HostContract

/// What plug-ins ask their host to do anew.
extension HostDesk {
    /// A plug-in that asks for it with every life would never play.
    private static let renewalsMax = 16

    /// Does what a plug-in asks for in `changes`, some of VST3_CHANGED_*.
    func restart(_ plugin: HostedPlugin, _ changes: UInt32) {
        if changes & UInt32(VST3_CHANGED_RELOAD) != 0 {
            plugin.renewalCount += 1
            if plugin.renewalCount <= Self.renewalsMax { return makeAnew(plugin) }
            socket.queue(.log(text: "plug-in \(plugin.number) asks to be loaded again too often"))
        }
        if changes & UInt32(VST3_CHANGED_BUSSES) != 0 { return rearrange(plugin) }
        if changes & UInt32(VST3_CHANGED_LATENCY) != 0 { followLatency(plugin) }
        if changes & UInt32(VST3_CHANGED_TITLES) != 0 {
            heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_RUN)
            let free = plugin.readParameters()
            heartbeat.leaveForeignCode()
            publish()
            plans.afterwards(free)
        }
        markDirty(plugin)
    }

    /// Takes over another latency.
    ///
    /// Nothing is stopped for it: some plug-ins are silent afterwards.
    private func followLatency(_ plugin: HostedPlugin) {
        heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_RUN)
        let free = plugin.readLatency()
        heartbeat.leaveForeignCode()
        guard let free else { return }
        publish()
        plans.afterwards(free)
        socket.queue(.latency(instance: plugin.number, frames: plugin.latencyFrames))
    }

    /// Loads it again with its state; meanwhile its lane passes.
    private func makeAnew(_ plugin: HostedPlugin) {
        withdrawn(plugin) { [self] () throws(MakeFailure) in
            heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_GET_STATE)
            let state = plugin.unplayedState ?? plugin.instance.state()
            end(plugin)
            let made = try maker.make(plugin.number, plugin.origin, state: state)
            return plugin.replace(by: made, state: state)
        }
    }

    /// Agrees on busses anew; meanwhile its lane passes.
    private func rearrange(_ plugin: HostedPlugin) {
        withdrawn(plugin) { [self] () throws(MakeFailure) in
            heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_ACTIVATE)
            defer { heartbeat.leaveForeignCode() }
            let (instance, origin) = (plugin.instance, plugin.origin)
            instance.stop()
            do throws(PluginError) {
                try instance.setup(rateHz: origin.rateHz, blockFramesMax: origin.blockFramesMax)
                try instance.start()
            } catch {
                instance.destroy()
                throw MakeFailure(error)
            }
            plugin.readLayout()
            return plugin.readLatency() ?? {}
        }
    }

    /// Does something to a plug-in while the audio thread does not have it.
    ///
    /// `act` returns what to free when the plug-in plays again, and throws when it is gone.
    private func withdrawn(
        _ plugin: HostedPlugin, _ act: @escaping () throws(MakeFailure) -> () -> Void
    ) {
        plugin.isAway = true
        publish()
        plans.afterwards { [self] in
            if plugin.isLeaving { return }
            let latencyFrames = plugin.latencyFrames
            do throws(MakeFailure) {
                let free = try act()
                plugin.isAway = false
                publish()
                plans.afterwards(free)
            } catch {
                return lose(plugin, error)
            }
            if plugin.latencyFrames != latencyFrames {
                socket.queue(.latency(instance: plugin.number, frames: plugin.latencyFrames))
            }
            markDirty(plugin)
        }
    }

    private func lose(_ plugin: HostedPlugin, _ failure: MakeFailure) {
        plugins[plugin.number] = nil
        plans.remove(plugin.number)
        publish()
        plans.afterwards { plugin.deallocate() }
        refuse(0, plugin.number, failure.reason, failure.text)
    }
}
