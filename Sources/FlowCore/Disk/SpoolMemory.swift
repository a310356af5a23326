/// The ring, and behind it the overflow: every frame that is still in memory.
///
/// - Thread: any but audio.
final class SpoolMemory: SpoolFeed, @unchecked Sendable {
    let ring: any SpoolFeed
    let overflow: SpoolOverflow

    init(ring: any SpoolFeed, overflow: SpoolOverflow) {
        self.ring = ring
        self.overflow = overflow
    }

    var sampleRateHz: Int { ring.sampleRateHz }
    var channelCount: Int { ring.channelCount }
    var ringFrames: UInt64 { ring.ringFrames }
    var firstFrame: UInt64 { ring.firstFrame }
    var diskCursor: UInt64 { ring.diskCursor }

    /// Frames there is room for in both.
    var capacityFrames: UInt64 { ringFrames + overflow.capacityFrames }

    func newestFrame() -> UInt64 { ring.newestFrame() }

    /// Of the ring.
    func oldestFrame() -> UInt64 { ring.oldestFrame() }

    func heldRanges() -> [Range<UInt64>] {
        FrameRanges.joined(overflow.ranges + ring.heldRanges())
    }

    func copy(from frame: UInt64, frames: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
        var done = 0
        while done < frames {
            let at = frame + UInt64(done)
            let target = out + done * channelCount
            let count = overflow.copy(from: at, framesMax: frames - done, into: target)
            if count == 0 { return ring.copy(from: at, frames: frames - done, into: target) }
            done += count
        }
        return true
    }

    func holes() -> [Range<UInt64>] { ring.holes() }

    func setDiskCursor(_ frame: UInt64) { ring.setDiskCursor(frame) }
}
