import CFlowLeaf

/// The host's audio thread: takes each posted block of each lane, has it played, hands the result back.
///
/// It sleeps on the engine's bell and beats whether blocks come or not. In a lane that is heard at once
/// it leaves out what is more than two blocks behind: the engine has already played something else
/// for it. In lanes that are played ahead every block is wanted, after those that are heard at once.
struct HostLoop {
    private static let backlogMax: UInt64 = 2
    private static let laneCount = Int(FLOW_LANE_COUNT)

    private let segments: HostSegments
    private let heartbeat: Heartbeat
    private let plans: PlanExchange
    private let bell: UnsafePointer<UInt64>
    /// The newest block answered in each lane.
    private let done: UnsafeMutablePointer<UInt64>
    private var render: BlockRender
    /// Where the lanes that are played ahead begin their turn.
    private var firstAhead = 0

    init?(_ segments: HostSegments, _ heartbeat: Heartbeat, _ plans: PlanExchange) {
        guard let offset = MemoryLayout<flow_to_host>.offset(of: \.bell) else { return nil }
        self.segments = segments
        self.heartbeat = heartbeat
        self.plans = plans
        bell = (UnsafeRawPointer(segments.toHost) + offset).assumingMemoryBound(to: UInt64.self)
        done = .allocate(capacity: Self.laneCount)
        done.initialize(repeating: 0, count: Self.laneCount)
        render = BlockRender(segments, heartbeat)
    }

    /// Runs until the process ends.
    mutating func run() -> Never {
        while true {
            heartbeat.beatAudio()
            let rung = flow_word_load(bell)
            if playOne() { continue }
            let seen = UInt32(truncatingIfNeeded: rung)
            flow_segment_wait(bell, seen, Int64(Heartbeat.everyMs) * 1_000_000)
        }
    }

    /// Plays the block that is most wanted; false when there is none.
    private mutating func playOne() -> Bool {
        flow_rt_enter()
        defer { flow_rt_exit() }
        guard let plan = plans.adopt() else { return false }
        return playOne(of: plan.pointee)
    }

    private mutating func playOne(of plan: HostPlan) -> Bool {
        for index in 0..<Self.laneCount where !plan.lane(index).isAhead {
            if advance(index, plan.lane(index)) { return true }
        }
        for turn in 0..<Self.laneCount {
            let index = (firstAhead + turn) % Self.laneCount
            guard plan.lane(index).isAhead, advance(index, plan.lane(index)) else { continue }
            firstAhead = index + 1
            return true
        }
        return false
    }

    /// Plays the next block of a lane; false when none is posted.
    private mutating func advance(_ index: Int, _ lane: HostPlan.Lane) -> Bool {
        let asked = flow_to_lane_at(segments.toHost, UInt32(index))
        let answers = flow_from_lane_at(segments.fromHost, UInt32(index))
        // `posted` is a lane's first word.
        let posted = UnsafeRawPointer(asked).assumingMemoryBound(to: UInt64.self)
        let newest = flow_word_load(posted)
        let last = done[index]
        guard newest > last else { return false }
        let isLate = !lane.isAhead && newest - last > Self.backlogMax
        let next = isLate ? newest - Self.backlogMax + 1 : last + 1
        let blocks = LaneBlocks(asked, seq: next, firstLate: last + 1)
        // One that is not there any more cannot be answered.
        if blocks.head.seq == next {
            render.play(blocks, lane, into: flow_result_at(answers, next))
        }
        done[index] = next
        flow_word_store(&answers.pointee.done, next)
        return true
    }
}
