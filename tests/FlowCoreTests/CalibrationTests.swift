import Testing

@testable import FlowCore

@Suite("Calibration of the latency")
struct CalibrationTests {
    /// A rig whose input hears its own output `way` frames late, at this gain, among noise.
    private func looped(way: Int?, gain: Float = 0.3, noise: Float = 0.1) throws -> CoreRig {
        let rig = try CoreRig { $0.ringSecondsMax = 10 }
        let sound = rig.noise
        rig.input = { [unowned rig] frame, channel in
            let hiss = noise * sound.sample(frame, channel)
            guard let way, frame >= Int64(way) else { return hiss }
            return hiss + gain * rig.out(frame - Int64(way), channel)
        }
        return rig
    }

    /// Calibrates in blocks shorter than the way, so that what is heard was rendered before.
    private func calibrate(_ rig: CoreRig, block: Int) throws -> CoreEvent {
        rig.step(5_000, block: block)
        rig.send(Ask(code: .calibrate, token: 7))
        rig.step(rig.engine.block.pointee.calibration.lengthFrames() + 600, block: block)
        rig.engine.measureLatency()
        rig.step(1)
        return try #require(rig.all(.calibrated).first)
    }

    @Test("a planted way is found to the frame, whatever it is and whatever else is heard")
    func planted() throws {
        print("calibration: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        var ways = (0..<4).map { _ in Int.random(in: 512...20_000, using: &random) }
        ways.append(512)
        for (index, way) in ways.enumerated() {
            let gain: Float = index.isMultiple(of: 2) ? 0.3 : -0.3
            let found = try calibrate(looped(way: way, gain: gain), block: 512)
            #expect(found.errorCode == 0)
            #expect(found.token == 7)
            #expect(found.value == Double(way))
            #expect(found.value2 == Double(way / 2))
        }
        print("calibration: ways \(ways) found to the frame in noise of −26 dBFS")
    }

    @Test("without a way back it is refused: silence, noise, and noise as loud as can be")
    func refused() throws {
        for noise in [Float(0), 0.1, 1.9] {
            let found = try calibrate(looped(way: nil, noise: noise), block: 512)
            #expect(found.errorCode == ErrorCode.calibrationFailed)
            #expect(found.value == 0)
        }
        // A click that comes back too faintly to be told from the noise is none.
        let faint = try calibrate(looped(way: 900, gain: 0.01, noise: 1), block: 512)
        #expect(faint.errorCode == ErrorCode.calibrationFailed)
    }

    @Test("one at a time: a second is refused, and after the first there can be another")
    func oneAtATime() throws {
        let rig = try looped(way: 700)
        rig.send(Ask(code: .calibrate, token: 1))
        rig.step(1_000)
        rig.send(Ask(code: .calibrate, token: 2))
        rig.step(1_000)
        #expect(rig.all(.applied).map(\.token) == [2])
        #expect(rig.all(.applied).first?.refusal == .busy)
        rig.step(90_000)
        rig.engine.measureLatency()
        rig.send(Ask(code: .calibrate, token: 3))
        rig.step(90_000)
        rig.engine.measureLatency()
        rig.step(1)
        #expect(rig.all(.calibrated).map(\.token) == [1, 3])
    }

    @Test("the clicks are the same at every block size, and in no take when nothing feeds back")
    func clicks() throws {
        func master(_ block: Int) throws -> CoreRig {
            let rig = try looped(way: nil, noise: 0)
            rig.send(Ask(code: .calibrate, atFrame: 1_003))
            rig.step(80_000, block: block)
            return rig
        }
        let one = try master(512)
        #expect(one.left.contains { $0 != 0 })
        #expect(firstDifference(one, try master(77)) == nil)
        #expect(one.engine.block.pointee.heard.frame(ofSource: 0) == 0)
    }
}
