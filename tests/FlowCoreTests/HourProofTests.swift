import Testing

@testable import FlowCore

/// An hour is rendered in samples: the timeline is set forward from bar to bar, and at
/// each of them real blocks are rendered; between them the transport is computed, as it always is.
@Suite("Proof: hours and thousands")
struct HourProofTests {
    @Test("loops of 3, 4, 5 and 7 bars lie over each other for an hour where they belong")
    func hour() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let bar: Int64 = 38_400
        let lengths: [Int64] = [3, 4, 5, 7]
        rig.step(to: 9 * bar + 10_000, block: 4_096)
        for (slot, bars) in lengths.enumerated() {
            rig.capture(slot, bars: Int(bars), take: UInt32(slot + 1))
            rig.step(4_000)
        }
        let takes = rig.all(.captured)
        #expect(takes.map { $0.toFrame - $0.fromFrame } == lengths.map { $0 * bar })
        var random = SeededRandom(seed: CoreRig.seed)
        var wrong = 0
        var planted = 0
        var frames = 0
        var bars = 0
        // 10.5 bars of seams and captures behind us, an hour of bars ahead.
        for number in Int64(12)..<12 + 4_500 {
            let start = number * bar + Int64.random(in: 0..<bar - 1_000, using: &random)
            rig.engine.block.pointee.frame = start
            let out = block(rig, frames: 64)
            for index in 0..<64 {
                let frame = start + Int64(index)
                frames += 1
                if out[index] != expected(rig, takes, frame) { wrong += 1 }
                if out[index] != expected(rig, takes, frame + 1) { planted += 1 }
            }
            bars += 1
        }
        print("hour: \(bars) bars (1 h at 300 bpm), \(frames) frames of 4 loops, \(wrong) wrong")
        #expect(wrong == 0)
        #expect(planted > frames * 9 / 10)
    }

    /// The four loops as they must sound at a frame, left side; away from seams.
    private func expected(_ rig: CoreRig, _ takes: [CoreEvent], _ frame: Int64) -> Float {
        takes.reduce(Float(0)) { sum, take in
            let length = take.toFrame - take.fromFrame
            let place = FrameMath.floorModulo(frame - take.fromFrame, length)
            return sum + rig.noise.sample(take.fromFrame + place, 0)
        }
    }

    private func block(_ rig: CoreRig, frames: Int) -> [Float] {
        var sound = [Float](repeating: 0, count: 2 * frames)
        sound.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            FlowEngine.process(
                UnsafeMutableRawPointer(rig.engine.context), nil, nil, base, base + frames,
                UInt32(frames))
        }
        return Array(sound.prefix(frames))
    }

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
