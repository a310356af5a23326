import Foundation
import Testing

@testable import FlowCore

/// What a device called with several pairs: keeps the left side of each.
private final class PairListener: @unchecked Sendable {
    struct State {
        var frames = 0
        var pairs = 0
        var kept: UnsafeMutablePointer<Float>
    }
    static let framesMax = 10 * 48_000
    static let pairsMax = Limits.sourceCountMax - 1
    private let state: UnsafeMutablePointer<State>

    init() {
        let kept = UnsafeMutablePointer<Float>.allocate(capacity: Self.framesMax * Self.pairsMax)
        kept.initialize(repeating: 0, count: Self.framesMax * Self.pairsMax)
        state = .allocate(capacity: 1)
        state.initialize(to: State(kept: kept))
    }

    deinit {
        state.pointee.kept.deallocate()
        state.deallocate()
    }

    var frames: Int { state.pointee.frames }
    var pairs: Int { state.pointee.pairs }
    func kept(_ pair: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: state.pointee.kept + pair * Self.framesMax, count: frames)
    }

    var target: RenderTarget {
        RenderTarget(
            context: state,
            process: { _, _, _, _, _, _ in },
            processPairs: { context, planes, pairs, stride, outL, outR, frames in
                let state = context.assumingMemoryBound(to: State.self)
                let count = min(Int(frames), PairListener.framesMax - state.pointee.frames)
                for pair in 0..<min(Int(pairs), PairListener.pairsMax) {
                    let kept = state.pointee.kept + pair * PairListener.framesMax
                    (kept + state.pointee.frames).update(
                        from: planes + 2 * pair * Int(stride), count: count)
                }
                for index in 0..<Int(frames) {
                    outL[index] = 0
                    outR[index] = 0
                }
                state.pointee.pairs = Int(pairs)
                state.pointee.frames += count
            })
    }
}

/// Plays noise by its own count of frames.
private final class NoisePlayer: @unchecked Sendable {
    struct State {
        var frame: Int64 = 0
    }
    static let noise = CodedNoise(seed: CoreRig.seed)
    private let state: UnsafeMutablePointer<State>

    init() {
        state = .allocate(capacity: 1)
        state.initialize(to: State())
    }

    deinit { state.deallocate() }

    var target: RenderTarget {
        RenderTarget(context: state) { context, _, _, outL, outR, frames in
            let state = context.assumingMemoryBound(to: State.self)
            for index in 0..<Int(frames) {
                outL[index] = NoisePlayer.noise.sample(state.pointee.frame + Int64(index), 0)
                outR[index] = NoisePlayer.noise.sample(state.pointee.frame + Int64(index), 1)
            }
            state.pointee.frame += Int64(frames)
        }
    }
}

extension JackDeviceTests {
    @Test("seven ports are four pairs and their sum; what is played into one is heard there alone")
    func pairs() throws {
        let server = try JackServer(captures: 7)
        defer { server.stop() }
        let device = try JackDevice()
        #expect(device.sourceCount == 5)
        #expect(try JackDevice(clientName: "second").key == device.key)
        let listener = PairListener()
        try device.start(listener.target)
        defer { device.stop() }
        let player = try JackDevice(clientName: "player")
        let noise = NoisePlayer()
        try player.start(noise.target)
        defer { player.stop() }
        #expect(server.connections("FlowZone:in_3") == ["system:capture_3"])
        #expect(server.connections("FlowZone:in_7") == ["system:capture_7"])
        #expect(server.connections("FlowZone:in_8") == ["system:capture_7"])
        try server.run("jack_connect", ["player:out_1", "FlowZone:in_5"])
        let before = listener.frames
        try until("two seconds of it") { listener.frames > before + 2 * 48_000 }
        device.stop()
        #expect(listener.pairs == 4)
        let played = (0..<PairListener.framesMax).map { NoisePlayer.noise.sample(Int64($0), 0) }
        let run = longestMatch(of: played, in: listener.kept(2))
        #expect(run >= 12_000, "longest bit-exact run \(run) frames")
        for other in [0, 1, 3] { #expect(listener.kept(other).allSatisfy { $0 == 0 }) }
    }

    @Test("a cable from output to input is measured to the frame; without one it is refused")
    func calibration() throws {
        let server = try JackServer()
        defer { server.stop() }
        var configuration = EngineConfiguration()
        configuration.deviceKind = DeviceKind.jack
        configuration.ringSecondsMax = 10
        let engine = try FlowEngine(configuration)
        try engine.start()
        defer { engine.stop() }
        // Both ways as the server tells them, and the card's name, are known from the first moment on.
        #expect(engine.device.inputLatencyFrames >= 128)
        #expect(engine.device.outputLatencyFrames >= 128)
        #expect(engine.device.key != 0)
        // A busy machine may lose a block on the way: it is refused then, and asked again.
        func measured() throws -> CoreEvent {
            #expect(CoreRig.send([Ask(code: .calibrate, token: 1)], to: engine) == 0)
            var answer: CoreEvent?
            try until("the answer", seconds: 20) {
                _ = engine.events.poll(capacity: 1_024) {
                    if $0.code == .calibrated { answer = $0 }
                }
                return answer != nil
            }
            return try #require(answer)
        }
        #expect(try measured().errorCode == ErrorCode.calibrationFailed)
        try server.run("jack_connect", ["FlowZone:out_1", "FlowZone:in_1"])
        var found = try measured()
        for _ in 0..<4 where found.errorCode != 0 { found = try measured() }
        print("calibration: JACK, output cabled to input: \(found.value) frames in blocks of 128")
        #expect(found.errorCode == 0)
        #expect(found.value == 128)
    }

    /// The loudest sample of a source in the second before `frame`.
    private func loudest(_ engine: FlowEngine, _ source: Int) throws -> Float {
        let channels = engine.store.channelCount
        var kept = [Float](repeating: 0, count: 48_000 * channels)
        let newest = engine.store.newestFrame()
        #expect(engine.store.copy(from: newest - 48_000, frames: 48_000, into: &kept))
        return (0..<48_000).map { abs(kept[$0 * channels + 2 * source]) }.max() ?? 0
    }

    @Test("what a second pair hears of our own output is not in source 0 until it is switched on")
    func ownOutput() throws {
        let server = try JackServer(captures: 4)
        defer { server.stop() }
        let folder = NSTemporaryDirectory() + "flowzone-pairs-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = EngineConfiguration()
        configuration.deviceKind = DeviceKind.jack
        configuration.flags |= ConfigFlags.deviceSources
        configuration.ringSecondsMax = 30
        configuration.bpm = 300
        configuration.logPath = folder + "/log"
        let engine = try FlowEngine(configuration)
        try engine.start()
        func play(_ seconds: Double) throws {
            let end = engine.store.newestFrame() + UInt64(48_000 * seconds)
            try until("\(seconds) s of it") { engine.store.newestFrame() >= end }
        }
        try server.run("jack_connect", ["FlowZone:out_1", "FlowZone:in_3"])
        CoreRig.send(
            [
                Ask(code: .metronome, flags: CommandFlags.on, a: 1), Ask(code: .latency, a: 700),
                Ask(code: .input, flags: CommandFlags.on, a: 0.5),
            ], to: engine)
        try play(3)
        // A loop of the second pair, which nobody hears: it is read later by the latency.
        CoreRig.send([Ask(code: .capture, a: 1, b: 2, id: CoreRig.take(1))], to: engine)
        try play(2)
        #expect(try loudest(engine, 0) == 0)
        #expect(try loudest(engine, 2) > 0.1, "there is something that could come back")
        CoreRig.send([Ask(code: .input, slot: 2, flags: CommandFlags.on, a: 1)], to: engine)
        try play(1.5)
        #expect(try loudest(engine, 0) > 0.1)
        engine.stop()
        try expectReplay(of: configuration.logPath)
    }

    /// The log gives the same again, and not as that of an engine that began with all pairs.
    private func expectReplay(of log: String) throws {
        let once = try LogReplay.run(logPath: log, blockFrames: 37, outputPath: "")
        #expect(once.isWhole && once.isEqual && once.secondsCompared >= 6)
        #expect(once.groups == 3)
        let file = log + "/" + LogLine.fileName
        let lines = try String(contentsOfFile: file, encoding: .utf8)
        let other = lines.replacingOccurrences(
            of: "\"deviceKind\":\(DeviceKind.jack)", with: "\"deviceKind\":\(DeviceKind.stepped)")
        #expect(other != lines)
        try other.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try !LogReplay.run(logPath: log, blockFrames: 37, outputPath: "").isEqual)
    }
}
