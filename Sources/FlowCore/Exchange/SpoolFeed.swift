/// The capture ring as the disk sees it: frames that were just played, until they are overwritten.
///
/// - Thread: any but the audio thread. Nothing here blocks the audio thread.
protocol SpoolFeed: AnyObject, Sendable {
    var sampleRateHz: Int { get }
    /// 2 × sources; samples are interleaved over all sources.
    var channelCount: Int { get }
    /// Frames that the ring holds when it is full.
    var ringFrames: UInt64 { get }
    /// First frame of this engine; after an adoption later than 0.
    var firstFrame: UInt64 { get }
    /// Where the disk stood when the ring was taken over; `firstFrame` in a new run. Frames from
    /// here on are not spooled yet.
    var diskCursor: UInt64 { get }

    /// One past the newest complete frame.
    func newestFrame() -> UInt64

    /// The oldest frame the ring still holds.
    func oldestFrame() -> UInt64

    /// What can be copied now; in order, apart.
    func heldRanges() -> [Range<UInt64>]

    /// Copies `frames` frames from `frame` on, interleaved.
    ///
    /// - Returns: false when a part is not written yet or was overwritten meanwhile; `out` is then
    ///   not to be used.
    func copy(from frame: UInt64, frames: Int, into out: UnsafeMutablePointer<Float>) -> Bool

    /// Frames that are silence because no engine was there to hear them.
    func holes() -> [Range<UInt64>]

    /// Tells how far the spool is safe, so that an engine that adopts the ring goes on there.
    func setDiskCursor(_ frame: UInt64)
}

extension SpoolFeed {
    /// From here to the newest frame all can be copied now.
    var heldFrom: UInt64 { heldRanges().last?.lowerBound ?? newestFrame() }

    func heldRanges() -> [Range<UInt64>] {
        let newest = newestFrame()
        return [min(oldestFrame(), newest)..<newest]
    }
}
