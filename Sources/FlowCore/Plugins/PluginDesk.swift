import CFlowLeaf
import Foundation
import HostContract

/// All plug-ins of an engine: loads them into the processes of their groups and makes chains of them.
///
/// - Thread: any but audio. One lock for all of it, never held while anything takes its time.
final class PluginDesk: @unchecked Sendable {
    /// What the desk is made from.
    struct Setup {
        /// Nil = there is no program that runs plug-ins.
        var hosts: (any HostTable)?
        var states: any StateStore
        var sampleRateHz: Int
        var blockFrames: Int
        var now: @Sendable () -> Double = { Double(flow_monotonic_ns()) / 1e6 }
        /// Whether each group gets a thread; without one somebody else gives it its turns.
        var hasThreads = true
    }

    let setup: Setup
    let lock = NSLock()
    let postEvent: @Sendable (CoreEvent) -> Void
    var plugins: [TakeID: PluginRecord] = [:]
    var groups: [HostGroup] = []
    var threads: [UInt32: HostThread] = [:]
    var chains: [ChainRecord] = []
    /// Ports that no chain has; never freed before the desk, since whoever buries a life looks at them.
    var sparePorts: [HostPort] = []
    var takenCount: UInt64 = 0
    private var pluginCount: UInt32 = 0
    private var groupCount: UInt32 = 0
    var isEnded = false
    /// Those whose newest state could not be stored; told once each.
    let unsaved = UnsavedStates()

    /// `post` may be called from any thread, under the desk's lock: it must not call back.
    init(_ setup: Setup, post: @escaping @Sendable (CoreEvent) -> Void) {
        self.setup = setup
        postEvent = post
    }

    deinit {
        for record in chains { PluginChain.free(record.chain) }
        for seat in chains.flatMap(\.seats) { seat.port.deallocate() }
        for port in sparePorts { port.deallocate() }
    }

    /// Loads a plug-in into the host of its group; answered by a pluginLoaded event.
    ///
    /// - Returns: 0, or the code why it cannot be asked for.
    func load(_ order: PluginOrder) -> UInt32 {
        sweep()
        let (code, isNew) = lock.withLock { () -> (UInt32, Bool) in
            guard setup.hosts != nil, !isEnded else { return (ErrorCode.pluginHostMissing, false) }
            if let there = plugins[order.id] {
                comeBack(there)
                return (0, false)
            }
            guard let group = group(of: order) else {
                return (ErrorCode.pluginHostMissing, false)
            }
            pluginCount += 1
            let plugin = PluginRecord(order, number: pluginCount, group: group)
            plugins[order.id] = plugin
            group.add(plugin)
            return (0, true)
        }
        guard isNew else { return code }
        setup.states.read(order) { [weak self] newest, earlier in
            self?.take(newest, earlier, order.id)
        }
        return 0
    }

    /// Takes a plug-in out of its process once no chain holds it.
    func unload(_ id: TakeID) -> UInt32 {
        withPlugin(id) { plugin in
            plugin.isLeaving = true
            plugin.isWantedAgain = false
        }
    }

    /// What goes through it passes, as late as itself.
    func bypass(_ id: TakeID, isOn: Bool) -> UInt32 {
        withPlugin(id) { plugin in
            plugin.isBypassed = isOn
            guard plugin.stage == .loaded else { return }
            plugin.group.send(.bypass(instance: plugin.number, isOn: isOn))
        }
    }

    /// Its host may be started again as often as a new one.
    func retry(_ id: TakeID) -> UInt32 { withPlugin(id) { $0.group.retry() } }

    /// All its parameters as it told them last; asking has them told anew. Nil = no such plug-in.
    func params(_ id: TakeID, from: Int, capacity: Int) -> [ParamInfo]? {
        lock.withLock {
            guard let plugin = plugins[id] else { return nil }
            if from == 0 { plugin.group.askForParams(plugin) }
            return Array(plugin.params.dropFirst(max(0, from)).prefix(max(0, capacity)))
        }
    }

    /// The processes, oldest first.
    func hosts() -> [HostPicture] {
        sweep()
        return lock.withLock { groups.map(\.picture) }
    }

    /// Ends all processes, with the plug-ins' newest states told if that takes no longer than this.
    func stop(deadlineMs: Int) {
        let threads = lock.withLock { () -> [HostThread] in
            isEnded = true
            let endMs = setup.now() + Double(deadlineMs) / 2
            for group in groups { group.endsAtMs = endMs }
            return Array(self.threads.values)
        }
        for thread in threads { thread.ring() }
        for thread in threads { thread.join() }
        lock.withLock {
            self.threads = [:]
            // They hold each other.
            for group in groups { (group.plugins, group.seats) = ([], []) }
            groups = []
        }
        setup.states.stop(deadlineMs: deadlineMs / 2)
    }

    private func withPlugin(_ id: TakeID, _ body: (PluginRecord) -> Void) -> UInt32 {
        lock.withLock {
            guard let plugin = plugins[id] else { return ErrorCode.noSuchInstance }
            body(plugin)
            threads[plugin.group.number]?.ring()
            return 0
        }
    }

    /// It is there, or just going.
    private func comeBack(_ plugin: PluginRecord) {
        plugin.isLeaving = false
        plugin.hasTakenLeave = false
        if plugin.stage == .unloading {
            plugin.isWantedAgain = true
        } else if plugin.stage == .loaded {
            plugin.group.tellLoaded(plugin)
        } else if plugin.stage == .failed || plugin.group.isGivenUp {
            plugin.group.retry()
            threads[plugin.group.number]?.ring()
        }
    }

    private func take(_ newest: [UInt8]?, _ earlier: [UInt8]?, _ id: TakeID) {
        lock.withLock {
            guard let plugin = plugins[id], plugin.stage == .reading else { return }
            plugin.ladder = StateLadder(newest: newest, earlier: earlier)
            if let original = plugin.order.like.flatMap({ plugins[$0] }) { plugin.copy(original) }
            plugin.stage = .waiting
            threads[plugin.group.number]?.ring()
        }
    }

    /// The group with its name that works, or a new one; copies are apart from what is heard.
    private func group(of order: PluginOrder) -> HostGroup? {
        let isAside = order.like != nil
        let there = groups.first {
            $0.name == order.group && $0.shape.isAside == isAside && !$0.isQuarantine
                && !$0.isGivenUp && $0.stage != .over
        }
        return there ?? makeGroup(order.group, isQuarantine: false, isAside: isAside)
    }

    /// Nil when the system gives no thread.
    func makeGroup(_ name: String, isQuarantine: Bool, isAside: Bool) -> HostGroup? {
        guard let hosts = setup.hosts else { return nil }
        groupCount += 1
        let group = HostGroup(
            number: groupCount, name: name, isQuarantine: isQuarantine,
            shape: HostGroup.Shape(
                sampleRateHz: setup.sampleRateHz, blockFrames: setup.blockFrames,
                isAside: isAside),
            owner: self)
        if setup.hasThreads {
            guard let thread = try? HostThread(group, hosts, lock: lock, now: setup.now) else {
                return nil
            }
            threads[group.number] = thread
        }
        groups.append(group)
        return group
    }

    /// Joins the threads of groups that are over.
    private func sweep() {
        let ended = lock.withLock { () -> [HostThread] in
            let over = threads.filter { $0.value.isOver }
            for number in over.keys {
                threads[number] = nil
                groups.removeAll { $0.number == number }
            }
            return Array(over.values)
        }
        for thread in ended { thread.join() }
    }
}
