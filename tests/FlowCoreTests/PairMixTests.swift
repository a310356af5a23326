import Testing

@testable import FlowCore

/// Which of several stereo pairs source 0 is the sum of.
@Suite("Pairs that are switched on")
struct PairMixTests {
    private static let frames = 48_000

    /// An engine that heard three pairs for a second; pair 2 is off from 10 000 to 30 000.
    private func heard(block: Int) throws -> CoreRig {
        let rig = try CoreRig {
            $0.sourceCount = 4
            $0.ringSecondsMax = 10
        }
        rig.send(Ask(code: .input, slot: 2, atFrame: 10_000, a: 1))
        rig.send(Ask(code: .input, slot: 2, flags: CommandFlags.on, atFrame: 30_000, a: 1))
        rig.stepPairs(3, to: Int64(Self.frames), block: block, CoreRig.playedByPair)
        return rig
    }

    @Test("source 0 is the sum of those that are on, bit for bit; each pair is itself all the time")
    func sums() throws {
        let kept = try #require(try heard(block: 512).kept(Self.frames))
        let ramp = Int64(48 * Limits.rampMs)
        var moving = 0
        for frame in 0..<Int64(Self.frames) {
            for side in 0..<2 {
                let at = 8 * Int(frame) + side
                let pairs = (0..<3).map { CoreRig.playedByPair($0, frame, side) }
                #expect((0..<3).allSatisfy { kept[at + 2 + 2 * $0] == pairs[$0] })
                if (10_000..<10_000 + ramp).contains(frame)
                    || (30_000..<30_000 + ramp).contains(frame)
                {
                    if kept[at] != pairs[0] + pairs[1] + pairs[2] { moving += 1 }
                    continue
                }
                let isOff = (10_000..<30_000).contains(frame)
                let sum = isOff ? pairs[0] + pairs[2] : pairs[0] + pairs[1] + pairs[2]
                if kept[at] != sum {
                    Issue.record("frame \(frame) is not the sum")
                    return
                }
            }
        }
        #expect(moving > 2 * ramp, "it comes and goes along a ramp")
    }

    @Test("at any block size the same bits")
    func blocks() throws {
        let one = try #require(try heard(block: 77).kept(Self.frames))
        let other = try #require(try heard(block: 512).kept(Self.frames))
        #expect(one == other)
    }

    @Test("of a card the first pair is on at the start, of a file all are")
    func start() {
        var configuration = EngineConfiguration()
        configuration.deviceKind = DeviceKind.jack
        #expect(!FlowEngine.settings(configuration, rateHz: 48_000).sumsAllPairs)
        configuration.deviceKind = DeviceKind.headless
        #expect(FlowEngine.settings(configuration, rateHz: 48_000).sumsAllPairs)
        for allOn in [true, false] {
            let switches = PairMix(allOn: allOn)
            defer { switches.deallocate() }
            #expect((0..<3).map { switches.isOn($0) } == [true, allOn, allOn])
        }
    }

    @Test("a pair that is off is captured alone, with the latency of what nobody hears")
    func alone() throws {
        let rig = try heard(block: 512)
        rig.send(
            Ask(code: .latency, a: 700), Ask(code: .input, flags: CommandFlags.on, a: 1),
            Ask(code: .input, slot: 2, a: 1))
        rig.step(2_048)
        let block = rig.engine.block
        #expect((0..<4).map { block.pointee.lateFrames(ofSource: $0) } == [0, 0, 700, 0])
    }
}
