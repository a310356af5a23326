import HostContract

/// What a group's thread has to do next outside of the lock.
enum HostDeed {
    /// Nothing, for so many milliseconds or until something happens.
    case rest(ms: Int)
    case start(epoch: UInt64)
    /// After the audio thread has let go of it in these ports.
    case bury(any HostLife, [HostPort])
    /// The group is over.
    case end
}

/// Who has the groups.
protocol HostGroupOwner: AnyObject {
    func post(_ event: CoreEvent)
    /// The plug-in told another state than before.
    func keepState(_ state: [UInt8], of plugin: PluginRecord)
    /// Gives a plug-in a process of its own.
    func quarantine(_ plugin: PluginRecord)
    /// It is in no process any more.
    func left(_ plugin: PluginRecord)
    /// Whether a chain has it.
    func isHeld(_ plugin: PluginRecord) -> Bool
}

/// Plug-ins that share a process, and the lives of that process one after the other.
///
/// A life that ends is followed by another with the plug-ins' states; after three retries none follows until
/// the player asks. `turn` is called again and again and decides; what takes time is done by whoever
/// calls it, on a thread of the group or in a test's time.
///
/// - Thread: any, under the desk's lock.
final class HostGroup {
    static let retriesMax = 3

    enum Stage: Equatable {
        /// No process; one is started when a plug-in can be loaded.
        case idle
        /// One is being started, or buried.
        case changing
        case living
        case over
    }

    /// What was asked of the host and not yet answered.
    enum Ask {
        case load(PluginRecord)
        case unload(PluginRecord)
        case chain(HopSeat)
        /// A lane that nobody uses any more.
        case clear
        case state(PluginRecord, atMs: Double)
        case params(PluginRecord)
    }

    struct Shape {
        var sampleRateHz: Int
        var blockFrames: Int
        /// Of copies that are printed through: they come after what is heard.
        var isAside = false
    }

    let number: UInt32
    let name: String
    let isQuarantine: Bool
    let shape: Shape
    unowned let owner: any HostGroupOwner
    var plugins: [PluginRecord] = []
    var seats: [HopSeat] = []
    var stage = Stage.idle
    var life: (any HostLife)?
    var retries = 0
    /// Failures of lives with several plug-ins in which none of them could be blamed.
    var unclearCount = 0
    /// Not started again unless the player asks.
    var isGivenUp = false
    var watch = HostWatch()
    var memory = MemoryWatch()
    var asks: [UInt32: Ask] = [:]
    var usage = HostUsage()
    /// All plug-ins that can be loaded are, in this life.
    var isComplete = false
    var hasGreeted = false
    /// When the plug-ins' own moves were told last.
    var movedAtMs = 0.0
    /// To end, with what it still has to tell, not later than this; nil = to go on.
    var endsAtMs: Double?
    /// Counts of seats that are gone.
    var pastWet: UInt64 = 0
    var pastMissed: UInt64 = 0
    var pastScrubbed: UInt64 = 0
    private var epoch: UInt64 = 0
    private var requestCount: UInt32 = 0

    init(
        number: UInt32, name: String, isQuarantine: Bool, shape: Shape,
        owner: any HostGroupOwner
    ) {
        self.number = number
        self.name = name
        self.isQuarantine = isQuarantine
        self.shape = shape
        self.owner = owner
    }

    /// Does what is due and says what comes next.
    func turn(_ nowMs: Double) -> HostDeed {
        if stage == .over { return .end }
        if plugins.isEmpty || isToEnd(nowMs) { return end() }
        switch stage {
        case .idle:
            dropLeavers()
            let isWanted = !isGivenUp && plugins.contains { $0.stage == .waiting }
            guard isWanted else { return .rest(ms: 1_000) }
            epoch += 1
            stage = .changing
            return .start(epoch: epoch)
        case .living:
            guard let life else { return .rest(ms: 1_000) }
            return live(life, nowMs)
        case .changing, .over: return .rest(ms: 1_000)
        }
    }

    /// A life was started, or could not be.
    func started(_ result: Result<any HostLife, HostFailure>, atMs nowMs: Double) {
        switch result {
        case .failure(let failure):
            stage = .idle
            fail(failure, culprit: nil)
        case .success(let life):
            self.life = life
            stage = .living
            watch = HostWatch()
            memory = MemoryWatch()
            usage = HostUsage()
            isComplete = false
            hasGreeted = false
            tell(HostState.starting)
        }
    }

    /// The life that was to be buried is.
    func buried() {
        guard stage == .changing else { return }
        stage = .idle
    }

    /// A number for a request, which is noted until it is answered.
    func ask(_ ask: Ask) -> UInt32 {
        requestCount &+= 1
        if requestCount == 0 { requestCount = 1 }
        asks[requestCount] = ask
        return requestCount
    }

    func send(_ request: HostRequest) { life?.send(request) }

    /// Takes a plug-in in; it is loaded as soon as it can be.
    func add(_ plugin: PluginRecord) {
        plugin.group = self
        plugins.append(plugin)
    }

    /// Forgets a plug-in that its process does not have.
    func remove(_ plugin: PluginRecord) { plugins.removeAll { $0 === plugin } }

    /// The player asks for another try.
    func retry() {
        retries = 0
        unclearCount = min(unclearCount, 1)
        for plugin in plugins {
            // Whoever was to blame is not trusted with its mates again.
            plugin.failureCount = min(plugin.failureCount, 1)
            if plugin.stage == .failed { plugin.stage = .waiting }
            plugin.dryCode = 0
        }
        for seat in seats {
            if seat.stage == .resting { seat.stage = .away }
            seat.breaker.pardon()
        }
        isGivenUp = false
    }

    /// Without a process whoever is to go is gone.
    private func dropLeavers() {
        for plugin in plugins where plugin.isLeaving && !owner.isHeld(plugin) {
            remove(plugin)
            owner.left(plugin)
        }
    }

    private func isToEnd(_ nowMs: Double) -> Bool {
        guard let endsAtMs else { return false }
        let owes = stage == .living && plugins.contains { isOwed($0) }
        return nowMs >= endsAtMs || !owes
    }

    /// Ends the process and itself.
    private func end() -> HostDeed {
        guard let life else {
            if stage == .changing { return .rest(ms: 1_000) }
            stage = .over
            tell(HostState.ended)
            return .end
        }
        let ports = release()
        stage = .changing
        return .bury(life, ports)
    }
}
