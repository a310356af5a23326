/// When a plug-in is asked for its state.
///
/// Pure; time is given. After it was loaded, a second after the last change, every five seconds while it
/// changes, every thirty if the state is large.
struct SnapshotPlan {
    private static let quietMs = 1_000.0
    private static let longestMs = 5_000.0
    private static let largeMs = 30_000.0
    private static let largeBytes = 4 << 20

    private var dirtySinceMs: Double?
    private var changedAtMs = 0.0
    private var askedAtMs = -largeMs
    private var isFirst = false
    private var byteCount = 0

    /// Whether there is something that no state has.
    var isDirty: Bool { isFirst || dirtySinceMs != nil }

    /// A new life has it: what it is like now is to be known.
    mutating func loaded() {
        isFirst = true
        dirtySinceMs = nil
    }

    mutating func changed(atMs nowMs: Double) {
        changedAtMs = nowMs
        dirtySinceMs = dirtySinceMs ?? nowMs
    }

    mutating func asked(atMs nowMs: Double) {
        askedAtMs = nowMs
        isFirst = false
        dirtySinceMs = nil
    }

    mutating func told(byteCount: Int) { self.byteCount = byteCount }

    /// When to ask; nil = nothing has changed.
    var dueMs: Double? {
        if isFirst { return 0 }
        guard let dirtySinceMs else { return nil }
        let due = min(changedAtMs + Self.quietMs, dirtySinceMs + Self.longestMs)
        return byteCount > Self.largeBytes ? max(due, askedAtMs + Self.largeMs) : due
    }
}
