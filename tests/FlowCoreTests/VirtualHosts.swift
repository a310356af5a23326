import CFlowLeaf
import HostContract

@testable import FlowCore

/// Hosts that are made up, in a time that is made up: they load, keep values, die and hang as they are told.
final class VirtualHosts: HostTable, @unchecked Sendable {
    var nowMs = 0.0
    var random: SeededRandom
    private(set) var lives: [VirtualLife] = []
    /// All lives are told to use the same memory, in which nothing is ever done.
    private let audio: SharedAudio
    var mayFailToStart = false

    init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        audio = try SharedAudio(epoch: 1, sampleRateHz: 48_000)
    }

    var living: [VirtualLife] { lives.filter { !$0.isBuried } }

    func start(epoch: UInt64, isAside: Bool) throws(HostFailure) -> any HostLife {
        lives.removeAll(where: \.isBuried)
        if mayFailToStart, Int.random(in: 0..<50, using: &random) == 0 { throw .spawn(-11) }
        let life = VirtualLife(self, epoch, like: audio.lease.pointee)
        lives.append(life)
        return life
    }
}

/// One made-up life.
///
/// A state is the value of its one parameter, little endian.
final class VirtualLife: HostLife, @unchecked Sendable {
    let pid: Int32 = 1
    let lease: UnsafeMutablePointer<HostLease>
    private let hosts: VirtualHosts
    private var answers: [(dueMs: Double, answer: HostAnswer)] = []
    /// Loaded plug-ins and the value of each.
    private(set) var values: [UInt32: Double] = [:]
    private(set) var isBuried = false
    private(set) var hasEnded = false
    let wasKilled = false
    private var hungAtMs: Double?
    private var loadingUntilMs = 0.0
    private var mainInstance: UInt32 = 0
    private var currentInstance: UInt32 = 0
    var breaksContract = false
    /// Loads it refuses, in turn, are those with a state.
    var refusesStates = false
    /// The next load is its end.
    var diesAtLoad = false
    private(set) var laneOf: [UInt32: UInt32] = [:]

    init(_ hosts: VirtualHosts, _ epoch: UInt64, like other: HostLease) {
        self.hosts = hosts
        lease = .allocate(capacity: 1)
        lease.initialize(to: other)
        later(1, .hello(version: ContractLimits.version))
    }

    deinit { lease.deallocate() }

    private func later(_ ms: Double, _ answer: HostAnswer) {
        // What was asked is answered in its order.
        let due = max(hosts.nowMs + ms, answers.last?.dueMs ?? 0)
        answers.append((due, answer))
    }

    func crash(blaming instance: UInt32) {
        currentInstance = instance
        hasEnded = true
        values = [:]
    }

    func hang(in instance: UInt32) {
        currentInstance = instance
        hungAtMs = hungAtMs ?? hosts.nowMs
    }

    /// The plug-in turns its own knob.
    func turn(_ instance: UInt32, _ value: Double) {
        guard values[instance] != nil, isWell else { return }
        values[instance] = value
        later(0, .edited(instance: instance, param: 1, value: value))
    }

    /// A block brings a value.
    func play(_ instance: UInt32, _ value: Double) {
        if values[instance] != nil, isWell { values[instance] = value }
    }

    var isWell: Bool { !hasEnded && hungAtMs == nil && !isBuried }

    var signs: HostSigns {
        let seenMs = min(hosts.nowMs, hungAtMs ?? .infinity)
        let isLoading = hosts.nowMs < loadingUntilMs
        return HostSigns(
            audioBeat: UInt64(seenMs / 25) + 1,
            mainBeat: UInt64((isLoading ? min(seenMs, loadingUntilMs) : seenMs) / 25) + 1,
            phase: UInt64(isLoading ? FLOW_PHASE_LOAD : FLOW_PHASE_RUN),
            currentInstance: UInt64(currentInstance), mainInstance: UInt64(mainInstance))
    }

    func send(_ request: HostRequest) {
        guard isWell else { return }
        switch request {
        case .load(let load): self.load(load)
        case .unload(let request, let instance):
            values[instance] = nil
            later(1, .done(request: request))
        case .chain(let request, let lane, _, let instances):
            for instance in instances { laneOf[instance] = lane }
            later(1, .done(request: request))
        case .getState(let request, let instance):
            let value = values[instance] ?? 0
            later(1, .state(request: request, instance: instance, bytes: Self.state(value)))
        case .getParams(let request, let instance):
            later(1, .params(request: request, instance: instance, isLast: true, params: []))
        case .set(let instance, let given):
            if values[instance] != nil, let last = given.last { values[instance] = last.value }
        case .bypass, .getText: break
        }
    }

    private func load(_ load: LoadRequest) {
        mainInstance = load.instance
        if diesAtLoad {
            diesAtLoad = false
            hasEnded = true
            return
        }
        if load.state != nil, refusesStates {
            let reason = HostFailureReason.stateRefused.rawValue
            later(
                1, .failed(request: load.request, instance: load.instance, reason: reason, text: "")
            )
            return
        }
        let isSlow = Int.random(in: 0..<40, using: &hosts.random) == 0
        let ms = isSlow ? 5_000 : Double.random(in: 1...20, using: &hosts.random)
        loadingUntilMs = hosts.nowMs + ms
        let state = load.state.map { bytes in
            bytes.withUnsafeBytes { $0.loadUnaligned(as: Double.self) }
        }
        values[load.instance] = load.values.last?.value ?? state ?? 0
        later(
            ms,
            .loaded(
                LoadedPlugin(
                    request: load.request, instance: load.instance, latencyFrames: 0,
                    isInstrument: false, inputs: 2, outputs: 2, paramCount: 1)))
    }

    static func state(_ value: Double) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    func receive() throws(ContractError) -> [HostAnswer] {
        if breaksContract { throw .unknownKind(99) }
        if hungAtMs != nil { return [] }
        let due = answers.filter { $0.dueMs <= hosts.nowMs }.map(\.answer)
        answers.removeAll { $0.dueMs <= hosts.nowMs }
        if due.contains(where: { if case .loaded = $0 { true } else { false } }) {
            mainInstance = 0
        }
        return due
    }

    /// When it has something to say; nil = nothing.
    var nextMs: Double? { hungAtMs == nil ? answers.map(\.dueMs).min() : nil }

    func takeEchoes() -> [flow_echo] { [] }
    func prepare(lane: Int) -> Bool { true }
    func measure() -> HostUsage? { HostUsage(residentBytes: 1 << 20) }
    func limitGrowth(to bytes: Int) {}

    func bury() {
        isBuried = true
        hasEnded = true
        values = [:]
    }
}

/// States in memory, there at once.
final class VirtualStates: StateStore, @unchecked Sendable {
    private(set) var writtenCount = 0

    func read(
        _ order: PluginOrder, _ answer: @escaping @Sendable ([UInt8]?, [UInt8]?) -> Void
    ) { answer(nil, nil) }

    func write(_ state: [UInt8], _ answer: @escaping @Sendable (TakeSha?) -> Void) {
        writtenCount += 1
        answer(StateFiles.sha(of: state))
    }

    func stop(deadlineMs: Int) {}
}
