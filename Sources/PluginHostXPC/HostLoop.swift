import CFlowLeaf

/// The host's audio thread: takes each posted block, processes it, hands the result back.
///
/// It sleeps on the engine's word and beats whether blocks come or not. More than two blocks behind,
/// it leaves the older ones out: the engine has already played something else for them.
struct HostLoop {
    private static let backlogMax: UInt64 = 2
    private static let headBytes = 64

    private let segments: HostSegments
    private let heartbeat: Heartbeat
    private var done: UInt64 = 0

    init(_ segments: HostSegments, _ heartbeat: Heartbeat) {
        self.segments = segments
        self.heartbeat = heartbeat
    }

    /// Runs until the process ends.
    mutating func run() -> Never {
        let posted = UnsafeRawPointer(segments.toHost)
            .advanced(by: MemoryLayout<flow_to_host>.offset(of: \.posted) ?? Self.headBytes)
            .assumingMemoryBound(to: UInt64.self)
        while true {
            heartbeat.beatAudio()
            let newest = flow_word_load(posted)
            if newest == done {
                let seen = UInt32(truncatingIfNeeded: newest)
                flow_segment_wait(posted, seen, Int64(Heartbeat.everyMs) * 1_000_000)
                continue
            }
            if newest > done + Self.backlogMax { done = newest - Self.backlogMax }
            done += 1
            process(done)
            flow_word_store(&segments.fromHost.pointee.done, done)
        }
    }

    /// Passes the sound through; the place where plug-ins will be called.
    private func process(_ seq: UInt64) {
        let input = segments.input(seq)
        let output = segments.output(seq)
        let head = input.assumingMemoryBound(to: flow_slot.self)
        let frames = min(Int(head.pointee.frames), Int(FLOW_SLOT_FRAMES_MAX))
        let channelBytes = MemoryLayout<Float>.size * Int(FLOW_SLOT_FRAMES_MAX)
        for channel in 0..<Int(FLOW_CHANNELS) {
            let offset = Self.headBytes + channel * channelBytes
            (output + offset).copyMemory(
                from: input + offset, byteCount: frames * MemoryLayout<Float>.size)
        }
        let result = output.assumingMemoryBound(to: flow_slot.self)
        result.pointee.epoch = segments.epoch
        result.pointee.frames = UInt32(frames)
        flow_word_store(&result.pointee.seq, seq)
    }
}
