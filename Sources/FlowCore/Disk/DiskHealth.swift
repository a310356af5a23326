/// How the disk is: decides when writing is tried again and what the player is told.
///
/// Writing is tried again soon, so that as little as possible is lost; good news is told only
/// after a quiet while, so that a disk on the brink does not flicker.
struct DiskHealth {
    /// Between two attempts on a disk that refuses.
    static let retryMs: UInt64 = 500
    /// A critical state is called off when all has been well for so long.
    static let quietMs: UInt64 = 5000
    /// Of what the ring holds: above it the disk is slow.
    static let slowShare = 0.5
    static let calmShare = 0.25
    /// In a small ring the sound of one sync is a large share without any fault.
    static let slowSecondsMin = 5.0

    /// What waits in memory until it is durable.
    struct Backlog {
        let frames: UInt64
        let ringFrames: UInt64
        let rateHz: Int
        let usesOverflow: Bool

        fileprivate var share: Double { Double(frames) / Double(max(1, ringFrames)) }
        fileprivate var seconds: Double { Double(frames) / Double(rateHz) }

        var isSlow: Bool {
            usesOverflow || share > DiskHealth.slowShare && seconds > DiskHealth.slowSecondsMin
        }

        var isCalm: Bool {
            !usesOverflow
                && (share < DiskHealth.calmShare || seconds < DiskHealth.slowSecondsMin)
        }
    }

    private(set) var state = DiskState.ok
    /// The last thing that was tried failed: nothing but a probe is written until one succeeds.
    private(set) var isRefusing = false
    /// Nothing is tried before this time.
    private(set) var retryAtMs: UInt64 = 0
    private var hasStumbled = false
    private var isWritten = true
    private var calmSinceMs: UInt64?

    /// A file could not be written to. One alone is replaced by another file; a second one in a row
    /// is the disk.
    ///
    /// - Returns: Whether it is.
    mutating func stumbled() -> Bool {
        hasStumbled.toggle()
        return !hasStumbled
    }

    /// The disk is full, read-only, gone, or did not sync.
    ///
    /// - Parameters:
    ///   - nowMs: Time of the monotonic clock.
    ///   - hasOther: Another one has not been tried since: it is, at once, and nobody is alarmed.
    mutating func failed(nowMs: UInt64, hasOther: Bool = false) {
        hasStumbled = false
        isRefusing = true
        retryAtMs = hasOther ? nowMs : nowMs + Self.retryMs
        if !hasOther { becomeCritical() }
    }

    /// Both buffers are full: the ring will overwrite what nobody has kept.
    mutating func overwhelmed() { becomeCritical() }

    /// A probe was written and synced.
    mutating func probed() { isRefusing = false }

    /// Frames are in a file.
    mutating func wrote() { hasStumbled = false }

    /// Frames are durable.
    mutating func succeeded() { isWritten = true }

    /// Judges the backlog, and calls off what is over.
    mutating func judge(_ backlog: Backlog, nowMs: UInt64) {
        switch state {
        case .critical:
            guard !isRefusing, isWritten, backlog.isCalm else {
                calmSinceMs = nil
                return
            }
            let since = calmSinceMs ?? nowMs
            calmSinceMs = since
            if nowMs >= since + Self.quietMs { state = .ok }
        case .slow:
            if backlog.isCalm { state = .ok }
        case .ok:
            if backlog.isSlow { state = .slow }
        }
    }

    private mutating func becomeCritical() {
        state = .critical
        isWritten = false
        calmSinceMs = nil
    }
}
