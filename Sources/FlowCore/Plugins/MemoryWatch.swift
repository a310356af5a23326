/// Follows how much a host has grown since its plug-ins were loaded.
///
/// Pure; time is given. What loading takes counts as wanted: some plug-ins take half a gigabyte at once.
struct MemoryWatch {
    enum Verdict: Equatable {
        case fine
        /// Told once a life.
        case growing
        case tooLarge
    }

    static let everyMs = 1_000.0
    /// Of one that has begun to grow: what it takes from one look to the next stays below a quarter gigabyte.
    static let oftenMs = 250.0
    static let oftenBytes = 128 << 20
    static let noticeBytes = 512 << 20
    static let limitBytes = 768 << 20

    private var baseBytes: Int?
    private var isTold = false
    private var nextMs = 0.0

    /// When to measure again.
    var dueMs: Double { nextMs }

    /// Plug-ins were loaded: what is there at the next measure is the new base.
    mutating func rebase() { baseBytes = nil }

    /// Takes a measure; `isBase` = this was the first since plug-ins were loaded.
    mutating func read(
        _ residentBytes: Int, atMs nowMs: Double
    ) -> (verdict: Verdict, isBase: Bool) {
        nextMs = nowMs + Self.everyMs
        guard let baseBytes else {
            baseBytes = residentBytes
            return (.fine, true)
        }
        let growth = residentBytes - baseBytes
        if growth > Self.oftenBytes { nextMs = nowMs + Self.oftenMs }
        if growth > Self.limitBytes { return (.tooLarge, false) }
        guard growth > Self.noticeBytes, !isTold else { return (.fine, false) }
        isTold = true
        return (.growing, false)
    }
}
