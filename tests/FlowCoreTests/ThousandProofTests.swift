import Testing

@testable import FlowCore

@Suite("Proof: thousands of commits and tempi")
struct ThousandProofTests {
    @Test("of a thousand commits no frame is lost, doubled or shifted")
    func commits() throws {
        print("commits: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        let rig = try CoreRig {
            $0.bpm = 300
            $0.sampleRateHz = 22_050
            $0.ringSecondsMax = 4
        }
        let bar: Int64 = 4_410
        rig.send(Ask(code: .meter, a: 1, b: 4))
        rig.step(Int(2 * bar), block: 1_024)
        var checked = 0
        var wrong = 0
        var planted = 0
        var number: UInt32 = 0
        while number < 1_000 {
            rig.step(
                to: rig.frame - rig.frame % bar + bar + Int64.random(in: 0..<bar, using: &random),
                block: Int.random(in: 64...2_048, using: &random))
            number += 1
            rig.clearEvents()
            rig.capture(
                Int(number % 8), bars: 1, take: number, quantized: number.isMultiple(of: 2))
            rig.step(Int(bar), block: 512)
            let take = try #require(rig.all(.captured).first { $0.id == CoreRig.take(number) })
            #expect(take.toFrame - take.fromFrame == bar)
            let handle = try #require(rig.engine.pool.acquire(take.id))
            let loop = handle.view()
            #expect(loop.frames == Int(bar))
            let seam = Seam.frames(rateHz: 22_050, loopFrames: loop.frames)
            for place in 0..<loop.frames - seam {
                checked += 1
                let frame = take.fromFrame + Int64(place)
                if loop.samples[2 * place] != rig.noise.sample(frame, 0) { wrong += 1 }
                if loop.samples[2 * place] != rig.noise.sample(frame + 1, 0) { planted += 1 }
            }
            rig.engine.pool.release(handle)
        }
        print("commits: \(number) commits, \(checked) frames compared, \(wrong) wrong")
        #expect(wrong == 0)
        #expect(planted > checked * 9 / 10)
    }

    @Test("after a thousand tempo changes the phase is the exact sum, to a millionth of a beat")
    func tempoChanges() throws {
        print("tempo: seed \(CoreRig.seed)")
        var random = SeededRandom(seed: CoreRig.seed)
        let rig = try CoreRig { $0.bpm = 120 }
        var sum = 0.0
        var lost = 0.0
        var rounded: Int64 = 0
        var last: Int64 = 0
        var framesPerBeat = rig.engine.block.pointee.transport.grid.framesPerBeat
        for _ in 0..<1_000 {
            rig.step(Int.random(in: 961...1_500, using: &random), block: 1_500)
            let passed = rig.frame - last
            last = rig.frame
            add(Double(passed) / Double(framesPerBeat), to: &sum, &lost)
            // What whole origins would have made of it: a part of a frame lost at each change.
            let bpm = Double(Int.random(in: 2_000...30_000, using: &random)) / 100
            let next = Grid.framesPerBeat(rateHz: 48_000, bpm: bpm)
            rounded = (rounded + passed) * next / framesPerBeat
            rig.send(Ask(code: .tempo, a: bpm))
            rig.step(1)
            framesPerBeat = next
            let grid = rig.engine.block.pointee.transport.grid
            #expect(grid.framesPerBeat == next)
            let beats = Double(grid.beat(at: last)) + grid.frac(at: last)
            #expect(abs(beats - sum) < 1e-6)
        }
        let naive = Double(rounded) / Double(framesPerBeat)
        print("tempo: 1000 changes, \(sum) beats; with whole origins off by \(abs(naive - sum))")
        #expect(abs(naive - sum) > 1e-6)
    }

    /// Adds with the rounding of every step carried on.
    private func add(_ value: Double, to sum: inout Double, _ lost: inout Double) {
        let corrected = value - lost
        let next = sum + corrected
        lost = (next - sum) - corrected
        sum = next
    }
}
