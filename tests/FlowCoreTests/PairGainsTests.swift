import Testing

@testable import FlowCore

/// How loud each of several stereo pairs is in source 0.
@Suite("Gains of pairs")
struct PairGainsTests {
    private static let pairs = 3
    private static let rampFrames = Int64(RampTests.rampFrames)
    /// A pair whose gain changes: from which frame on, to what.
    private struct Change {
        let pair: Int
        let frame: Int64
        let gain: Float
    }

    private static let changes = [
        Change(pair: 1, frame: 10_000, gain: 0.501_187_2),
        Change(pair: 0, frame: 20_000, gain: 0),
        Change(pair: 2, frame: 20_000, gain: 15.8),
        Change(pair: 1, frame: 30_000, gain: 1),
    ]

    private func rig() throws -> CoreRig {
        try CoreRig {
            $0.sourceCount = 1 + Self.pairs
            $0.bpm = 300
            $0.flags |= ConfigFlags.monitor
        }
    }

    private static func ask(_ source: Int, gain: Float, atFrame: Int64 = 0) -> Ask {
        Ask(
            code: .input, slot: source, flags: CommandFlags.on, atFrame: Double(atFrame),
            a: Double(gain))
    }

    /// An engine that heard the changes, up to a frame.
    private func heard(block: Int, to end: Int64) throws -> CoreRig {
        let rig = try rig()
        for change in Self.changes {
            rig.send(Self.ask(change.pair + 1, gain: change.gain, atFrame: change.frame))
        }
        rig.stepPairs(Self.pairs, to: end, block: block, CoreRig.playedByPair)
        return rig
    }

    /// The gain of a pair at a frame; nil while it moves.
    private static func gain(_ pair: Int, _ frame: Int64) -> Float? {
        let past = changes.last { $0.pair == pair && $0.frame <= frame }
        guard let past else { return 1 }
        return frame < past.frame + rampFrames - 1 ? nil : past.gain
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
                    let meant = gains[pair].map { CoreRig.playedByPair(pair, frame, side) * $0 }
                    if kept[at + 2 + 2 * pair] != CoreRig.playedByPair(pair, frame, side) {
                        wrong += 1
                    }
                    sum = meant.flatMap { meant in sum.map { $0 + meant } }
                }
                if let sum, kept[at] != sum { wrong += 1 }
            }
        }
        return wrong
    }

    @Test("the ring holds each pair untouched and their sum times the gains, at any block size")
    func products() throws {
        let frames = 40_000
        let one = try heard(block: 512, to: Int64(frames))
        let kept = try #require(one.kept(frames))
        #expect(wrongSamples(kept, gain: Self.gain) == 0)
        #expect(wrongSamples(kept) { _, _ in 1 } > frames, "the judge sees the gains")
        let other = try heard(block: 77, to: Int64(frames))
        #expect(try #require(other.kept(frames)) == kept)
        #expect(firstDifference(one, other) == nil)
        #expect((0..<Int64(frames)).allSatisfy { one.out($0, 0) == kept[8 * Int($0)] })
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
}
