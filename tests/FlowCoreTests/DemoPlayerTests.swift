import Testing

@testable import FlowCore

/// One rendering of the demo, with the measures the tests ask for.
private struct DemoTake {
    var left: [Float]
    var right: [Float]

    /// Renders `beats` beats in blocks whose lengths `blockFrames` gives one after the other.
    init(
        beats: Int, bpm: Double, rate: Int = 48_000, beatsPerBar: Int = 4,
        blockFrames: [Int] = [128]
    ) {
        let framesPerBeat = Double(rate) * 60 / bpm
        let total = Int(Double(beats) * framesPerBeat)
        left = [Float](repeating: 0, count: total)
        right = left
        var player = DemoPlayer(sampleRateHz: rate)
        var frame = 0
        var turn = 0
        left.withUnsafeMutableBufferPointer { leftBuffer in
            right.withUnsafeMutableBufferPointer { rightBuffer in
                guard let l = leftBuffer.baseAddress, let r = rightBuffer.baseAddress else {
                    return
                }
                while frame < total {
                    let count = min(blockFrames[turn % blockFrames.count], total - frame)
                    let at = Double(frame) / framesPerBeat
                    player.render(
                        left: l + frame, right: r + frame, frames: count, beat: Int(at),
                        frac: at - Double(Int(at)), framesPerBeat: framesPerBeat,
                        beatsPerBar: beatsPerBar)
                    frame += count
                    turn += 1
                }
            }
        }
    }

    var peak: Float { max(Self.peak(left[...]), Self.peak(right[...])) }

    static func peak(_ x: ArraySlice<Float>) -> Float { x.reduce(0) { max($0, abs($1)) } }

    static func rms(_ x: ArraySlice<Float>) -> Double {
        let power = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, x.count))
        return power.squareRoot()
    }

    static func mean(_ x: ArraySlice<Float>) -> Double {
        x.reduce(0.0) { $0 + Double($1) } / Double(max(1, x.count))
    }
}

@Suite("demo player")
struct DemoPlayerTests {
    private static let part = 16

    @Test("every part sounds alone, at a level that mixes, without offset or overload")
    func levels() {
        let bpm = 240.0
        let take = DemoTake(beats: 8 * Self.part, bpm: bpm)
        let length = take.left.count / 8
        var sum = [Float](repeating: 0, count: length)
        for part in 0..<8 {
            let slice = take.left[part * length..<(part + 1) * length]
            // −32 … −15 dBFS.
            let rms = DemoTake.rms(slice)
            #expect(rms > 0.025 && rms < 0.178, "part \(part): \(rms)")
            #expect(abs(DemoTake.mean(slice)) < 3e-4, "part \(part)")
            for (index, sample) in slice.enumerated() { sum[index] += sample }
        }
        #expect(take.peak <= 0.7071, "peak \(take.peak)")
        #expect(take.left.allSatisfy { $0.isFinite } && take.right.allSatisfy { $0.isFinite })
        // At this tempo sounds overlap twice as much as at the usual one.
        #expect(DemoTake.peak(sum[...]) < 1.15, "all parts together")
    }

    @Test("the sound does not depend on the block size")
    func blockSizes() {
        let whole = DemoTake(beats: 24, bpm: 300)
        for sizes in [[1], [7, 64, 333], [512], [4096]] {
            let other = DemoTake(beats: 24, bpm: 300, blockFrames: sizes)
            #expect(other.left == whole.left && other.right == whole.right, "blocks \(sizes)")
        }
    }

    @Test("the first kick is on beat 0 and the next exactly one beat later")
    func onTheGrid() {
        for bpm in [60.0, 97.3, 120] {
            let framesPerBeat = 48_000 * 60 / bpm
            let take = DemoTake(beats: 2, bpm: bpm)
            let second = Int(framesPerBeat.rounded(.up))
            #expect(DemoTake.peak(take.left[0..<200]) > 0.05)
            // A kick begins with a click: a step that the tail before it does not have.
            let before = DemoTake.peak(take.left[second - 100..<second])
            let after = DemoTake.peak(take.left[second..<second + 200])
            #expect(after > 4 * before, "bpm \(bpm): \(before) then \(after)")
        }
    }

    @Test("odd meters, both ends of the tempo range and other rates play")
    func metersAndRates() {
        for (meter, bpm, rate) in [
            (3, 120.0, 44_100), (7, 300, 22_050), (1, 300, 48_000), (16, 20, 192_000),
        ] {
            let take = DemoTake(
                beats: meter == 16 ? 1 : 4 * meter, bpm: bpm, rate: rate, beatsPerBar: meter)
            #expect(take.peak > 0.05 && take.peak <= 0.7071, "\(meter) beats at \(bpm), \(rate) Hz")
        }
    }

    @Test("a standing grid repeats nothing, a moved one plays on")
    func standingGrid() {
        var player = DemoPlayer(sampleRateHz: 48_000)
        let left = UnsafeMutablePointer<Float>.allocate(capacity: 480)
        let right = UnsafeMutablePointer<Float>.allocate(capacity: 480)
        defer {
            left.deallocate()
            right.deallocate()
        }
        func peakAfter(blocks: Int, beat: Int) -> Float {
            var peak: Float = 0
            for _ in 0..<blocks {
                player.render(
                    left: left, right: right, frames: 480, beat: beat, frac: 0,
                    framesPerBeat: 24_000, beatsPerBar: 4)
                peak = 0
                for i in 0..<480 { peak = max(peak, abs(left[i])) }
            }
            return peak
        }
        #expect(peakAfter(blocks: 1, beat: 0) > 0.05)
        #expect(peakAfter(blocks: 300, beat: 0) < 1e-4)
        #expect(peakAfter(blocks: 1, beat: 1000) > 0.01)
        #expect(peakAfter(blocks: 1, beat: 4) > 0.01)
    }
}
