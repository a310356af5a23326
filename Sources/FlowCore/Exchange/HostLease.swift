/// One life of a plug-in host as the audio thread sees it: pointers into its two segments.
///
/// Made and freed by the supervisor; `HostPort` keeps it alive while the audio thread uses it.
struct HostLease {
    /// Which life this is; results of an earlier one carry another number.
    let epoch: UInt64
    /// Newest block posted; the host sleeps on its low half.
    let posted: UnsafeMutablePointer<AtomicCell>
    /// Newest block answered, as the host says.
    let done: UnsafeMutablePointer<AtomicCell>
    let outgoing: HostSlots
    let incoming: HostSlots
}

/// The block slots of one segment, by byte offsets as in `segment.h`.
struct HostSlots {
    private static let count: UInt64 = 8
    private static let bytes = 64 + 2 * 4 * 4096
    private static let epochOffset = 8
    private static let framesOffset = 16
    private static let beatOffset = 24
    private static let framesPerBeatOffset = 32
    private static let samplesOffset = 64
    private static let channelFrames = 4096

    private let base: UnsafeMutableRawPointer

    /// `base` is the first slot's first byte.
    init(base: UnsafeMutableRawPointer) {
        self.base = base
    }

    /// Blocks that may be on their way: one slot less, so that none is written while it is read.
    @_noLocks @_noAllocation
    @inline(__always)
    static func outstandingMax() -> UInt64 { count - 1 }

    /// The number of the block in the slot that `seq` belongs to.
    @_noLocks @_noAllocation
    @inline(__always)
    func seq(_ seq: UInt64) -> UnsafeMutablePointer<AtomicCell> {
        slot(seq).assumingMemoryBound(to: AtomicCell.self)
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func epoch(_ seq: UInt64) -> UnsafeMutablePointer<UInt64> {
        (slot(seq) + Self.epochOffset).assumingMemoryBound(to: UInt64.self)
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func frames(_ seq: UInt64) -> UnsafeMutablePointer<UInt32> {
        (slot(seq) + Self.framesOffset).assumingMemoryBound(to: UInt32.self)
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func beat(_ seq: UInt64) -> UnsafeMutablePointer<Double> {
        (slot(seq) + Self.beatOffset).assumingMemoryBound(to: Double.self)
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func framesPerBeat(_ seq: UInt64) -> UnsafeMutablePointer<Double> {
        (slot(seq) + Self.framesPerBeatOffset).assumingMemoryBound(to: Double.self)
    }

    /// Samples of channel 0 or 1.
    @_noLocks @_noAllocation
    @inline(__always)
    func samples(_ seq: UInt64, channel: Int) -> UnsafeMutablePointer<Float> {
        (slot(seq) + Self.samplesOffset).assumingMemoryBound(to: Float.self)
            + channel * Self.channelFrames
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func slot(_ seq: UInt64) -> UnsafeMutableRawPointer {
        base + Int(seq % Self.count) * Self.bytes
    }
}
