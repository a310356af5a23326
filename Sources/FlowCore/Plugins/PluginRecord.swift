import CFlowLeaf
import HostContract

/// A plug-in of an engine, through all lives of its hosts.
///
/// - Thread: any, under the desk's lock.
final class PluginRecord {
    enum Stage: Equatable {
        /// Its states are being read from disk.
        case reading
        /// To be loaded in this life or the next.
        case waiting
        case loading
        case loaded
        /// It cannot be loaded; nobody tries unless the player asks.
        case failed
        case unloading
    }

    let order: PluginOrder
    let number: UInt32
    /// The host that has it, or shall have it.
    var group: HostGroup
    var stage = Stage.reading
    var ladder = StateLadder()
    var journal = ParamJournal()
    var snapshots = SnapshotPlan()
    private(set) var latencyFrames = 0
    private(set) var paramCount = 0
    private(set) var isInstrument = false
    private(set) var hasInput = true
    /// Once loaded it can be put into chains, also while its host is away.
    private(set) var isKnown = false
    var isBypassed = false
    /// To go as soon as no chain holds it.
    var isLeaving = false
    /// Asked for again while it went.
    var isWantedAgain = false
    /// Asked for its state a last time.
    var hasTakenLeave = false
    /// Failures of its hosts that were its own.
    var failureCount = 0
    /// How often in a row its host died of it before it had been heard for a second.
    private(set) var earlyDeathCount = 0
    /// Since when blocks have gone through it without a pause.
    private(set) var heardSinceMs: Double?
    /// How long it was heard in this life.
    private var heardMs = 0.0
    private var heardUntilMs = 0.0
    /// Values that were moved earlier were given to it from the start.
    private var loadAskedMs = 0.0
    /// The player moved a value in this life.
    private var isTouched = false
    /// Values that were moved are given up, and nobody was told.
    private var hasLostMoves = false
    /// Whether it is heard, as was told last; nil = never told.
    var toldHeard: Bool?
    /// Why not, as was told last.
    var toldCode: UInt32 = 0
    /// Why it is not heard; 0 = it is, or shall be at once.
    var dryCode: UInt32 = 0
    /// All its parameters as they were told last, and those that are just being told.
    private(set) var params: [ParamInfo] = []
    private var paramsComing: [ParamInfo] = []
    var isTellingParams = false
    /// Values that it moved by itself and nobody was told of.
    var moved: [UInt32: Double] = [:]
    /// Values that it has to be given as soon as it is there.
    var isBehind = false

    init(_ order: PluginOrder, number: UInt32, group: HostGroup) {
        self.order = order
        self.number = number
        self.group = group
    }

    var id: TakeID { order.id }

    func take(_ loaded: LoadedPlugin) {
        latencyFrames = Int(min(loaded.latencyFrames, ContractLimits.latencyFramesMax))
        paramCount = Int(loaded.paramCount)
        isInstrument = loaded.isInstrument
        hasInput = loaded.inputs > 0
        isKnown = true
        stage = .loaded
        snapshots.loaded()
        beginLife()
    }

    func askedToLoad(atMs nowMs: Double) {
        stage = .loading
        isBehind = false
        isTouched = false
        loadAskedMs = nowMs
    }

    /// The player moved a value of it; one that is not there yet does not get it.
    func touched() { isTouched = isTouched || stage == .loaded }

    private func beginLife() {
        heardSinceMs = nil
        heardMs = 0
    }

    /// Whether it is heard as it is looked at; who looks late is not believed more than a few looks.
    func take(isHeard: Bool, atMs nowMs: Double) {
        if heardSinceMs != nil, isHeard {
            heardMs += min(nowMs - heardUntilMs, Self.lookMsMax)
        }
        heardSinceMs = isHeard ? heardSinceMs ?? nowMs : nil
        heardUntilMs = nowMs
        if isSettled { earlyDeathCount = 0 }
    }

    /// Whether it was heard for so long in this life that neither its state nor a value it began with can be
    /// to blame for what it does.
    var isSettled: Bool { heardMs >= Self.settledMs }

    /// Whether a death of its host that it is blamed for may be its state's or its values' fault.
    func isOnTrial(inPhase phase: UInt64) -> Bool {
        stage == .loading
            || (stage == .loaded && !isSettled && phase != UInt64(FLOW_PHASE_GET_STATE))
    }

    private static let settledMs = 1_000.0
    private static let lookMsMax = 100.0

    func take(latencyFrames frames: UInt32) {
        latencyFrames = Int(min(frames, ContractLimits.latencyFramesMax))
    }

    func take(_ part: [ParamInfo], isLast: Bool) {
        // No plug-in has so many: the host repeats itself.
        if paramsComing.count < 1 << 16 { paramsComing += part }
        guard isLast else { return }
        params = paramsComing
        paramsComing = []
        isTellingParams = false
    }

    /// It is to be as the other one is now.
    func copy(_ original: PluginRecord) {
        guard original.stage != .reading else { return }
        ladder = StateLadder(newest: original.ladder.state, earlier: original.ladder.earlier)
        journal = original.journal
        isBypassed = original.isBypassed
    }

    /// Its host died of it before it was settled: what was new in that life is tried once more at most.
    ///
    /// A value comes with a block: of those that this life began with the newest goes each time, and with
    /// the last state all. A state goes if it was just being set, or from the second time in a row on.
    /// What the player moved meanwhile is the first to blame: nothing goes before a life began with that.
    func diedEarly(inPhase phase: UInt64) {
        if isTouched { return }
        earlyDeathCount += 1
        let wasMade = stage == .loaded
        let isStateBlamed = !wasMade && phase == UInt64(FLOW_PHASE_SET_STATE)
        if isStateBlamed || earlyDeathCount >= 2 { ladder.descend() }
        guard wasMade, journal.forgetNewest(before: loadAskedMs) else { return }
        hasLostMoves = true
        if earlyDeathCount >= 2, !ladder.hasState { journal.forget(before: loadAskedMs) }
    }

    /// Whether values were given up; asked once.
    func takeLostMoves() -> Bool {
        defer { hasLostMoves = false }
        return hasLostMoves
    }

    /// The life that had it is over.
    func lifeEnded() {
        if stage == .loading || stage == .loaded { stage = .waiting }
        beginLife()
        isTellingParams = false
        paramsComing = []
        isBehind = false
    }
}
