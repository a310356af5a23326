import HostContract

/// How a life goes on, and how it ends.
extension HostGroup {
    private static let rlimitBytes = 2 * MemoryWatch.limitBytes

    /// One look at a life.
    func live(_ life: any HostLife, _ nowMs: Double) -> HostDeed {
        do throws(ContractError) {
            for answer in try life.receive() { take(answer, atMs: nowMs) }
        } catch {
            return lose(life, .crashed, atMs: nowMs)
        }
        if life.hasEnded { return lose(life, .crashed, atMs: nowMs) }
        if watch.read(life.signs, atMs: nowMs) { return lose(life, .hung, atMs: nowMs) }
        if isTooLarge(life, nowMs) { return lose(life, .memory, atMs: nowMs) }
        takeEchoes(life, nowMs)
        if hasGreeted {
            // Before anything is asked that the host may need long for.
            settleSeats(life, nowMs)
            loadNext(nowMs)
            partWithLeavers(nowMs)
            askForStates(nowMs)
        }
        tellMoved(nowMs)
        tellHeard(nowMs)
        return .rest(ms: restMs(nowMs))
    }

    private func isTooLarge(_ life: any HostLife, _ nowMs: Double) -> Bool {
        guard isComplete, nowMs >= memory.dueMs, let now = life.measure() else { return false }
        usage = now
        let read = memory.read(now.residentBytes, atMs: nowMs)
        if read.isBase { life.limitGrowth(to: Self.rlimitBytes) }
        switch read.verdict {
        case .fine: return false
        case .tooLarge: return true
        case .growing:
            var event = CoreEvent(.notice)
            event.errorCode = ErrorCode.pluginMemory
            event.slot = Int(number)
            if let only = plugins.first, plugins.count == 1 { event.id = only.id }
            owner.post(event)
            return false
        }
    }

    /// The life is over, or is to be: says so, and what follows.
    private func lose(
        _ life: any HostLife, _ failure: HostFailure, atMs nowMs: Double
    ) -> HostDeed {
        let signs = life.signs
        let blamed: UInt64
        switch failure {
        case .hung: blamed = watch.hanging
        case .memory: blamed = plugins.count == 1 ? UInt64(plugins[0].number) : 0
        default:
            blamed = signs.currentInstance != 0 ? signs.currentInstance : signs.mainInstance
        }
        let culprit = plugins.first { UInt64($0.number) == blamed }
        if let culprit, culprit.isOnTrial(inPhase: signs.phase),
            failure != .crashed || !life.wasKilled
        {
            culprit.diedEarly(inPhase: signs.phase)
        }
        let ports = release()
        stage = .changing
        let code = Self.code(failure)
        for plugin in plugins { plugin.dryCode = code }
        tellHeard(nowMs)
        fail(failure, culprit: culprit)
        return .bury(life, ports)
    }

    /// Takes the life from audio thread and plug-ins; returns where it may still be in use.
    func release() -> [HostPort] {
        for seat in seats { seat.leave() }
        asks = [:]
        life = nil
        for plugin in plugins {
            plugin.lifeEnded()
            guard plugin.stage == .unloading else { continue }
            remove(plugin)
            owner.left(plugin)
        }
        return seats.map(\.port)
    }

    /// Counts a failure, and decides whether another life follows.
    func fail(_ failure: HostFailure, culprit: PluginRecord?) {
        let code = Self.code(failure)
        let isLast = retries >= Self.retriesMax
        culprit?.failureCount += 1
        if culprit == nil, plugins.count > 1, failure.isOfPlugins { unclearCount += 1 }
        retries = min(retries + 1, Self.retriesMax)
        tell(HostState.lost, code, culprit)
        let isRepeated = culprit.map { $0.failureCount >= Self.failuresOfOneMax } ?? false
        if let culprit, isRepeated, plugins.count > 1 {
            let own = retries
            // Its mates begin anew without it.
            retries = max(0, retries - culprit.failureCount)
            remove(culprit)
            owner.quarantine(culprit)
            culprit.group.retries = own
        } else if culprit == nil, plugins.count > 1, unclearCount >= Self.failuresOfOneMax {
            putApart()
        } else if isLast {
            giveUp(culprit)
        }
    }

    /// One of them takes the others down and cannot be named: each gets a process of its own.
    private func putApart() {
        retries = max(0, retries - unclearCount)
        unclearCount = 0
        for plugin in plugins where plugin.stage != .failed {
            remove(plugin)
            owner.quarantine(plugin)
            if plugin.group !== self { plugin.group.retries = retries }
        }
    }

    private func giveUp(_ culprit: PluginRecord?) {
        isGivenUp = true
        tell(HostState.gaveUp, ErrorCode.pluginOff, culprit)
        for plugin in plugins {
            plugin.dryCode = ErrorCode.pluginOff
            if plugin.toldHeard != nil { tellHeard(plugin, false) }
            if !plugin.isKnown { tellLoaded(plugin, ErrorCode.pluginLoad) }
        }
    }

    /// As often a plug-in may take its mates down.
    private static let failuresOfOneMax = 2

    static func code(_ failure: HostFailure) -> UInt32 {
        switch failure {
        case .hung: ErrorCode.pluginTimeout
        case .memory: ErrorCode.pluginMemory
        case .crashed, .segment, .spawn: ErrorCode.pluginCrash
        }
    }

    /// How long nothing has to be done unless the host says something.
    private func restMs(_ nowMs: Double) -> Int {
        var rest = watch.untilNextMs(nowMs)
        let isPlaying = seats.contains { $0.isTaken }
        if isPlaying { rest = min(rest, Self.lookMs) }
        if seats.contains(where: { isDeferred($0) }) { rest = min(rest, Self.deferredMs) }
        for plugin in plugins where plugin.stage == .loaded {
            guard let due = plugin.snapshots.dueMs, hasNoAsks else { continue }
            rest = min(rest, Int((due - nowMs).rounded(.up)))
        }
        return max(1, rest)
    }

    /// Ports and echoes are looked at this often while a chain plays.
    static let lookMs = 33
    /// A chain that waits for its place is looked at this often.
    static let deferredMs = 5
}
