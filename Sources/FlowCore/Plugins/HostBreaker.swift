/// Decides when a host is too slow for a hop to be heard, and when it is tried again.
///
/// Pure; time is given. Slow is: more than 5 % of the blocks missed over five seconds, in three of them at least, so that one
/// stall is none; or heard and lost again three times in ten seconds. It rests for 10, 30, then 60 s.
struct HostBreaker {
    /// Counts of a hop as they grow.
    struct Counts: Equatable {
        var wet: UInt64 = 0
        var missed: UInt64 = 0
        var isWet = false
    }

    private static let restsMs = [10_000.0, 30_000, 60_000]
    private static let secondMs = 1_000.0
    private static let seconds = 5
    private static let missedPercentMax: UInt64 = 5
    private static let slowSecondsMin = 3
    private static let lossesMax = 3
    private static let lossWindowMs = 10_000.0
    /// As long well, and the rests begin anew.
    private static let forgivenMs = 60_000.0

    /// More in a second than any device asks for: the engine makes up for time in which it did not run,
    /// as fast as it can, and no host keeps up with that.
    private let blocksMax: Double
    private var last: Counts?
    /// Wet and missed blocks of each whole second, the newest last.
    private var history: [(wet: UInt64, missed: UInt64)] = []
    private var current: (wet: UInt64, missed: UInt64) = (0, 0)
    private var secondEndsMs = 0.0
    private var lossesMs: [Double] = []
    private var restCount = 0
    private var closedAtMs = 0.0
    private(set) var openUntilMs: Double?

    /// - Parameter blocksPerSecond: As the device asks for them.
    init(blocksPerSecond: Double = .infinity) { blocksMax = 2 * blocksPerSecond }

    /// Whether the hop is to be dry now.
    func isOpen(_ nowMs: Double) -> Bool { openUntilMs.map { nowMs < $0 } ?? false }

    /// A new life, or the end of a rest: what was before does not count.
    mutating func begin(_ counts: Counts, atMs nowMs: Double) {
        last = counts
        history = []
        current = (0, 0)
        lossesMs = []
        secondEndsMs = nowMs + Self.secondMs
        closedAtMs = nowMs
        openUntilMs = nil
    }

    /// Forgets also how often it rested.
    mutating func pardon() { self = HostBreaker(blocksPerSecond: blocksMax / 2) }

    /// Takes a reading of a hop that may be heard; true = it becomes dry now.
    mutating func read(_ counts: Counts, atMs nowMs: Double) -> Bool {
        guard let before = last else {
            begin(counts, atMs: nowMs)
            return false
        }
        // Whoever reads came late, as after sleep.
        if nowMs - secondEndsMs > Double(Self.seconds) * Self.secondMs {
            begin(counts, atMs: nowMs)
            return false
        }
        last = counts
        current.wet += counts.wet &- before.wet
        current.missed += counts.missed &- before.missed
        if Double(current.wet) + Double(current.missed) > blocksMax {
            begin(counts, atMs: nowMs)
            return false
        }
        // Lost without a miss is lost to an engine that left the host no time.
        if before.isWet, !counts.isWet, counts.missed != before.missed { lossesMs.append(nowMs) }
        lossesMs.removeAll { nowMs - $0 > Self.lossWindowMs }
        while nowMs >= secondEndsMs {
            history.append(current)
            if history.count > Self.seconds { history.removeFirst() }
            current = (0, 0)
            secondEndsMs += Self.secondMs
        }
        if nowMs - closedAtMs > Self.forgivenMs { restCount = 0 }
        guard isSlow || lossesMs.count >= Self.lossesMax else { return false }
        openUntilMs = nowMs + Self.restsMs[min(restCount, Self.restsMs.count - 1)]
        restCount += 1
        return true
    }

    private var isSlow: Bool {
        guard history.count == Self.seconds else { return false }
        let missed = history.reduce(0) { $0 + $1.missed }
        let all = history.reduce(missed) { $0 + $1.wet }
        let slow = history.count { 100 * $0.missed > Self.missedPercentMax * ($0.wet + $0.missed) }
        return 100 * missed > Self.missedPercentMax * all && slow >= Self.slowSecondsMin
    }
}
