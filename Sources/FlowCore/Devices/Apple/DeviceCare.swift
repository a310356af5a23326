/// When a graph is built anew: some time after the last change, and again after each failure.
///
/// Changes come in bursts: a plug that goes in is told some ten times in a tenth of a second.
struct DeviceCare {
    enum Step: Equatable {
        case nothing
        /// Nothing plays at present: the clock stands in.
        case standIn
        case rebuild
    }

    /// Quiet after the last change before anything is built.
    static let settleNs: Int64 = 150_000_000
    /// A device that never becomes quiet is tried all the same.
    static let settleMaxNs: Int64 = 1_000_000_000
    /// Between one failure and the next try.
    static let pausesNs: [Int64] = [100, 200, 400, 800, 1_600].map { $0 * 1_000_000 }
    /// How often a working graph is compared with the system: some changes are told to nobody.
    static let lookNs: Int64 = 3_000_000_000

    /// Nil = what plays is right.
    private var dueNs: Int64?
    private var sinceNs: Int64 = 0
    private(set) var failureCount = 0
    private var lookedNs: Int64 = 0

    /// Whether it is time to look without having been told.
    mutating func isLookDue(_ nowNs: Int64) -> Bool {
        guard dueNs == nil, nowNs - lookedNs >= Self.lookNs else { return false }
        lookedNs = nowNs
        return true
    }

    /// What plays is no longer what should.
    mutating func note(_ nowNs: Int64) {
        if dueNs == nil { sinceNs = nowNs }
        // After a failure every change is a new hope.
        failureCount = 0
        dueNs = min(nowNs + Self.settleNs, max(nowNs, sinceNs + Self.settleMaxNs))
    }

    /// What is to be done now.
    func step(_ nowNs: Int64) -> Step {
        guard let due = dueNs else { return .nothing }
        return nowNs >= due ? .rebuild : .standIn
    }

    mutating func succeeded(_ nowNs: Int64) {
        dueNs = nil
        failureCount = 0
        lookedNs = nowNs
    }

    mutating func failed(_ nowNs: Int64) {
        dueNs = nowNs + Self.pausesNs[min(failureCount, Self.pausesNs.count - 1)]
        failureCount += 1
    }

    /// Whether so much has failed that the player is told.
    var hasGivenUp: Bool { failureCount >= Self.pausesNs.count }
}
