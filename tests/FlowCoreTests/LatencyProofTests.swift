import Testing

@testable import FlowCore

/// Every latency there may be, heard in loops that play over each other: their sum is right only when
/// each of them is.
@Suite("Proof: latency")
struct LatencyProofTests {
    /// Where a hand may press for a window; what that means is written down here once more.
    private enum Press: CaseIterable {
        case beforeTheLine
        case afterTheLine
        case rolling
    }

    private static let rateHz = 22_050
    private static let bar: Int64 = 4_410
    private static let slots = 32
    private static let latest: Int64 = 4_096
    private static let seam = Int64(Seam.frames(rateHz: rateHz, loopFrames: Int(bar)))
    private static let ramp = Int64(rateHz * Limits.rampMs / 1_000)

    private func makeRig() throws -> CoreRig {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.sampleRateHz = Self.rateHz
            $0.slotCount = Self.slots
            $0.ringSecondsMax = 4
        }
        rig.send(Ask(code: .meter, a: 1, b: 4))
        rig.step(to: Self.bar + 1, block: 1_024)
        return rig
    }

    /// Presses once for each latency, all for the same window, and waits until the loops sound.
    ///
    /// - Returns: where that window ends by the grid and the hand.
    private func press(_ press: Press, _ latencies: [Int64], _ rig: CoreRig) -> Int64 {
        let line = rig.frame - rig.frame % Self.bar + 2 * Self.bar
        let offset = Self.bar / 4 - 1
        rig.step(to: press == .beforeTheLine ? line - offset : line + offset, block: 1_024)
        let end = press == .rolling ? rig.frame : line
        rig.clearEvents()
        for (slot, latency) in latencies.enumerated() {
            rig.send(Ask(code: .latency, a: Double(latency)))
            let take = UInt32(rig.frame) * UInt32(Self.slots) + UInt32(slot)
            rig.capture(slot, bars: 1, take: take, quantized: press != .rolling)
        }
        rig.step(to: max(rig.frame, end) + 2 * Self.ramp, block: 1_024)
        return end
    }

    /// Counts frames that are not the sum of the loops, of which the seams are left out.
    private func wrong(
        _ rig: CoreRig, _ frames: Range<Int64>, end: Int64, _ latencies: [Int64]
    ) -> Int {
        var wrong = 0
        for frame in frames {
            let place = (frame - end) % Self.bar
            if place >= Self.bar - Self.seam { continue }
            var (left, right) = (Float(0), Float(0))
            for latency in latencies {
                let heard = end - Self.bar + latency + place
                left += rig.noise.sample(heard, 0)
                right += rig.noise.sample(heard, 1)
            }
            if rig.out(frame, 0) != left || rig.out(frame, 1) != right { wrong += 1 }
        }
        return wrong
    }

    /// How many of these latencies are missed by a judge who takes each to be a frame longer.
    private func missed(_ rig: CoreRig, from: Int64, end: Int64, _ latencies: [Int64]) -> Int {
        latencies.indices.filter { index in
            var planted = latencies
            planted[index] += 1
            return wrong(rig, from..<from + 8, end: end, planted) < 8
        }.count
    }

    @Test("the window is read D frames later than hand and grid place it, for every D to 4096")
    func everyLatency() throws {
        let rigs = try Press.allCases.map { ($0, try makeRig()) }
        var heard = Set<Int64>()
        for (round, first) in stride(from: 0, through: Self.latest, by: Self.slots).enumerated() {
            let (press, rig) = rigs[round % rigs.count]
            let latencies = (0..<Int64(Self.slots)).map { (first + $0) % (Self.latest + 1) }
            let end = self.press(press, latencies, rig)
            let windows = rig.all(.captured).sorted { $0.slot < $1.slot }.map {
                [$0.fromFrame, $0.toFrame]
            }
            #expect(windows == latencies.map { [end - Self.bar + $0, end + $0] })
            let from = rig.frame
            rig.step(Int(Self.bar), block: 1_024)
            #expect(
                wrong(rig, from..<rig.frame, end: end, latencies) == 0, "\(press), D from \(first)")
            #expect(missed(rig, from: from, end: end, latencies) == 0)
            heard.formUnion(latencies)
        }
        #expect(heard == Set(0...Self.latest))
        print(
            "latency: \(heard.count) values, D 0…\(Self.latest),",
            "\(Self.bar - Self.seam) frames of each compared, 0 wrong; one frame more is caught")
    }
}
