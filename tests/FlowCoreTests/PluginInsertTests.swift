import Testing

@testable import FlowCore

/// A host played by the test itself, on the segments a real one would have.
private final class ScriptedHost {
    let port: HostPort
    let audio: SharedAudio
    private(set) var answered: UInt64 = 0

    init(_ port: HostPort, epoch: UInt64 = 1) throws {
        self.port = port
        audio = try SharedAudio(epoch: epoch, sampleRateHz: 48_000)
        port.replace(with: audio.lease, rest: {})
    }

    deinit { port.replace(with: nil, rest: {}) }

    private var lane: HostLane { audio.lease.pointee.lane(0) }
    var posted: UInt64 { lane.posted.pointee.load() }

    /// Answers all that was posted with `sound` of each sample.
    func answer(epoch: UInt64? = nil, _ sound: (Float) -> Float) {
        let lane = lane
        while answered < posted {
            answered += 1
            let asked = lane.outgoing.head(answered).pointee
            for channel in 0..<2 {
                let from = lane.outgoing.samples(answered, channel: channel)
                let to = lane.incoming.samples(answered, channel: channel)
                for i in 0..<Int(asked.frames) { to[i] = sound(from[i]) }
            }
            lane.incoming.head(answered).pointee.frames = asked.frames
            lane.incoming.head(answered).pointee.epoch = epoch ?? asked.epoch
            lane.incoming.seq(answered).pointee.store(answered)
            lane.done.pointee.store(answered)
        }
    }

    func claimDone(_ count: UInt64) { lane.done.pointee.store(count) }
}

/// Drives an insert with a known signal and keeps what comes out.
private struct Drive: ~Copyable {
    let port = HostPort()
    var insert: PluginInsert
    var input: [Float] = []
    var output: [Float] = []
    private let signal: (Int) -> Float

    init(latency: Int = 64, _ signal: @escaping (Int) -> Float = Drive.noise) {
        insert = PluginInsert(port: port, latencyFrames: latency)
        self.signal = signal
    }

    deinit { port.deallocate() }

    mutating func block(_ frames: Int = 64) {
        var left = (0..<frames).map { signal(input.count + $0) }
        var right = left.map { -$0 }
        input += left
        insert.process(
            left: &left, right: &right, frames: frames, beat: 0, framesPerBeat: 24_000)
        #expect(right == left.map { -$0 }, "the sides are treated alike")
        output += left
    }

    /// Output frame f is input frame f − latency, changed by `sound`.
    func isExact(from: Int, to: Int, latency: Int = 64, _ sound: (Float) -> Float) -> Bool {
        (from..<to).allSatisfy { output[$0] == ($0 < latency ? 0 : sound(input[$0 - latency])) }
    }

    static func noise(_ frame: Int) -> Float {
        var x = UInt32(truncatingIfNeeded: frame) &* 747_796_405 &+ 2_891_336_453
        x = (x >> ((x >> 28) &+ 4) ^ x) &* 277_803_737
        return Float(Int32(bitPattern: x >> 22 ^ x)) / Float(Int32.max) * 0.9
    }

    static func sine(_ frame: Int) -> Float { DemoMath.sine(Float(frame % 480) / 480) * 0.8 }
}

@Suite("plug-in insert")
struct PluginInsertTests {
    @Test("without a host the signal passes unchanged, one block late")
    func noHost() {
        var drive = Drive()
        for _ in 0..<20 { drive.block() }
        #expect(drive.isExact(from: 0, to: 20 * 64) { $0 })
        #expect(!drive.port.isWet && drive.port.missedBlocks == 0)
    }

    @Test("a host in time is heard bit for bit, one block late")
    func wet() throws {
        var drive = Drive()
        let host = try ScriptedHost(drive.port)
        for _ in 0..<40 {
            drive.block()
            host.answer { $0 * -0.5 }
        }
        #expect(drive.port.isWet)
        // 8 good blocks, then a fade of one: from then on nothing but the host.
        #expect(drive.isExact(from: 10 * 64, to: 40 * 64) { $0 * -0.5 })
        #expect(drive.isExact(from: 0, to: 8 * 64) { $0 })
    }

    @Test("blocks of changing length are exact too, at the same latency")
    func lengths() throws {
        var drive = Drive(latency: 128)
        let host = try ScriptedHost(drive.port)
        for turn in 0..<400 {
            drive.block([128, 1, 77, 64, 128, 30][turn % 6])
            host.answer { $0 * 0.25 }
        }
        let frames = drive.output.count
        #expect(drive.isExact(from: 3000, to: frames, latency: 128) { $0 * 0.25 })
    }

    @Test("a lost host is dry in the very next block, without a step")
    func lost() throws {
        var drive = Drive(Drive.sine)
        let host = try ScriptedHost(drive.port)
        for _ in 0..<30 {
            drive.block()
            host.answer { $0 * -1 }
        }
        #expect(drive.port.isWet)
        let lostAt = drive.output.count
        for _ in 0..<10 { drive.block() }
        // The result of the block before the loss was there; the one after it is missing.
        #expect(drive.isExact(from: lostAt - 640, to: lostAt + 64) { $0 * -1 })
        #expect(drive.isExact(from: lostAt + 128, to: drive.output.count) { $0 })
        #expect(!drive.port.isWet)
        // A fade of 64 frames over at most 1.6 adds 0.025 to the signal's own step of 0.0105.
        var step: Float = 0
        for i in 1..<drive.output.count {
            step = max(step, abs(drive.output[i] - drive.output[i - 1]))
        }
        #expect(step < 0.0105 + 0.026, "largest step \(step)")
    }

    @Test("a host that comes back is heard after eight good blocks, without a step")
    func rejoin() throws {
        var drive = Drive(Drive.sine)
        let host = try ScriptedHost(drive.port)
        for turn in 0..<200 {
            drive.block()
            if turn < 40 || turn > 100 { host.answer { $0 * -1 } }
        }
        #expect(drive.port.isWet && drive.port.missedBlocks > 50)
        var step: Float = 0
        for i in 1..<drive.output.count {
            step = max(step, abs(drive.output[i] - drive.output[i - 1]))
        }
        #expect(step < 0.0105 + 0.026, "largest step \(step)")
    }

    @Test("a host that stands still gets no more than seven blocks ahead")
    func backlog() throws {
        var drive = Drive()
        let host = try ScriptedHost(drive.port)
        for _ in 0..<50 { drive.block() }
        #expect(host.posted == 7)
        host.answer { $0 }
        drive.block()
        #expect(host.posted == 8)
    }

    @Test(
        "samples no plug-in may send are never heard",
        arguments: [Float.nan, .infinity, -.infinity, 17, -1e9])
    func scrub(bad: Float) throws {
        var drive = Drive()
        let host = try ScriptedHost(drive.port)
        for turn in 0..<60 {
            drive.block()
            host.answer { turn > 30 && turn % 5 == 0 ? bad : $0 }
        }
        #expect(drive.isExact(from: 0, to: 60 * 64) { $0 })
        #expect(drive.port.scrubbedBlocks >= 5)
    }

    @Test("numbers that cannot be are not believed")
    func lies() throws {
        var drive = Drive()
        let host = try ScriptedHost(drive.port)
        for _ in 0..<10 { drive.block() }
        host.claimDone(.max)
        for _ in 0..<10 { drive.block() }
        #expect(drive.isExact(from: 0, to: 20 * 64) { $0 })
        #expect(!drive.port.isWet)
    }

    @Test("results of an earlier life are not taken for new")
    func epochs() throws {
        var drive = Drive()
        let host = try ScriptedHost(drive.port, epoch: 7)
        for _ in 0..<40 {
            drive.block()
            host.answer(epoch: 6 << 32) { $0 * -1 }
        }
        #expect(!drive.port.isWet)
        #expect(drive.isExact(from: 0, to: 40 * 64) { $0 })
    }

    @Test("lives change under a running signal without a step")
    func lives() throws {
        var drive = Drive(Drive.sine)
        for life in 1...4 {
            let host = try ScriptedHost(drive.port, epoch: UInt64(life))
            for _ in 0..<30 {
                drive.block()
                host.answer { $0 * -0.5 }
            }
            #expect(drive.port.isWet, "life \(life)")
        }
        var step: Float = 0
        for i in 1..<drive.output.count {
            step = max(step, abs(drive.output[i] - drive.output[i - 1]))
        }
        #expect(step < 0.0105 + 0.02, "largest step \(step)")
    }
}
