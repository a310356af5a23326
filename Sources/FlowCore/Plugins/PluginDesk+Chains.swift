/// Chains: made for a place, handed over with the command that puts them there, and given back.
extension PluginDesk {
    /// Chains that nobody puts anywhere are given up beyond this many.
    private static let untakenMax = 64

    /// Makes a chain for chainSet.
    ///
    /// - Returns: 0; noSuchInstance when a plug-in of it is not loaded; busy when a host has no lane free.
    func makeChain(_ order: ChainOrder) -> UInt32 {
        lock.withLock {
            guard !isEnded, !chains.contains(where: { $0.id == order.id }) else {
                return ErrorCode.busy
            }
            let wanted = order.plugins.compactMap { plugins[$0] }
            guard wanted.count == order.plugins.count, wanted.allSatisfy(\.isKnown) else {
                return ErrorCode.noSuchInstance
            }
            dropUntaken(beyond: Self.untakenMax)
            var runs = Self.runs(wanted)
            if lanes(for: runs) == nil { dropUntaken(beyond: 0) }
            guard let lanes = lanes(for: runs) else { return ErrorCode.busy }
            let isAhead = !order.isInput && runs.allSatisfy { $0[0].hasInput }
            let seats = zip(runs, lanes).map { run, lane in
                HopSeat(
                    port: takePort(), lane: lane, plugins: run, isAhead: isAhead,
                    blocksPerSecond: Double(setup.sampleRateHz) / Double(setup.blockFrames))
            }
            runs = []
            let hops = seats.map { seat in
                ChainHop(
                    port: seat.port, lane: seat.lane,
                    latencyFrames: seat.plugins.reduce(0) { $0 + $1.latencyFrames },
                    hasInput: seat.plugins[0].hasInput, instances: seat.numbers)
            }
            let chain = PluginChain.make(
                id: order.id, hops: hops, isInput: order.isInput,
                blockFrames: setup.blockFrames, rateHz: setup.sampleRateHz)
            chains.append(ChainRecord(id: order.id, chain: chain, seats: seats))
            for seat in seats { seat.plugins[0].group.seats.append(seat) }
            return 0
        }
    }

    /// Neighbours in one host; an instrument begins anew, since its sound is added to what comes in.
    private static func runs(_ plugins: [PluginRecord]) -> [[PluginRecord]] {
        var runs: [[PluginRecord]] = []
        for plugin in plugins {
            if plugin.hasInput, let last = runs.last?.last, last.group === plugin.group {
                runs[runs.count - 1].append(plugin)
            } else {
                runs.append([plugin])
            }
        }
        return runs
    }

    /// A free lane for each run, or nil.
    private func lanes(for runs: [[PluginRecord]]) -> [Int]? {
        var taken: [UInt32: Set<Int>] = [:]
        var lanes: [Int] = []
        for run in runs {
            let group = run[0].group
            let free = (0..<HostLane.count).first { lane in
                group.isFree(lane: lane) && !(taken[group.number]?.contains(lane) ?? false)
            }
            guard let free else { return nil }
            taken[group.number, default: []].insert(free)
            lanes.append(free)
        }
        return lanes
    }

    private func takePort() -> HostPort {
        guard let spare = sparePorts.popLast() else { return HostPort() }
        spare.clear()
        return spare
    }

    private func dropUntaken(beyond count: Int) {
        let untaken = chains.filter { !$0.isTaken }
        for record in untaken.dropLast(count) { drop(record) }
    }

    private func drop(_ record: ChainRecord) {
        chains.removeAll { $0 === record }
        for seat in record.seats {
            // Its plug-ins may have moved since.
            for group in groups where group.seats.contains(where: { $0 === seat }) {
                group.remove(seat)
                threads[group.number]?.ring()
            }
            sparePorts.append(seat.port)
        }
        PluginChain.free(record.chain)
    }
}

extension PluginDesk: ChainSource {
    func takeChain(_ id: TakeID) -> UnsafeMutablePointer<PluginChain>? {
        lock.withLock {
            guard let record = chains.first(where: { $0.id == id && !$0.isTaken }) else {
                return nil
            }
            record.isTaken = true
            takenCount += 1
            for seat in record.seats {
                seat.order = takenCount
                for plugin in seat.plugins { threads[plugin.group.number]?.ring() }
            }
            return record.chain
        }
    }

    func giveBack(_ chain: UnsafeMutablePointer<PluginChain>) {
        lock.withLock {
            if let record = chains.first(where: { $0.chain == chain }) { drop(record) }
        }
    }

    func instance(of plugin: TakeID) -> UInt32? {
        lock.withLock { plugins[plugin].flatMap { $0.isKnown ? $0.number : nil } }
    }

    func noteParam(of plugin: TakeID, param: UInt32, value: Double) {
        lock.withLock {
            guard let record = plugins[plugin] else { return }
            record.group.note(record, param, value, atMs: setup.now())
            threads[record.group.number]?.ring()
        }
    }
}
