import Foundation
import Testing

@testable import FlowCore

/// Every frame of an hour is rendered and compared: with what was heard for one round of all loops,
/// and from then on with that round.
///
/// The hour has 22,050 frames a second; FZ_PROOF_ALL=1: 48,000, which wants a release build (see
/// `BlockProofTests`).
@Suite("Proof: an hour")
struct HourProofTests {
    private static let isAll = ProcessInfo.processInfo.environment["FZ_PROOF_ALL"] == "1"
    private static let rateHz = isAll ? Limits.rateHzDefault : Limits.rateHzMin
    private static let bar = 4 * 60 * rateHz / Limits.bpmMax
    private static let bars = [3, 4, 5, 7]
    /// All loops begin together again after so many frames.
    private static let roundFrames = bars.reduce(1, *) * bar
    private static let hourFrames = 3_600 * rateHz
    private static let blockFrames = 1_024

    /// A loop as it was heard, left and right.
    private struct Heard {
        let from: Int
        let samples: [[Float]]

        init(_ take: CoreEvent, _ noise: CodedNoise) {
            from = Int(take.fromFrame)
            samples = (0..<2).map { channel in
                (take.fromFrame..<take.toFrame).map { noise.sample($0, channel) }
            }
        }
    }

    /// What the engine played in one round.
    private final class Round {
        let left = UnsafeMutablePointer<Float>.allocate(capacity: HourProofTests.roundFrames)
        let right = UnsafeMutablePointer<Float>.allocate(capacity: HourProofTests.roundFrames)

        deinit {
            left.deallocate()
            right.deallocate()
        }
    }

    private func captured() throws -> (rig: CoreRig, loops: [Heard]) {
        let rig = try CoreRig {
            $0.bpm = Double(Limits.bpmMax)
            $0.sampleRateHz = Self.rateHz
        }
        rig.step(9 * Self.bar + Self.bar / 3, block: 4_096)
        for (slot, bars) in Self.bars.enumerated() {
            rig.capture(slot, bars: bars, take: UInt32(slot + 1))
            rig.step(Self.bar / 10)
        }
        let takes = rig.all(.captured)
        #expect(takes.map { Int($0.toFrame - $0.fromFrame) } == Self.bars.map { $0 * Self.bar })
        return (rig, takes.map { Heard($0, rig.noise) })
    }

    /// Renders the next block into the memory of both sides.
    private func render(
        _ rig: CoreRig, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
        _ frames: Int
    ) {
        FlowEngine.process(
            UnsafeMutableRawPointer(rig.engine.context), nil, nil, left, right, UInt32(frames))
        rig.engine.worker.pump()
    }

    /// Counts frames of the round that are not the sum of the loops, which are taken to begin `shift`
    /// frames later; seams are left out.
    private func wrong(
        _ round: Round, _ frames: Int, from start: Int, _ loops: [Heard], shift: Int = 0
    ) -> Int {
        let seam = Seam.frames(rateHz: Self.rateHz, loopFrames: Self.bar)
        var wrong = 0
        for index in 0..<frames {
            var (left, right) = (Float(0), Float(0))
            var isSeam = false
            for loop in loops {
                let length = loop.samples[0].count
                let place = (start + index + shift - loop.from) % length
                isSeam = isSeam || place >= length - seam
                left += loop.samples[0][place]
                right += loop.samples[1][place]
            }
            if isSeam { continue }
            if round.left[index] != left || round.right[index] != right { wrong += 1 }
        }
        return wrong
    }

    @Test("loops of 3, 4, 5 and 7 bars lie over each other for an hour where they belong")
    func hour() throws {
        let (rig, loops) = try captured()
        let start = Int(rig.frame)
        let round = Round()
        var done = 0
        while done < Self.roundFrames {
            let run = min(Self.blockFrames, Self.roundFrames - done)
            render(rig, round.left + done, round.right + done, run)
            done += run
        }
        #expect(wrong(round, Self.roundFrames, from: start, loops) == 0)
        #expect(wrong(round, 10_000, from: start, loops, shift: 1) > 9_000)
        let (different, planted) = repeats(rig, round, until: Self.hourFrames)
        #expect(different == 0)
        #expect(planted == 0)
        let seconds = (Int(rig.frame) - start) / Self.rateHz
        print("hour: \(seconds) s, \(Int(rig.frame) - start) frames of 4 loops, 0 wrong")
    }

    /// Renders on until so many frames have passed.
    ///
    /// - Returns: blocks that are not as in the first round, and blocks that are so one frame later.
    private func repeats(_ rig: CoreRig, _ round: Round, until frames: Int) -> (Int, Int) {
        var sound = [Float](repeating: 0, count: 2 * Self.blockFrames)
        var (different, planted) = (0, 0)
        sound.withUnsafeMutableBufferPointer { buffer in
            guard let left = buffer.baseAddress else { return }
            let right = left + Self.blockFrames
            var done = Self.roundFrames
            while done < frames {
                let place = done % Self.roundFrames
                let run = min(Self.blockFrames, Self.roundFrames - place, frames - done)
                render(rig, left, right, run)
                func isSame(_ at: Int) -> Bool {
                    memcmp(left, round.left + at, 4 * run) == 0
                        && memcmp(right, round.right + at, 4 * run) == 0
                }
                if !isSame(place) { different += 1 }
                if place > 0, isSame(place - 1) { planted += 1 }
                done += run
            }
        }
        return (different, planted)
    }
}
