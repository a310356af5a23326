import CFlowLeaf
import Foundation

/// The core's own door: checks every field of a command record, then puts its group on the ring.
///
/// Whatever the server sends, the audio thread gets numbers it can trust: finite, in range, for
/// slots and loops that exist. A refused group has no effect at all.
///
/// - Thread: any but audio.
final class CommandIntake: @unchecked Sendable {
    private let lock = NSLock()
    private let ring: CommandRing
    private let pool: LoopPool
    private let worker: LoopWorker
    private let chains: any ChainSource
    private let dry: DryStore
    private let slotCount: Int
    private let sourceCount: Int
    private let rateHz: Int
    /// When the engine's time began; nil = its time is that of its frames.
    private let startedNs: Int64?
    /// Whether a capture of so many bars will be kept.
    private let canKeep: @Sendable (Int) -> Bool

    /// Beats and frames beyond this are refused, so that no sum or product of them overflows.
    private static let placeMax = Double(1 << 32)
    private static let frameMax = Double(1 << 52)
    private static let timeMsMax = 1e12

    init(
        ring: CommandRing, pool: LoopPool, worker: LoopWorker, chains: any ChainSource,
        dry: DryStore,
        settings: RenderSettings, startedNs: Int64?, canKeep: @escaping @Sendable (Int) -> Bool
    ) {
        self.ring = ring
        self.pool = pool
        self.worker = worker
        self.chains = chains
        self.dry = dry
        slotCount = settings.slotCount
        sourceCount = settings.sourceCount
        rateHz = settings.rateHz
        self.startedNs = startedNs
        self.canKeep = canKeep
    }

    /// Sends `count` records as one group.
    ///
    /// - Returns: 0, or the code why none of them was taken.
    func send(_ records: UnsafeMutableRawPointer, count: Int) -> UInt32 {
        guard count > 0, count <= Limits.groupCountMax else { return ErrorCode.commandBounds }
        var group: [CoreCommand] = []
        group.reserveCapacity(count)
        for index in 0..<count {
            let record = CommandRecord(base: records + index * CommandRecord.byteCount)
            guard var command = decode(record) else { return ErrorCode.commandBounds }
            command.groupCount = index == 0 ? count : 0
            group.append(command)
        }
        // Refused before it sounds: nobody shall believe in a loop that a crash would take.
        let captures = group.filter { $0.code == .capture && !$0.isNote }
        let bars = captures.reduce(0) { $0 + Int($1.a) }
        guard captures.isEmpty || canKeep(bars) else { return ErrorCode.takeNotKept }
        return lock.withLock { push(&group) }
    }

    /// Sends a group that was taken in before, as it was then: a tempo is in frames per beat.
    func replay(_ group: inout [CoreCommand]) -> UInt32 {
        for index in group.indices {
            let isInBounds =
                group[index].code == .tempo
                ? isWhole(group[index].a, 2...Double(60 * Limits.rateHzMax / Limits.bpmMin))
                : check(&group[index])
            let places = Double(group[index].atFrame)
            guard isInBounds, (0...Self.frameMax).contains(places) else {
                return ErrorCode.commandBounds
            }
        }
        return lock.withLock { push(&group) }
    }

    private func push(_ group: inout [CoreCommand]) -> UInt32 {
        // Only this side fills the ring: what fits now fits later.
        guard ring.room >= group.count else { return ErrorCode.busy }
        var held: [LoopHandle] = []
        for index in group.indices where group[index].code.carriesLoop() {
            if group[index].id.isNone() { continue }
            guard let handle = hold(group[index].id) else {
                for handle in held { pool.release(handle) }
                return ErrorCode.takeNotLoaded
            }
            held.append(handle)
            group[index].loop = handle
        }
        guard takeChains(&group) else {
            for handle in held { pool.release(handle) }
            return ErrorCode.noSuchInstance
        }
        stamp(&group)
        _ = ring.push(group)
        for command in group where command.code == .pluginParam {
            chains.noteParam(of: command.id, param: UInt32(command.a), value: command.b)
        }
        return 0
    }

    /// Fetches the chains that the group brings, and the numbers of the plug-ins it means; false when a
    /// chain cannot be had. A plug-in that has left since does nothing.
    private func takeChains(_ group: inout [CoreCommand]) -> Bool {
        var taken: [UnsafeMutablePointer<PluginChain>] = []
        for index in group.indices where group[index].code.isForPlugins() {
            if group[index].code != .chainSet {
                group[index].instance = chains.instance(of: group[index].id) ?? 0
                continue
            }
            if group[index].id.isNone() { continue }
            guard let chain = chains.takeChain(group[index].id) else {
                for chain in taken { chains.giveBack(chain) }
                return false
            }
            taken.append(chain)
            if group[index].isSource { dry.prepare() }
            group[index].chain = ChainHandle(chain)
        }
        return true
    }

    /// Notes when the group came; later groups never get an earlier time.
    private func stamp(_ group: inout [CoreCommand]) {
        guard startedNs != nil else { return }
        let now = flow_monotonic_ns()
        for index in group.indices { group[index].arrivalNs = now }
    }

    /// The take's loop; one that was captured a moment ago is baked first.
    private func hold(_ id: TakeID) -> LoopHandle? {
        if let handle = pool.acquire(id) { return handle }
        worker.pump()
        return pool.acquire(id)
    }

    /// A checked command, or nil when a field is out of bounds.
    private func decode(_ record: CommandRecord) -> CoreCommand? {
        guard let code = CommandCode(rawValue: record.kind) else { return nil }
        let values = [record.a, record.b, record.c, record.d]
        guard values.allSatisfy(\.isFinite), (0...Self.frameMax).contains(record.atFrame),
            (0...Self.timeMsMax).contains(record.atMs)
        else { return nil }
        var command = CoreCommand(code: code, kind: record.kind)
        command.token = record.token
        command.slot = Int(record.slot)
        command.isOn = record.flags & CommandFlags.on != 0
        command.isQuantized = record.flags & CommandFlags.quantized != 0
        command.unmutes = record.flags & CommandFlags.unmute != 0
        command.isOverdub = record.flags & CommandFlags.overdub != 0
        command.isSource = record.flags & CommandFlags.input != 0
        command.isNote = code == .capture && record.flags & CommandFlags.note != 0
        command.atFrame = Int64(record.atFrame)
        let atNs = Int64((record.atMs * 1e6).rounded())
        command.atNs = atNs == 0 ? 0 : atNs + (startedNs ?? 0)
        command.a = record.a
        command.b = record.b
        command.c = record.c
        command.d = record.d
        command.id = TakeID(
            w0: record.id[0], w1: record.id[1], w2: record.id[2], w3: record.id[3])
        command.other = TakeID(
            w0: record.other[0], w1: record.other[1], w2: record.other[2], w3: record.other[3])
        return check(&command) ? command : nil
    }

    private func check(_ command: inout CoreCommand) -> Bool {
        let a = command.a
        switch command.code {
        case .capture:
            let slots = slotCount + (command.isNote ? 1 : 0)
            return command.slot < slots && isWhole(a, 1...4_096) && !command.id.isNone()
                && isWhole(command.c, 0...Self.frameMax)
                && isWhole(command.b, 0...Double(sourceCount - 1))
                && (!command.isOverdub || (0...1).contains(command.d))
        case .slotSet: return isPlace(command)
        case .slotSwap:
            return isPlace(command) && !command.id.isNone() && !command.other.isNone()
        case .slotGain: return isSlot(command) && (0...Double(Limits.gainMax)).contains(a)
        case .slotPan: return isSlot(command) && (-1...1).contains(a)
        case .slotMute, .slotSolo, .slotCancel, .slotFree: return isSlot(command)
        case .tempo: return checkTempo(&command)
        case .meter:
            let beats = Double(Limits.meterBeatsMin)...Double(Limits.meterBeatsMax)
            return isWhole(a, beats) && (command.b == 4 || command.b == 8)
        case .metronome: return (0...gain(Limits.metronomeGainDbMax)).contains(a)
        case .input:
            return command.slot < sourceCount && (0...gain(Limits.inputGainDbMax)).contains(a)
        case .latency:
            let frames = 0...Double(rateHz)
            return isWhole(a, frames) && isWhole(command.b, frames)
        case .align: return isWhole(a, 0...Self.placeMax) && isWhole(command.c, 0...Self.frameMax)
        case .chainSet: return command.isSource ? command.slot == 0 : isSlot(command)
        case .pluginParam: return isWhole(a, 0...Double(UInt32.max)) && isShare(command.b)
        case .pluginNote: return isWhole(a, 0...127) && isShare(command.b)
        case .play, .pause, .panic, .mark, .calibrate: return true
        }
    }

    /// The audio thread gets frames per beat in place of bpm.
    private func checkTempo(_ command: inout CoreCommand) -> Bool {
        guard (Double(Limits.bpmMin)...Double(Limits.bpmMax)).contains(command.a) else {
            return false
        }
        command.a = Double(Grid.framesPerBeat(rateHz: rateHz, bpm: command.a))
        return true
    }

    private func isPlace(_ command: CoreCommand) -> Bool {
        isSlot(command) && isWhole(command.a, -Self.placeMax...Self.placeMax)
            && isWhole(command.c, -Self.placeMax...Self.placeMax)
            && isWhole(command.b, (command.id.isNone() ? 0 : 1)...65_536)
    }

    private func isSlot(_ command: CoreCommand) -> Bool { command.slot < slotCount }

    private func isShare(_ value: Double) -> Bool { (0...1).contains(value) }

    private func isWhole(_ value: Double, _ range: ClosedRange<Double>) -> Bool {
        range.contains(value) && value == value.rounded()
    }

    /// Decibels as a factor, with room for the rounding of whoever converted.
    private func gain(_ decibels: Int) -> Double { pow(10, Double(decibels) / 20) * 1.000_001 }
}
