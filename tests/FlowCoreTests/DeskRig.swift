import CFlowLeaf
import Foundation
import Testing

@testable import FlowCore
@testable import PluginFixture

/// A desk with real hosts, and what it told.
final class DeskRig: @unchecked Sendable {
    static let rateHz = 48_000
    static let blockFrames = 64

    let desk: PluginDesk
    private let told = EventBox()
    private var idCount: UInt32 = 0

    /// `statePath` empty = states are not written.
    init(statePath: String = "", executable: String = HostProgram.path) {
        let told = told
        desk = PluginDesk(
            PluginDesk.Setup(
                hosts: ChildHosts(executable: executable, sampleRateHz: Self.rateHz),
                states: StateFiles(folder: statePath), sampleRateHz: Self.rateHz,
                blockFrames: Self.blockFrames)
        ) { told.add($0) }
    }

    deinit { desk.stop(deadlineMs: 0) }

    var events: [CoreEvent] { told.all.map(\.event) }
    var timed: [(event: CoreEvent, atMs: Double)] { told.all }

    func newID() -> TakeID {
        idCount += 1
        return TakeID(w0: 0x7e57, w1: 0, w2: 0, w3: idCount)
    }

    /// Asks for a class of the fixture, or another one.
    func ask(
        _ plugin: PluginName, group: String = "Maker", id: TakeID? = nil,
        state: String? = nil, earlier: String? = nil, like: TakeID? = nil
    ) -> TakeID {
        let id = id ?? newID()
        var order = PluginOrder(
            id: id, classId: plugin.classId, group: group, bundle: plugin.bundle)
        order.statePath = state
        order.earlierStatePath = earlier
        order.like = like
        #expect(desk.load(order) == 0)
        return id
    }

    /// Loads it and waits until it is there.
    func load(
        _ plugin: PluginName, group: String = "Maker", state: String? = nil,
        earlier: String? = nil, like: TakeID? = nil
    ) throws -> TakeID {
        let id = ask(plugin, group: group, state: state, earlier: earlier, like: like)
        try until("\(plugin) is loaded", seconds: 20) {
            has(.pluginLoaded, id) { $0.errorCode == 0 }
        }
        return id
    }

    /// Makes a chain and hands it over as a command does.
    func chain(_ plugins: [TakeID], isInput: Bool = true) throws -> HopPlayer {
        let id = newID()
        #expect(desk.makeChain(ChainOrder(id: id, isInput: isInput, plugins: plugins)) == 0)
        return HopPlayer(try #require(desk.takeChain(id)), desk)
    }

    func count(_ code: EventCode, _ isIt: (CoreEvent) -> Bool) -> Int {
        events.count { $0.code == code && isIt($0) }
    }

    func has(_ code: EventCode, _ id: TakeID, _ isIt: (CoreEvent) -> Bool = { _ in true }) -> Bool {
        events.contains { $0.code == code && $0.id == id && isIt($0) }
    }

    /// How often a host was lost for this reason.
    func losses(_ code: UInt32) -> Int {
        count(.pluginHost) { $0.detail == HostState.lost && $0.errorCode == code }
    }

    /// The process that has a plug-in.
    func pid(_ plugin: TakeID) -> Int32? {
        desk.lock.withLock { desk.plugins[plugin]?.group.life?.pid }
    }
}

private final class EventBox: @unchecked Sendable {
    private let lock = NSLock()
    private var entries: [(event: CoreEvent, atMs: Double)] = []

    func add(_ event: CoreEvent) {
        lock.withLock { entries.append((event, Double(flow_monotonic_ns()) / 1e6)) }
    }

    var all: [(event: CoreEvent, atMs: Double)] { lock.withLock { entries } }
}

/// Plays the hops of a chain as a device would, one block of ones each 1.33 ms, and keeps what came back.
final class HopPlayer {
    private static let frames = DeskRig.blockFrames
    let chain: UnsafeMutablePointer<PluginChain>
    private let desk: PluginDesk
    private var hops: [Hop]
    private var next = flow_monotonic_ns()
    private var points: [BlockPoint] = []
    private(set) var blockCount = 0
    /// How late this machine woke the pacing thread at worst, in ms.
    private(set) var lateMs = 0.0

    private struct Hop {
        let port: HostPort
        let lane: Int
        var epoch: UInt64 = 0
        var posted: UInt64 = 0
        var good = 0
        /// First sample of the newest result; nil = it is missing.
        var level: Float?
    }

    init(_ chain: UnsafeMutablePointer<PluginChain>, _ desk: PluginDesk) {
        self.chain = chain
        self.desk = desk
        hops = (0..<chain.pointee.hopCount).map { index in
            Hop(port: chain.pointee.hops[index].port, lane: chain.pointee.hops[index].lane)
        }
    }

    func giveBack() { desk.giveBack(chain) }

    /// Moves a parameter as a command does.
    func move(_ plugin: TakeID, _ param: UInt32, _ value: Double) throws {
        let instance = try #require(desk.instance(of: plugin))
        desk.noteParam(of: plugin, param: param, value: value)
        points.append(BlockPoint(instance: instance, param: param, offset: 0, value: Float(value)))
    }

    /// Puts a point into the next block that no command has asked for.
    func point(_ instance: UInt32, _ param: UInt32, _ value: Float) {
        points.append(BlockPoint(instance: instance, param: param, offset: 0, value: value))
    }

    /// What a hop makes of ones; nil = it is not heard.
    func level(_ hop: Int = 0) -> Float? { hops[hop].good >= 8 ? hops[hop].level : nil }

    func block() {
        next += Int64(Self.frames) * 1_000_000_000 / Int64(DeskRig.rateHz)
        flow_sleep_until(next)
        let late = flow_monotonic_ns() - next
        lateMs = max(lateMs, Double(late) / 1e6)
        // After a long delay the pace goes on from now, as a device's would.
        if late > 20_000_000 { next += late }
        for index in hops.indices { play(&hops[index]) }
        points = []
        blockCount += 1
    }

    func blocks(_ count: Int) { for _ in 0..<count { block() } }

    /// Plays until something is true; a fault when it never is.
    func run(_ what: String, seconds: Double = 20, until isDone: () -> Bool) throws {
        let end = flow_monotonic_ns() + Int64(seconds * 1e9)
        while !isDone() {
            guard flow_monotonic_ns() < end else {
                throw Missed(description: "\(what): not within \(seconds) s")
            }
            block()
        }
    }

    private func play(_ hop: inout Hop) {
        defer {
            hop.port.release()
            hop.port.count(
                lane: hop.lane, isWet: hop.good >= 8, isMissed: hop.epoch != 0 && hop.level == nil)
        }
        hop.level = nil
        guard let lease = hop.port.acquire() else {
            (hop.epoch, hop.good) = (0, 0)
            return
        }
        let lane = lease.pointee.lane(hop.lane)
        let epoch = lease.pointee.laneEpoch(generation: 0)
        if epoch != hop.epoch {
            (hop.epoch, hop.posted, hop.good) = (epoch, lane.posted.pointee.load(), 0)
        } else if lane.done.pointee.load() == hop.posted,
            lane.incoming.head(hop.posted).pointee.epoch == epoch
        {
            hop.level = lane.incoming.samples(hop.posted, channel: 0)[Self.frames - 1]
        }
        hop.good = hop.level == nil ? 0 : hop.good + 1
        post(&hop, lane, lease.pointee)
    }

    private func post(_ hop: inout Hop, _ lane: HostLane, _ lease: HostLease) {
        let done = lane.done.pointee.load()
        guard done <= hop.posted, hop.posted - done < HostLane.outstandingMax() else { return }
        let seq = hop.posted + 1
        for channel in 0..<2 {
            let samples = lane.outgoing.samples(seq, channel: channel)
            for frame in 0..<Self.frames { samples[frame] = 1 }
        }
        let head = lane.outgoing.head(seq)
        head.pointee.epoch = hop.epoch
        head.pointee.frames = UInt32(Self.frames)
        head.pointee.framesPerBeat = 24_000
        for (index, point) in points.enumerated() { lane.outgoing.points(seq)[index] = point }
        head.pointee.pointCount = UInt32(points.count)
        lane.outgoing.seq(seq).pointee.store(seq)
        hop.posted = seq
        lane.posted.pointee.store(seq)
        lease.raiseBell()
        flow_segment_wake(UnsafeMutableRawPointer(lease.bell))
    }
}
