import CFlowLeaf

/// Memory for frames of all sources, interleaved, that the ring gave up before they were durable.
///
/// Touched when it is made, so that filling it never waits for the system; mapped, so that the system
/// has it back when the last holder lets go. The counts are the overflow's, under its lock.
final class OverflowBlock: @unchecked Sendable {
    let samples: UnsafeMutablePointer<Float>
    let capacityFrames: UInt64
    var firstFrame: UInt64 = 0
    var frameCount: UInt64 = 0
    /// Frames that are being copied in behind those.
    var comingFrames: UInt64 = 0
    private var memory: flow_shared

    /// Nil when the system has no memory.
    init?(bytes: Int, channelCount: Int) {
        memory = flow_shared(base: nil, bytes: 0, fd: -1)
        guard flow_anonymous_create(bytes, &memory) == 0, let base = memory.base else { return nil }
        let sampleCount = bytes / MemoryLayout<Float>.stride
        samples = base.bindMemory(to: Float.self, capacity: sampleCount)
        samples.update(repeating: 0, count: sampleCount)
        capacityFrames = UInt64(sampleCount / channelCount)
    }

    deinit { flow_shared_close(&memory) }

    /// What it holds.
    var range: Range<UInt64> { firstFrame..<firstFrame + frameCount }

    /// With what is on its way.
    var promised: Range<UInt64> { firstFrame..<firstFrame + frameCount + comingFrames }
}
