import CFlowLeaf

/// The host's audio thread: takes each posted block of each lane, processes it, hands the result back.
///
/// It sleeps on the engine's bell and beats whether blocks come or not. More than two blocks behind in
/// a lane, it leaves the older ones out: the engine has already played something else for them.
struct HostLoop {
    private static let backlogMax: UInt64 = 2

    private let segments: HostSegments
    private let heartbeat: Heartbeat
    private let bell: UnsafePointer<UInt64>
    private var done = [UInt64](repeating: 0, count: Int(FLOW_LANE_COUNT))

    init?(_ segments: HostSegments, _ heartbeat: Heartbeat) {
        guard let offset = MemoryLayout<flow_to_host>.offset(of: \.bell) else { return nil }
        self.segments = segments
        self.heartbeat = heartbeat
        bell = (UnsafeRawPointer(segments.toHost) + offset).assumingMemoryBound(to: UInt64.self)
    }

    /// Runs until the process ends.
    mutating func run() -> Never {
        var heard: UInt64 = 0
        while true {
            heartbeat.beatAudio()
            let rung = flow_word_load(bell)
            if rung == heard {
                let seen = UInt32(truncatingIfNeeded: rung)
                flow_segment_wait(bell, seen, Int64(Heartbeat.everyMs) * 1_000_000)
                continue
            }
            heard = rung
            for lane in 0..<UInt32(FLOW_LANE_COUNT) { catchUp(lane) }
        }
    }

    private mutating func catchUp(_ index: UInt32) {
        let lane = flow_to_lane_at(segments.toHost, index)
        let answers = flow_from_lane_at(segments.fromHost, index)
        // `posted` is a lane's first word.
        let posted = UnsafeRawPointer(lane).assumingMemoryBound(to: UInt64.self)
        let newest = flow_word_load(posted)
        var last = done[Int(index)]
        guard newest > last else { return }
        if newest - last > Self.backlogMax { last = newest - Self.backlogMax }
        while last < newest {
            last += 1
            process(flow_slot_at(lane, last), flow_result_at(answers, last), last)
            flow_word_store(&answers.pointee.done, last)
        }
        done[Int(index)] = last
    }

    /// Passes the sound through; the place where plug-ins will be called.
    private func process(
        _ input: UnsafePointer<flow_slot>, _ output: UnsafeMutablePointer<flow_result>,
        _ seq: UInt64
    ) {
        let block = UnsafeRawPointer(input).assumingMemoryBound(to: flow_block.self).pointee
        let frames = min(Int(block.frames), Int(FLOW_SLOT_FRAMES_MAX))
        for channel in 0..<UInt32(FLOW_CHANNELS) {
            flow_result_samples(output, channel)
                .update(from: flow_slot_samples(input, channel), count: frames)
        }
        output.pointee.block.epoch = block.epoch
        output.pointee.block.frames = UInt32(frames)
        flow_word_store(&output.pointee.block.seq, seq)
    }
}
