import CFlowLeaf
import HostContract

/// What plug-ins do by themselves, brought to their other half, to the audio thread and to the engine.
extension HostDesk {
    /// Looks at every plug-in; many times a second.
    func tellNews() {
        for plugin in plugins.values where !plugin.isAway {
            takeEdits(plugin)
            takeMoves(plugin)
            heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_RUN)
            let changes = plugin.instance.takeChanges()
            heartbeat.leaveForeignCode()
            if changes != 0 { restart(plugin, changes) }
        }
    }

    /// Knobs that were turned outside of blocks: the next block has them too.
    private func takeEdits(_ plugin: HostedPlugin) {
        while let (id, edited) = plugin.instance.takeEdit() {
            guard edited.isFinite else { continue }
            let value = min(max(edited, 0), 1)
            plugin.pendingEdits[id] = value
            plugin.untoldEdits[id] = value
            markDirty(plugin)
        }
        feed(plugin)
        for (id, value) in plugin.untoldEdits where !socket.isFull {
            plugin.untoldEdits[id] = nil
            socket.queue(.edited(instance: plugin.number, param: id, value: value))
        }
    }

    /// Gives the audio thread as many of the pending values as it has room for.
    func feed(_ plugin: HostedPlugin) {
        for (id, value) in plugin.pendingEdits where plugin.life.edits.put(id, value) {
            plugin.pendingEdits[id] = nil
        }
    }

    /// Values of blocks: the half that describes the parameters has to know them.
    private func takeMoves(_ plugin: HostedPlugin) {
        let moves = plugin.takeMoves()
        guard !moves.isEmpty else { return }
        heartbeat.enterForeignCode(of: plugin.number, FLOW_PHASE_RUN)
        for move in moves { plugin.instance.set(move.param, move.value) }
        heartbeat.leaveForeignCode()
        markDirty(plugin)
    }

    /// Tells once that the state is another, until it is asked for.
    func markDirty(_ plugin: HostedPlugin) {
        guard !plugin.isDirty else { return }
        plugin.isDirty = true
        socket.queue(.dirty(instance: plugin.number))
    }
}
