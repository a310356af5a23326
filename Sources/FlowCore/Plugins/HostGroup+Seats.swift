import HostContract

/// Which hops of chains the host plays, and which of them are heard.
extension HostGroup {
    /// Puts the life into the ports of hops whose plug-ins are all there, and nowhere else.
    func settleSeats(_ life: any HostLife, _ nowMs: Double) {
        for seat in seats {
            switch seat.stage {
            case .away:
                // A host that loads answers late: until then they go on where they are.
                guard hasNoAsks, mayPlay(seat), !isDeferred(seat) else { continue }
                if life.prepare(lane: seat.lane) { play(seat) }
            case .asked:
                if !mayPlay(seat) { seat.leave() }
            case .on:
                // What was turned last came too late for a block.
                if seat.look(atMs: nowMs) { giveAll(seat) }
                if !mayPlay(seat) {
                    seat.leave()
                } else if seat.breaker.read(seat.counts, atMs: nowMs) {
                    seat.rest()
                    for plugin in seat.plugins { plugin.dryCode = ErrorCode.pluginSlow }
                }
            case .resting:
                if !mayPlay(seat) {
                    seat.leave()
                } else if !seat.breaker.isOpen(nowMs) {
                    seat.start(life.lease, atMs: nowMs)
                    // What was on its way when it was left.
                    giveAll(seat)
                }
            }
        }
    }

    /// Whether all its plug-ins are there, and in no later chain.
    private func mayPlay(_ seat: HopSeat) -> Bool {
        seat.isTaken
            && seat.plugins.allSatisfy { $0.group === self && $0.stage == .loaded }
            && !seats.contains {
                $0.order > seat.order && $0.stage != .away && $0.competes(with: seat)
            }
    }

    /// Whether its plug-ins still play in the chain before it: until it is in its place, they go on there.
    func isDeferred(_ seat: HopSeat) -> Bool {
        seat.stage == .away && seat.isTaken && !seat.port.isAsked
            && seats.contains { $0.stage != .away && $0.competes(with: seat) }
    }

    private func play(_ seat: HopSeat) {
        for other in seats where other.competes(with: seat) { other.leave() }
        seat.stage = .asked
        // What was on its way to the chain before.
        giveAll(seat)
        send(
            .chain(
                request: ask(.chain(seat)), lane: UInt32(seat.lane), isAhead: seat.isAhead,
                instances: seat.numbers))
    }

    private func giveAll(_ seat: HopSeat) {
        for plugin in seat.plugins { give(plugin, plugin.journal.values) }
    }

    /// A chain is gone; its plug-ins may be in another one, or nowhere.
    func remove(_ seat: HopSeat) {
        let wasThere = seat.stage != .away
        seat.leave()
        pastWet += seat.counts.wet
        pastMissed += seat.counts.missed
        pastScrubbed += seat.port.scrubbedBlocks(lane: seat.lane)
        seats.removeAll { $0 === seat }
        guard wasThere, life != nil else { return }
        send(
            .chain(
                request: ask(.clear), lane: UInt32(seat.lane), isAhead: seat.isAhead,
                instances: []))
    }

    /// Lanes that a chain has, in its place or not.
    func isFree(lane: Int) -> Bool { !seats.contains { $0.lane == lane } }

    /// Tells which plug-ins are heard and which no more.
    func tellHeard(_ nowMs: Double) {
        for plugin in plugins {
            let own = seats.filter { seat in seat.plugins.contains { $0 === plugin } }
            let isHeard = own.contains { $0.isWet }
            if isHeard { plugin.dryCode = 0 }
            plugin.take(isHeard: own.contains { $0.isHeard }, atMs: nowMs)
            guard isHeard || plugin.toldHeard != nil else { continue }
            let isOtherwise = plugin.toldHeard != isHeard || plugin.toldCode != plugin.dryCode
            if isOtherwise { tellHeard(plugin, isHeard) }
        }
    }

    /// A value was turned: a block brings it, and where none goes through the plug-in the socket.
    ///
    /// What the socket brings late must not be older than what a block has brought: while the host has
    /// something else to answer, the newest goes both ways.
    func note(_ plugin: PluginRecord, _ param: UInt32, _ value: Double, atMs nowMs: Double) {
        plugin.journal.note(param, value, atMs: nowMs)
        plugin.touched()
        plugin.snapshots.changed(atMs: nowMs)
        let own = seats.filter { seat in
            seat.stage == .on && seat.plugins.contains { $0 === plugin }
        }
        for seat in own where seat.look(atMs: nowMs) { giveAll(seat) }
        guard !hasNoAsks || !own.contains(where: \.isPlayed) else { return }
        switch plugin.stage {
        case .loaded: give(plugin, [ParamValue(param: param, value: value)])
        case .loading: plugin.isBehind = true
        case .reading, .waiting, .failed, .unloading: break
        }
    }
}
