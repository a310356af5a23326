import CFlowLeaf

/// Which plug-ins each lane goes through, and what has to wait until the audio thread knows it.
///
/// Thread: main.
final class PlanKeeper {
    let exchange: PlanExchange
    private var chains = [Chain](repeating: Chain(), count: Int(FLOW_LANE_COUNT))
    /// Every plan that the audio thread may still use; the last one is the newest.
    private var plans: [UnsafeMutablePointer<HostPlan>]
    private var waiting: [(number: UInt64, act: () -> Void)] = []
    private let segments: HostSegments
    private let bell: UnsafeRawPointer

    private struct Chain {
        var isAhead = false
        var instances: [UInt32] = []
    }

    init(_ segments: HostSegments) {
        let first = UnsafeMutablePointer<HostPlan>.allocate(capacity: 1)
        first.initialize(to: HostPlan(number: 1, []))
        plans = [first]
        exchange = PlanExchange(first)
        self.segments = segments
        let offset = MemoryLayout<flow_to_host>.offset(of: \.bell) ?? 0
        bell = UnsafeRawPointer(segments.toHost) + offset
    }

    /// An instance has one place: it leaves the one it had.
    func set(lane: Int, isAhead: Bool, _ instances: [UInt32]) {
        segments.touch(lane: lane)
        for instance in instances { remove(instance) }
        chains[lane] = Chain(isAhead: isAhead, instances: instances)
    }

    func remove(_ instance: UInt32) {
        for lane in chains.indices { chains[lane].instances.removeAll { $0 == instance } }
    }

    /// Makes the chains what the audio thread plays from its next block on.
    ///
    /// - Parameter seat: The instance of a number; nil for one that is not there, which passes.
    func publish(_ seat: (UInt32) -> AudioSeat?) {
        let number = newestNumber + 1
        let plan = UnsafeMutablePointer<HostPlan>.allocate(capacity: 1)
        plan.initialize(
            to: HostPlan(
                number: number, chains.map { ($0.isAhead, $0.instances.compactMap(seat)) }))
        plans.append(plan)
        exchange.publish(plan)
        flow_segment_wake(UnsafeMutableRawPointer(mutating: bell))
    }

    /// Does something once the audio thread plays what was published last, and nothing older.
    func afterwards(_ act: @escaping () -> Void) { waiting.append((newestNumber, act)) }

    /// Whether the audio thread has not yet taken over what somebody waits for.
    var isWaiting: Bool { !waiting.isEmpty || plans.count > 1 }

    /// Frees what the audio thread let go of, and does what waited for that.
    func settle() {
        let adopted = exchange.adoptedNumber
        while let oldest = plans.first, oldest.pointee.number < adopted {
            oldest.pointee.deallocate()
            oldest.deallocate()
            plans.removeFirst()
        }
        while let first = waiting.first, first.number <= adopted {
            waiting.removeFirst()
            first.act()
        }
    }

    private var newestNumber: UInt64 { plans.last?.pointee.number ?? 0 }
}
