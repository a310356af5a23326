/// How the disk is: decides when writing is tried again and what the player is told.
///
/// Writing is tried again soon, so that as little as possible is lost; good news is told only
/// after a quiet while, so that a disk on the brink does not flicker.
struct DiskHealth {
    /// Between two attempts on a disk that refuses.
    static let retryMs: UInt64 = 500
    /// Without an error, before a critical state is called off.
    static let quietMs: UInt64 = 5000
    /// Of what the ring holds: above it the disk is slow.
    static let slowShare = 0.5
    static let calmShare = 0.25
    /// A young ring is full of queued frames without any fault.
    static let slowSecondsMin = 5.0

    private(set) var state = DiskState.working
    /// Nothing is written before this time.
    private(set) var retryAtMs: UInt64 = 0
    private var quietSinceMs: UInt64?

    mutating func failed(nowMs: UInt64) {
        state = .critical
        retryAtMs = nowMs + Self.retryMs
        quietSinceMs = nil
    }

    /// Frames reached the disk.
    mutating func succeeded(nowMs: UInt64) {
        if quietSinceMs == nil { quietSinceMs = nowMs }
    }

    /// Judges the backlog, and calls off what is over.
    mutating func judge(backlogShare: Double, backlogSeconds: Double, nowMs: UInt64) {
        switch state {
        case .critical:
            guard let quietSinceMs, nowMs >= quietSinceMs + Self.quietMs else { return }
            if backlogShare < Self.calmShare || backlogSeconds < Self.slowSecondsMin {
                state = .working
            }
        case .slow:
            if backlogShare < Self.calmShare { state = .working }
        case .working:
            if backlogShare > Self.slowShare && backlogSeconds > Self.slowSecondsMin {
                state = .slow
            }
        }
    }
}
