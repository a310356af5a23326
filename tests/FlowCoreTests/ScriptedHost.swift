@testable import FlowCore

/// A host played by the test itself, on the segments a real one would have.
final class ScriptedHost {
    let port: HostPort
    let audio: SharedAudio
    let lane: HostLane
    private(set) var answered: UInt64 = 0

    /// Stands behind one lane of a port.
    init(_ port: HostPort, epoch: UInt64 = 1, lane: Int = 0) throws {
        self.port = port
        audio = try SharedAudio(epoch: epoch, sampleRateHz: 48_000)
        self.lane = audio.lease.pointee.lane(lane)
        port.replace(with: audio.lease, rest: {})
    }

    deinit { port.replace(with: nil, rest: {}) }

    var posted: UInt64 { lane.posted.pointee.load() }
    /// How often the host was woken.
    var rings: UInt64 { audio.lease.pointee.bell.pointee.load() }

    /// Answers all that was posted with `sound` of each sample.
    func answer(epoch: UInt64? = nil, _ sound: (Float) -> Float) {
        answer(epoch: epoch) { _, from, to, frames in
            for index in 0..<frames { to[index] = sound(from[index]) }
        }
    }

    typealias Play = (
        _ channel: Int, _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>,
        _ frames: Int
    ) -> Void

    /// Answers all that was posted, a channel of a block at a time.
    func answer(epoch: UInt64? = nil, _ play: Play) {
        while answered < posted { answerOne(epoch: epoch, play) }
    }

    /// Answers the oldest block.
    func answerOne(epoch: UInt64? = nil, _ play: Play) {
        answered += 1
        let asked = lane.outgoing.head(answered).pointee
        for channel in 0..<2 {
            play(
                channel, lane.outgoing.samples(answered, channel: channel),
                lane.incoming.samples(answered, channel: channel), Int(asked.frames))
        }
        lane.incoming.head(answered).pointee.frames = asked.frames
        lane.incoming.head(answered).pointee.epoch = epoch ?? asked.epoch
        lane.incoming.seq(answered).pointee.store(answered)
        lane.done.pointee.store(answered)
    }

    /// Says that it answered so many, whatever it did.
    func claimDone(_ count: UInt64) { lane.done.pointee.store(count) }

    /// What the newest block says of itself.
    var newest: BlockHead { lane.outgoing.head(posted).pointee }

    /// Notes of the blocks that are still in their slots, the oldest first.
    var notes: [BlockNote] {
        ((posted > 7 ? posted - 7 : 1)...posted).flatMap { seq in
            (0..<Int(lane.outgoing.head(seq).pointee.noteCount)).map {
                lane.outgoing.notes(seq)[$0]
            }
        }
    }

    /// Parameters and notes of the newest block.
    var newestPoints: [BlockPoint] {
        (0..<Int(newest.pointCount)).map { lane.outgoing.points(posted)[$0] }
    }
    var newestNotes: [BlockNote] {
        (0..<Int(newest.noteCount)).map { lane.outgoing.notes(posted)[$0] }
    }
}

/// Drives a chain of an input with a known signal and keeps what comes out.
final class ChainDrive {
    let ports: [HostPort]
    let chain: UnsafeMutablePointer<PluginChain>
    private(set) var input: [Float] = []
    private(set) var output: [Float] = []
    private let signal: (Int) -> Float
    private let bells = UnsafeMutablePointer<HostBells>.allocate(capacity: 1)
    private var nowNs: Int64 = 0
    /// From one block to the next; nil = as long as it is.
    var paceNs: Int64?
    /// What is done between taking a block in and handing it on.
    var amid: () -> Void = {}

    /// One hop for each of `hops`; each has a port, and lane 0 or, in the same host, the next lane.
    init(
        block: Int = 64, latencies: [Int] = [0], hasInput: Bool = true, sharesHost: Bool = false,
        _ signal: @escaping (Int) -> Float = ChainDrive.noise
    ) {
        let ports = latencies.map { _ in HostPort() }
        self.ports = ports
        let hops = latencies.enumerated().map { index, latency in
            ChainHop(
                port: ports[index], lane: sharesHost ? index : 0, latencyFrames: latency,
                hasInput: hasInput, instances: [UInt32(10 * index + 1), UInt32(10 * index + 2)])
        }
        chain = PluginChain.make(
            id: CoreRig.take(1), hops: hops, isInput: true, blockFrames: block, rateHz: 48_000)
        self.signal = signal
        bells.initialize(to: HostBells())
    }

    /// Ports are never freed: hosts of a test let go of them last.
    deinit {
        PluginChain.free(chain)
        bells.pointee.deallocate()
        bells.deallocate()
    }

    var port: HostPort { ports[0] }
    var latency: Int { chain.pointee.latencyFrames }

    /// One block of the device, in stretches of at most `stretch` frames.
    func block(_ frames: Int = 64, stretch: Int = 512) {
        chain.pointee.collect(atNs: nowNs)
        nowNs += paceNs ?? Int64(frames) * 1_000_000_000 / 48_000
        var done = 0
        while done < frames {
            let run = min(stretch, frames - done)
            let left = (0..<run).map { signal(input.count + $0) }
            var sound = left.flatMap { [$0, -$0] }
            input += left
            chain.pointee.pass(&sound, count: run, isFilling: false)
            for index in 0..<run {
                output.append(sound[2 * index])
                isOdd = isOdd && sound[2 * index + 1] == -sound[2 * index]
            }
            done += run
        }
        amid()
        var transport = Transport(grid: Grid(), isPlaying: true)
        transport.grid.framesPerBeat = 24_000
        post(transport)
    }

    /// Ends a block.
    func post(_ transport: Transport) {
        chain.pointee.post(HopTime(transport, frame: Int64(input.count)), bells)
        bells.pointee.ring()
    }

    /// Whether both sides were treated alike: the right one is the left one's negative.
    private(set) var isOdd = true

    /// Output frame f is input frame f − latency, changed by `sound`.
    func isExact(from: Int, to: Int, _ sound: (Float) -> Float) -> Bool {
        (from..<to).allSatisfy { output[$0] == ($0 < latency ? 0 : sound(input[$0 - latency])) }
    }

    /// The largest step from one sample to the next.
    var largestStep: Float {
        zip(output, output.dropFirst()).map { abs($1 - $0) }.max() ?? 0
    }

    static func noise(_ frame: Int) -> Float {
        var x = UInt32(truncatingIfNeeded: frame) &* 747_796_405 &+ 2_891_336_453
        x = (x >> ((x >> 28) &+ 4) ^ x) &* 277_803_737
        return Float(Int32(bitPattern: x >> 22 ^ x)) / Float(Int32.max) * 0.9
    }

    static func sine(_ frame: Int) -> Float { DemoMath.sine(Float(frame % 480) / 480) * 0.8 }
}

/// A plug-in that is late by so many frames, and half as loud.
final class LatePlugin {
    private var lines: [[Float]]

    init(_ frames: Int) {
        lines = Array(repeating: Array(repeating: 0, count: frames), count: 2)
    }

    func play(
        _ channel: Int, _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>,
        _ frames: Int
    ) {
        for index in 0..<frames {
            lines[channel].append(from[index] * 0.5)
            to[index] = lines[channel].removeFirst()
        }
    }
}
