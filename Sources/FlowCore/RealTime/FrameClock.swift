/// Which frame of the timeline a moment of the monotonic clock is.
///
/// A frame's moment is the start of the block it begins, with what made blocks late taken out: the
/// anchor follows the earliest of the last blocks. One that comes late does not move it; when all
/// are late, because the device skipped or drifts, it follows them by no more than they are.
struct FrameClock: BitwiseCopyable {
    private static let windowBlocks = 64

    private let nsPerFrame: Double
    /// Frame n is at n ÷ rate seconds, whenever it is rendered: time of a stepped engine.
    private let isVirtual: Bool
    private var anchorFrame: Int64 = 0
    private var anchorNs: Int64 = 0
    private var hasAnchor: Bool
    /// Least lateness of the blocks since the window began.
    private var leastLateNs = Int64.max
    private var blocksSeen = 0

    @_noLocks @_noAllocation
    init(rateHz: Int, isVirtual: Bool) {
        nsPerFrame = 1e9 / Double(rateHz)
        self.isVirtual = isVirtual
        hasAnchor = isVirtual
    }

    /// A block begins: its first frame, and when that was.
    @_noLocks @_noAllocation
    mutating func observe(frame: Int64, atNs nowNs: Int64) {
        if isVirtual { return }
        let lateNs = hasAnchor ? nowNs - ns(of: frame) : 0
        if !hasAnchor || lateNs < 0 {
            begin(frame, nowNs)
            return
        }
        leastLateNs = min(leastLateNs, lateNs)
        blocksSeen += 1
        if blocksSeen < FrameClock.windowBlocks { return }
        begin(frame, ns(of: frame) + leastLateNs)
    }

    /// Sound was lost: from the next block on the frames lie elsewhere in time.
    @_noLocks @_noAllocation
    mutating func forget() {
        if !isVirtual { hasAnchor = false }
    }

    /// The frame at this moment; it may lie ahead.
    @_noLocks @_noAllocation
    func frame(atNs moment: Int64) -> Int64 {
        anchorFrame + FrameMath.floor(Double(moment - anchorNs) / nsPerFrame + 0.5)
    }

    @_noLocks @_noAllocation
    private func ns(of frame: Int64) -> Int64 {
        anchorNs + FrameMath.floor(Double(frame - anchorFrame) * nsPerFrame)
    }

    @_noLocks @_noAllocation
    private mutating func begin(_ frame: Int64, _ atNs: Int64) {
        anchorFrame = frame
        anchorNs = atNs
        hasAnchor = true
        leastLateNs = Int64.max
        blocksSeen = 0
    }
}
