import Testing

@testable import FlowCore

@Suite("Making a moment the downbeat")
struct AlignTests {
    /// One life of a loop; with `aligns` the grid is aligned twice in it.
    private func life(aligns: Bool, tempo: Double? = nil, block: Int = 512) throws -> CoreRig {
        let rig = try CoreRig { $0.bpm = 173 }
        rig.step(to: 300_000, block: block)
        rig.capture(0, bars: 2, take: 1)
        rig.capture(1, bars: 1, take: 2, quantized: false)
        rig.step(to: 320_000, block: block)
        if let tempo { rig.send(Ask(code: .tempo, a: tempo)) }
        rig.step(to: 330_000, block: block)
        for frame in [Int64(340_123), 371_000] where aligns {
            rig.step(to: frame, block: block)
            rig.send(Ask(code: .align, token: 9))
        }
        rig.step(to: 500_000, block: block)
        return rig
    }

    @Test("the press is a bar line, and the loops sound as if nothing had been")
    func loopsGoOn() throws {
        let aligned = try life(aligns: true)
        let plain = try life(aligns: false)
        #expect(firstDifference(aligned, plain) == nil)
        #expect(aligned.left.contains { $0 != 0 })
        let grid = aligned.engine.block.pointee.transport.grid
        #expect(grid.barLine(atOrBefore: 371_000) == 371_000)
        #expect(grid.barLine(atOrBefore: 371_000 + grid.barFrames()) == 371_000 + grid.barFrames())
        let answers = aligned.all(.applied).filter { $0.token == 9 }
        #expect(answers.map(\.value2) == [340_123, 371_000])
        #expect(answers.allSatisfy { $0.value <= 0 && $0.value > -Double(grid.framesPerBeat) })
        let beats = answers.map { Double($0.beat) + $0.beatFrac }
        #expect(beats[1] > beats[0])
    }

    @Test("the judge sees loops that did not move with the grid")
    func judgeCanFail() throws {
        let rig = try life(aligns: false)
        let other = try CoreRig { $0.bpm = 173 }
        other.step(to: 300_000)
        other.capture(0, bars: 2, take: 1)
        other.capture(1, bars: 1, take: 2, quantized: false)
        other.step(to: 340_123)
        other.engine.block.pointee.transport.grid =
            other.engine.block.pointee.transport.grid.aligning(at: 340_123)
        other.step(to: 500_000)
        #expect(firstDifference(rig, other) != nil)
    }

    @Test("four taps: the bar begins with the first, whatever the tempo was")
    func taps() throws {
        let rig = try CoreRig { $0.bpm = 173 }
        rig.step(to: 100_003)
        let first = rig.frame
        for beat in 0..<4 {
            rig.send(Ask(code: .tempo, a: 100), Ask(code: .align, a: Double(beat)))
            rig.step(to: first + Int64(beat + 1) * 28_800)
        }
        let grid = rig.engine.block.pointee.transport.grid
        #expect(grid.barLine(atOrBefore: first + 4 * 28_800 - 1) == first)
        #expect(grid.barLine(atOrBefore: first + 4 * 28_800) == first + 4 * 28_800)
        #expect(grid.aligning(at: first + 3 * 28_800).barLine(atOrBefore: rig.frame - 1) != first)
    }

    @Test("a loop at another tempo moves by less than a frame")
    func otherTempo() throws {
        let aligned = try life(aligns: true, tempo: 150)
        let voice = aligned.engine.block.pointee.slots[0].voices[0]
        let plain = try life(aligns: false, tempo: 150)
        let before = plain.engine.block.pointee.slots[0].voices[0]
        func place(_ rig: CoreRig, _ voice: Voice) -> Double {
            let grid = rig.engine.block.pointee.transport.grid
            let beats = Double(grid.beat(at: 500_000) - voice.originBeat) + grid.frac(at: 500_000)
            let at = beats * voice.framesPerBeat - Double(voice.offsetFrames)
            let length = Double(voice.frames)
            return at - (at / length).rounded(.down) * length
        }
        #expect(abs(place(aligned, voice) - place(plain, before)) <= 1)
    }

    @Test(
        "a capture that waits for its line keeps its window; what waits for a line gets a new one")
    func waiting() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let bar: Int64 = 38_400
        rig.step(to: 3 * bar - 2_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(100)
        rig.send(Ask(code: .align))
        rig.step(to: 3 * bar + 10_000)
        let take = try #require(rig.all(.captured).first)
        #expect(take.frame == 3 * bar)
        #expect(take.fromFrame == 2 * bar)
        #expect(CaptureTests.wrongFrames(rig, take, from: 3 * bar + 480, to: rig.frame) == 0)
        rig.send(
            Ask(
                code: .slotMute, token: 4, flags: CommandFlags.on | CommandFlags.quantized))
        rig.step(5 * Int(bar) / 4)
        let line = 3 * bar - 1_900 + bar
        #expect(rig.all(.applied).last { $0.token == 4 }?.frame == line)
    }

    @Test("paused, the music goes on with a bar")
    func paused() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(50_000)
        rig.send(Ask(code: .pause))
        rig.step(1_000)
        rig.send(Ask(code: .align))
        rig.step(1_000)
        rig.send(Ask(code: .play))
        rig.step(100)
        let grid = rig.engine.block.pointee.transport.grid
        #expect(grid.barLine(atOrBefore: 52_000) == 52_000)
    }
}
