/// A hop of a chain as its host's keeper sees it: lane, port, and whether the host is heard in it.
///
/// - Thread: any, under the desk's lock.
final class HopSeat {
    enum Stage: Equatable {
        /// Dry; the host does not know of it, or something is missing.
        case away
        /// The host was asked to play it.
        case asked
        /// Its port has the life.
        case on
        /// Dry for a rest: the host is too slow.
        case resting
    }

    let port: HostPort
    let lane: Int
    let plugins: [PluginRecord]
    let isAhead: Bool
    /// Chains that were handed over later have a higher one; 0 = not yet.
    var order: UInt64 = 0
    var stage = Stage.away
    var breaker: HostBreaker
    /// Whether blocks go through it, heard or missed, and whether some of them are heard.
    private(set) var isPlayed = false
    private(set) var isHeard = false
    private var wetAtStart: UInt64 = 0
    private var wet = Growth()
    private var all = Growth()

    /// A count, and until when it surely grew.
    private struct Growth {
        var count: UInt64 = 0
        var untilMs = -Double.infinity

        /// What is seen late may have happened right after the look before.
        mutating func take(_ now: UInt64, sinceMs: Double) {
            if now != count { untilMs = sinceMs }
            count = now
        }
    }

    /// A seat whose counts stand still for longer is still; more than the longest block takes.
    private static let stillMs = 150.0
    private var lookedAtMs = -Double.infinity

    init(
        port: HostPort, lane: Int, plugins: [PluginRecord], isAhead: Bool,
        blocksPerSecond: Double = .infinity
    ) {
        breaker = HostBreaker(blocksPerSecond: blocksPerSecond)
        self.port = port
        self.lane = lane
        self.plugins = plugins
        self.isAhead = isAhead
    }

    var isTaken: Bool { order > 0 }
    var numbers: [UInt32] { plugins.map(\.number) }
    /// Whether blocks of this life are heard: the port remembers those of the one before.
    var isWet: Bool {
        stage == .on && port.isWet(lane: lane) && port.wetBlocks(lane: lane) != wetAtStart
    }

    var counts: HostBreaker.Counts {
        HostBreaker.Counts(
            wet: port.wetBlocks(lane: lane), missed: port.missedBlocks(lane: lane),
            isWet: port.isWet(lane: lane))
    }

    /// Looks whether blocks go through it; true = they did, and do no more.
    func look(atMs nowMs: Double) -> Bool {
        let counts = counts
        wet.take(counts.wet, sinceMs: lookedAtMs)
        all.take(counts.wet &+ counts.missed, sinceMs: lookedAtMs)
        lookedAtMs = nowMs
        let wasPlayed = isPlayed
        isPlayed = stage == .on && nowMs - all.untilMs <= Self.stillMs
        isHeard = isPlayed && isWet && nowMs - wet.untilMs <= Self.stillMs
        return wasPlayed && !isPlayed
    }

    /// Whether a plug-in of both can be in one of them only.
    func competes(with other: HopSeat) -> Bool {
        other !== self && other.plugins.contains { theirs in plugins.contains { $0 === theirs } }
    }

    /// Gives the audio thread a life. What was turned while it had none was brought by another way.
    func start(_ lease: UnsafeMutablePointer<HostLease>, atMs nowMs: Double) {
        wetAtStart = port.wetBlocks(lane: lane)
        breaker.begin(counts, atMs: nowMs)
        (wet, all) = (Growth(count: counts.wet), Growth(count: counts.wet &+ counts.missed))
        lookedAtMs = nowMs
        port.put(lease)
        stage = .on
    }

    /// Takes the life away from the audio thread, which may use it for the rest of a block.
    func leave() {
        port.put(nil)
        stage = .away
        (isPlayed, isHeard) = (false, false)
    }

    /// The same for a while, because the host is too slow.
    func rest() {
        leave()
        stage = .resting
    }
}

/// A chain that was made: what the audio thread gets, and the seats of its hops.
final class ChainRecord {
    let id: TakeID
    let chain: UnsafeMutablePointer<PluginChain>
    let seats: [HopSeat]
    /// Its group of commands holds it, or the audio thread.
    var isTaken = false

    init(id: TakeID, chain: UnsafeMutablePointer<PluginChain>, seats: [HopSeat]) {
        self.id = id
        self.chain = chain
        self.seats = seats
    }

    func holds(_ plugin: PluginRecord) -> Bool {
        seats.contains { $0.plugins.contains { $0 === plugin } }
    }
}
