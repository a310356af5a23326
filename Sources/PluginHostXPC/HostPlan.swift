import CFlowLeaf

/// What goes through which plug-ins: one state of all lanes, never changed once it is made.
struct HostPlan {
    /// The plug-ins of one lane, in order.
    struct Lane {
        /// Its blocks are wanted later and all of them: none is left out, and the others go first.
        var isAhead = false
        fileprivate(set) var seats: UnsafeMutablePointer<AudioSeat>?
        fileprivate(set) var count = 0
    }

    /// Grows with each plan.
    let number: UInt64
    private let lanes: UnsafeMutablePointer<Lane>

    /// - Parameters:
    ///   - number: Higher than that of every plan before.
    ///   - chains: One for each lane.
    init(number: UInt64, _ chains: [(isAhead: Bool, seats: [AudioSeat])]) {
        self.number = number
        lanes = .allocate(capacity: Int(FLOW_LANE_COUNT))
        lanes.initialize(repeating: Lane(), count: Int(FLOW_LANE_COUNT))
        for (index, chain) in chains.prefix(Int(FLOW_LANE_COUNT)).enumerated() {
            lanes[index].isAhead = chain.isAhead
            guard !chain.seats.isEmpty else { continue }
            let seats = UnsafeMutablePointer<AudioSeat>.allocate(capacity: chain.seats.count)
            seats.initialize(from: chain.seats, count: chain.seats.count)
            lanes[index].seats = seats
            lanes[index].count = chain.seats.count
        }
    }

    func deallocate() {
        for index in 0..<Int(FLOW_LANE_COUNT) { lanes[index].seats?.deallocate() }
        lanes.deallocate()
    }

    /// Lane `index`, 0 ..< FLOW_LANE_COUNT.
    func lane(_ index: Int) -> Lane { lanes[index] }
}

/// Hands the audio thread its plan, and tells when it has let go of those before.
///
/// Neither side waits: the audio thread looks for a newer plan before each block.
struct PlanExchange: @unchecked Sendable {
    private let newest: SharedWord
    private let adopted = SharedWord()

    init(_ first: UnsafeMutablePointer<HostPlan>) {
        newest = SharedWord(UInt64(UInt(bitPattern: first)))
    }

    /// Thread: main.
    func publish(_ plan: UnsafeMutablePointer<HostPlan>) {
        newest.store(UInt64(UInt(bitPattern: plan)))
    }

    /// The number of the oldest plan that the audio thread may still use. Thread: main.
    var adoptedNumber: UInt64 { adopted.load() }

    /// The newest plan, valid until the next call. Thread: audio, while it holds no other.
    func adopt() -> UnsafeMutablePointer<HostPlan>? {
        let plan = UnsafeMutablePointer<HostPlan>(bitPattern: UInt(newest.load()))
        if let plan { adopted.store(plan.pointee.number) }
        return plan
    }
}
