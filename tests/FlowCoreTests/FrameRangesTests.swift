import Testing

@testable import FlowCore

/// Ranges of frames, added up and taken away.
@Suite("Ranges of frames")
struct FrameRangesTests {
    private static let frames: Range<UInt64> = 0..<90

    /// Up to a dozen, in any order; some overlap, some are empty.
    private func some(_ random: inout SeededRandom) -> [Range<UInt64>] {
        (0..<Int.random(in: 0..<12, using: &random)).map { _ in
            let from = UInt64.random(in: 0..<70, using: &random)
            return from..<from + UInt64.random(in: 0..<20, using: &random)
        }
    }

    /// Frames of which it does not say whether they are in the ranges and in none of the holes.
    private func wrongFrames(
        _ left: [Range<UInt64>], of ranges: [Range<UInt64>], without holes: [Range<UInt64>]
    ) -> Int {
        Self.frames.count { frame in
            let isLeft =
                ranges.contains { $0.contains(frame) }
                && !holes.contains { $0.contains(frame) }
            return left.contains { $0.contains(frame) } != isLeft
        }
    }

    @Test("what is left without holes is what was asked for, frame by frame")
    func without() {
        var random = SeededRandom(seed: CoreRig.seed)
        var missed = 0
        for _ in 0..<500 {
            let (ranges, holes) = (some(&random), some(&random))
            let left = FrameRanges.without(ranges, holes)
            #expect(
                wrongFrames(left, of: ranges, without: holes) == 0,
                "seed \(CoreRig.seed): \(ranges) without \(holes)")
            #expect(left.allSatisfy { !$0.isEmpty })
            missed += wrongFrames(left, of: ranges, without: Array(holes.dropLast()))
        }
        #expect(missed > 0, "the judge sees a hole that was not cut")
    }

    @Test("what touches or overlaps is one range")
    func joined() {
        let joined = FrameRanges.joined([20..<30, 0..<10, 10..<12, 5..<6, 40..<40])
        #expect(joined == [0..<12, 20..<30])
        #expect(FrameRanges.joined([0..<10, 11..<12]) == [0..<10, 11..<12])
    }
}
