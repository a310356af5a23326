import Testing

@testable import FlowCore

/// Which of several stereo pairs source 0 is the sum of, and how loud each is in it.
@Suite("Mix of pairs")
struct PairMixTests {
    private static let pairs = 3
    private static let frames = 48_000
    private static let rampFrames = Int64(RampTests.rampFrames)

    /// A pair that changes: from which frame on, to what gain; nil = it is switched off.
    struct Change {
        let pair: Int
        let frame: Int64
        let gain: Float?
    }

    private static let levels = [
        Change(pair: 1, frame: 10_000, gain: 0.501_187_2),
        Change(pair: 0, frame: 20_000, gain: 0),
        Change(pair: 2, frame: 20_000, gain: 15.8),
        Change(pair: 1, frame: 30_000, gain: 1),
    ]

    private static let switches = [
        Change(pair: 1, frame: 10_000, gain: nil),
        Change(pair: 1, frame: 30_000, gain: 1),
    ]

    private func rig() throws -> CoreRig {
        try CoreRig {
            $0.sourceCount = 1 + Self.pairs
            $0.ringSecondsMax = 10
            $0.flags |= ConfigFlags.monitor
        }
    }

    /// Asks for a gain, or for a pair to be switched off.
    private static func ask(_ source: Int, gain: Float?, atFrame: Int64 = 0) -> Ask {
        Ask(
            code: .input, slot: source, flags: gain == nil ? 0 : CommandFlags.on,
            atFrame: Double(atFrame), a: Double(gain ?? 1))
    }

    /// An engine that heard the pairs for a second, and the changes.
    private func heard(_ changes: [Change], block: Int) throws -> CoreRig {
        let rig = try rig()
        for change in changes {
            rig.send(Self.ask(change.pair + 1, gain: change.gain, atFrame: change.frame))
        }
        rig.stepPairs(Self.pairs, to: Int64(Self.frames), block: block, CoreRig.playedByPair)
        return rig
    }

    /// The gain of a pair at a frame, `rampFrames` after it was changed; nil while it moves.
    private static func gain(
        _ changes: [Change], _ pair: Int, _ frame: Int64, rampFrames: Int64
    ) -> Float? {
        let past = changes.last { $0.pair == pair && $0.frame <= frame }
        guard let past else { return 1 }
        return frame < past.frame + rampFrames - 1 ? nil : past.gain ?? 0
    }

    /// Samples of the ring that are not the pairs as they came in, and their sum times the gains.
    private func wrongSamples(
        _ kept: [Float], gain: (_ pair: Int, _ frame: Int64) -> Float?
    ) -> Int {
        let channels = 2 + 2 * Self.pairs
        var wrong = 0
        for frame in 0..<Int64(kept.count / channels) {
            let gains = (0..<Self.pairs).map { gain($0, frame) }
            for side in 0..<2 {
                let at = channels * Int(frame) + side
                var sum: Float? = 0
                for pair in 0..<Self.pairs {
                    let played = CoreRig.playedByPair(pair, frame, side)
                    let meant = gains[pair].map { played * $0 }
                    if kept[at + 2 + 2 * pair] != played { wrong += 1 }
                    sum = meant.flatMap { meant in sum.map { $0 + meant } }
                }
                if let sum, kept[at] != sum { wrong += 1 }
            }
        }
        return wrong
    }

    @Test(
        "the ring holds each pair untouched and the sum of those that are on times their gains",
        arguments: [levels, switches])
    func sums(_ changes: [Change]) throws {
        let kept = try #require(try heard(changes, block: 512).kept(Self.frames))
        let wrong = wrongSamples(kept) {
            Self.gain(changes, $0, $1, rampFrames: Self.rampFrames)
        }
        #expect(wrong == 0)
        let unramped = wrongSamples(kept) { Self.gain(changes, $0, $1, rampFrames: 1) }
        #expect(unramped > 2 * Self.rampFrames, "what changes goes along a ramp")
        #expect(wrongSamples(kept) { _, _ in 1 } > 38_000, "the judge sees the changes")
    }

    @Test(
        "at any block size the same bits, and source 0 is what is heard",
        arguments: [levels, switches])
    func blocks(_ changes: [Change]) throws {
        let one = try heard(changes, block: 512)
        let other = try heard(changes, block: 77)
        let kept = try #require(one.kept(Self.frames))
        #expect(try #require(other.kept(Self.frames)) == kept)
        #expect(firstDifference(one, other) == nil)
        #expect((0..<Int64(Self.frames)).allSatisfy { one.out($0, 0) == kept[8 * Int($0)] })
    }

    /// The largest step between two frames of a sum in which a pair at 0.5 goes to 0.
    private func largestStep(rampFrames: Int) -> Float {
        let mix = PairMix(allOn: true)
        defer { mix.deallocate() }
        let still = [Float](repeating: 0.5, count: 2 * 500) + [Float](repeating: 0, count: 2 * 500)
        var heard: [Float] = []
        var sum = [Float](repeating: 0, count: 2 * 500)
        still.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let pairs = InputPairs(base, count: 2, strideFrames: 500)
            for block in 0..<6 {
                if block == 2 { mix.set(0, to: 0, rampFrames: rampFrames) }
                mix.sum(pairs, into: &sum, frames: 500)
                heard += (0..<500).map { sum[2 * $0] }
            }
        }
        return zip(heard, heard.dropFirst()).map { abs($0 - $1) }.max() ?? 0
    }

    @Test("a gain is reached along a ramp, also one that is turned around")
    func ramp() throws {
        let bound = 0.5 / Float(Self.rampFrames) * 1.01
        #expect(largestStep(rampFrames: Int(Self.rampFrames)) <= bound)
        #expect(largestStep(rampFrames: 1) == 0.5, "the judge sees a ramp of one frame")
        let rig = try rig()
        rig.send(Self.ask(1, gain: 0, atFrame: 1_000))
        rig.send(Self.ask(1, gain: 1, atFrame: 1_100))
        rig.stepPairs(Self.pairs, to: 3_000) { pair, _, _ in pair == 0 ? 0.5 : 0 }
        #expect(RampTests.largestStep(rig, from: 0) <= bound)
        #expect(rig.out(1_099, 0) < 0.4)
        #expect(rig.out(2_999, 0) == 0.5)
    }

    @Test("what clips at the input is damage however soft it is made; what is made loud is none")
    func clips() throws {
        for (peak, gain, isDamaged) in [(Float(1), Float(0.25), true), (0.9, 4, false)] {
            let rig = try rig()
            rig.send(Self.ask(2, gain: gain))
            rig.stepPairs(Self.pairs, to: 20_000) { pair, _, _ in pair == 1 ? peak : 0 }
            let logs = rig.engine.block.pointee.taintLogs
            #expect(logs[2].touches(from: 10_000, to: 20_000) == isDamaged)
        }
    }

    @Test("of a card the first pair is on at the start, of a file all are")
    func start() {
        var configuration = EngineConfiguration()
        configuration.deviceKind = DeviceKind.jack
        #expect(!FlowEngine.settings(configuration, rateHz: 48_000).sumsAllPairs)
        configuration.deviceKind = DeviceKind.headless
        #expect(FlowEngine.settings(configuration, rateHz: 48_000).sumsAllPairs)
        for allOn in [true, false] {
            let mix = PairMix(allOn: allOn)
            defer { mix.deallocate() }
            #expect((0..<3).map { mix.isOn($0) } == [true, allOn, allOn])
        }
    }

    @Test("a pair that is off is captured alone, with the latency of what nobody hears")
    func alone() throws {
        let rig = try heard(Self.switches, block: 512)
        rig.send(
            Ask(code: .latency, a: 700), Ask(code: .input, flags: CommandFlags.on, a: 1),
            Ask(code: .input, slot: 2, a: 1))
        rig.step(2_048)
        let block = rig.engine.block
        #expect((0..<4).map { block.pointee.lateFrames(ofSource: $0) } == [0, 0, 700, 0])
    }
}
