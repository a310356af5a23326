import CFlowLeaf

/// The shape of the capture ring that an engine of a run left, as that engine signed it.
///
/// A device that differs from the one before goes on with it where it can: what was played is kept.
///
/// - Thread: control.
struct LeftRing {
    let sampleRateHz: Int
    let channelCount: Int
    let capacityFrames: Int

    /// - Returns: nil when there is none of this run, of this layout and whole.
    init?(name: String, runId: [UInt32]) {
        var segment = flow_shared(base: nil, bytes: 0, fd: -1)
        guard !name.isEmpty, flow_shared_open(name, &segment) == 0 else { return nil }
        defer { flow_shared_close(&segment) }
        guard let base = segment.base, segment.bytes >= RingMemory.headerBytes else { return nil }
        let memory = RingMemory(base: base, capacityFrames: 0, channelCount: 0)
        func value(_ word: Int) -> UInt64 { memory.word(word).pointee.load() }
        guard Self.owner(runId).allSatisfy({ value($0.0) == $0.1 }) else { return nil }
        let channels = value(RingMemory.Word.channelCount)
        let frames = value(RingMemory.Word.capacityFrames)
        let rate = Int(clamping: value(RingMemory.Word.sampleRateHz))
        // A Mac rounds shared memory up to whole pages.
        guard channels % 2 == 0, (1...UInt64(Limits.sourceCountMax)).contains(channels / 2),
            LoopRate.isPossible(rate), (1...UInt64(segment.bytes)).contains(frames),
            segment.bytes
                >= RingMemory.bytes(capacityFrames: Int(frames), channelCount: Int(channels))
        else { return nil }
        sampleRateHz = rate
        channelCount = Int(channels)
        capacityFrames = Int(frames)
    }

    /// What the words of a ring say of whose it is.
    static func owner(_ runId: [UInt32]) -> [(Int, UInt64)] {
        [
            (RingMemory.Word.magic, RingMemory.magic),
            (RingMemory.Word.layout, RingMemory.layout),
            (RingMemory.Word.runLow, UInt64(runId[0]) << 32 | UInt64(runId[1])),
            (RingMemory.Word.runHigh, UInt64(runId[2]) << 32 | UInt64(runId[3])),
        ]
    }
}
