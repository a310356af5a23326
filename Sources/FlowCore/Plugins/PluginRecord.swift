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
    /// How often in a row its host died while it was loaded.
    private(set) var loadDeathCount = 0
    /// Since when blocks have gone through it in this life.
    var heardSinceMs: Double?
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
        loadDeathCount = 0
        snapshots.loaded()
        heardSinceMs = nil
    }

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

    /// Its host died of itself while it was loaded. Its state is given up if it was just being set, or if
    /// nothing else was different the second time.
    func diedLoading(inPhase phase: UInt64) {
        loadDeathCount += 1
        guard phase == UInt64(FLOW_PHASE_SET_STATE) || loadDeathCount >= 2 else { return }
        loadDeathCount = 0
        ladder.descend()
    }

    /// The life that had it is over.
    func lifeEnded() {
        if stage == .loading || stage == .loaded { stage = .waiting }
        heardSinceMs = nil
        isTellingParams = false
        paramsComing = []
        isBehind = false
    }
}
