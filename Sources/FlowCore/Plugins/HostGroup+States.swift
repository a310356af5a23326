import HostContract

/// Loading plug-ins with their states, keeping these new, and parting with plug-ins.
extension HostGroup {
    var hasNoAsks: Bool {
        !asks.values.contains {
            switch $0 {
            case .load, .state: true
            case .unload, .chain, .clear, .params: false
            }
        }
    }

    /// Loads one after the other: the host names whom it has in hand, and the others' states wait here.
    func loadNext(_ nowMs: Double) {
        // Who is loaded is heard first: while the host loads the next it seats nobody.
        guard hasNoAsks, !seats.contains(where: { $0.stage == .asked }) else { return }
        guard let next = plugins.first(where: { $0.stage == .waiting }) else {
            if !isComplete, !plugins.contains(where: { $0.stage == .reading }) {
                isComplete = true
                tell(HostState.running)
            }
            return
        }
        isComplete = false
        life?.limitGrowth(to: Self.loadBytesMax)
        next.askedToLoad(atMs: nowMs)
        send(
            .load(
                LoadRequest(
                    request: ask(.load(next)), instance: next.number, bundle: next.order.bundle,
                    classId: next.order.classId, sampleRateHz: Double(shape.sampleRateHz),
                    blockFramesMax: UInt32(HostLane.blockFramesMax(usual: shape.blockFrames)),
                    state: next.ladder.state, values: next.journal.values)))
    }

    /// What a host may map while something loads: samples, a screen that is not there.
    private static let loadBytesMax = 8 << 30

    /// Asks for what is due, one at a time and never while something loads.
    func askForStates(_ nowMs: Double) {
        guard hasNoAsks, isComplete else { return }
        let due = plugins.first { plugin in
            guard plugin.stage == .loaded, let dueMs = plugin.snapshots.dueMs else { return false }
            return nowMs >= dueMs || endsAtMs != nil
        }
        if let due { askForState(due, nowMs) }
    }

    private func askForState(_ plugin: PluginRecord, _ nowMs: Double) {
        plugin.snapshots.asked(atMs: nowMs)
        send(
            .getState(request: ask(.state(plugin, atMs: nowMs)), instance: plugin.number))
    }

    /// Whether the engine's end waits for it.
    func isOwed(_ plugin: PluginRecord) -> Bool {
        plugin.stage == .loaded && (plugin.snapshots.isDirty || isAsked(plugin))
    }

    private func isAsked(_ plugin: PluginRecord) -> Bool {
        asks.values.contains {
            if case .state(let asked, _) = $0 { asked === plugin } else { false }
        }
    }

    func keep(_ bytes: [UInt8], of plugin: PluginRecord, askedAtMs: Double) {
        let isStateLost = plugin.ladder.takeLoss(plugin.journal.isEmpty ? bytes : nil)
        if plugin.takeLostMoves() || isStateLost { tellStateLost(plugin) }
        plugin.snapshots.told(byteCount: bytes.count)
        // Only what blocks have brought to the plug-in is in its state.
        if let since = plugin.heardSinceMs, since < askedAtMs - Self.onItsWayMs {
            plugin.journal.forget(before: askedAtMs - Self.onItsWayMs)
        }
        if plugin.ladder.keep(bytes) { owner.keepState(bytes, of: plugin) }
    }

    /// As long a value may be on its way from the command to the plug-in.
    private static let onItsWayMs = 250.0

    /// Plug-ins that nobody needs leave, with their newest state told.
    func partWithLeavers(_ nowMs: Double) {
        for plugin in plugins where plugin.isLeaving && !owner.isHeld(plugin) {
            switch plugin.stage {
            case .loaded:
                guard hasNoAsks else { continue }
                if !plugin.hasTakenLeave {
                    plugin.hasTakenLeave = true
                    if plugin.snapshots.isDirty { return askForState(plugin, nowMs) }
                }
                plugin.stage = .unloading
                send(
                    .unload(request: ask(.unload(plugin)), instance: plugin.number))
            case .reading, .waiting, .failed:
                remove(plugin)
                owner.left(plugin)
            case .loading, .unloading: break
            }
        }
    }
}
