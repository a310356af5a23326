import Testing

@testable import FlowCore

@Suite("A capture")
struct CaptureTests {
    /// Frames after which every ramp and swap of a command is over.
    static let settled: Int64 = 480

    /// Counts frames of the master that are not the take's frame at that place of the loop.
    static func wrongFrames(
        _ rig: CoreRig, _ take: CoreEvent, from start: Int64, to end: Int64, gain: Float = 1
    ) -> Int {
        let length = take.toFrame - take.fromFrame
        let seam = Int64(Seam.frames(rateHz: 48_000, loopFrames: Int(length)))
        let grid = rig.engine.block.pointee.transport.grid
        var wrong = 0
        for frame in start..<end {
            let beats = (grid.epochBeat - take.originBeat) * grid.framesPerBeat
            let since = grid.framesSinceEpochBeat(at: frame) + beats - take.offsetFrames
            let place = ((since % length) + length) % length
            let hasPreRoll = take.fromFrame >= seam
            if place >= length - seam || (!hasPreRoll && place < seam) { continue }
            for channel in 0..<2 {
                let played = rig.noise.sample(take.fromFrame + place, channel)
                if rig.out(frame, channel) != played * gain { wrong += 1 }
            }
        }
        return wrong
    }

    @Test(
        "is played back bit for bit, in phase, at any tempo and moment",
        arguments: [(90.0, true), (120, true), (300, true), (173, false), (240, false)])
    func bitExact(bpm: Double, quantized: Bool) throws {
        var random = SeededRandom(seed: CoreRig.seed &+ UInt64(bpm))
        for bars in [1, 2, 4] {
            let rig = try CoreRig { $0.bpm = bpm }
            let bar = Int(rig.engine.block.pointee.transport.grid.barFrames())
            rig.step((bars + 1) * bar + Int.random(in: 0..<bar, using: &random))
            rig.capture(3, bars: bars, take: 1, quantized: quantized, token: 9)
            rig.step(2 * bar)
            let take = try #require(rig.all(.captured).first)
            #expect(take.token == 9)
            #expect(take.slot == 3)
            #expect(take.value == Double(bars))
            #expect(take.toFrame - take.fromFrame == Int64(bars * bar))
            let from = take.frame + Self.settled
            #expect(Self.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
        }
    }

    @Test("the judge of bit-exactness sees one frame of shift and a gain that is not 1")
    func judgeCanFail() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(60_000)
        var take = try #require(rig.all(.captured).first)
        let from = take.frame + Self.settled
        #expect(Self.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
        #expect(Self.wrongFrames(rig, take, from: from, to: rig.frame, gain: 0.999_999) > 1_000)
        take.fromFrame += 1
        take.toFrame += 1
        #expect(Self.wrongFrames(rig, take, from: from, to: rig.frame) > 1_000)
    }

    @Test("four bars taken at bars 3 to 6 repeat from bar 3")
    func repeatsFromItsBar() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let bar: Int64 = 38_400
        rig.step(to: 6 * bar + bar / 2)
        rig.capture(0, bars: 4, take: 1)
        rig.step(to: 11 * bar)
        let take = try #require(rig.all(.captured).first)
        #expect(take.fromFrame == 2 * bar)
        #expect(take.originBeat == 8)
        // Bar 10 counted from 0 is the loop's first bar again: 2 + 4 + 4.
        let start = 10 * bar + 5_000
        #expect(rig.out(start, 0) == rig.noise.sample(2 * bar + 5_000, 0))
    }

    @Test("a press just before the line records until it and swaps on it")
    func recordsUntilTheLine() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let bar: Int64 = 38_400
        rig.step(to: 3 * bar - 2_000)
        rig.capture(0, bars: 2, take: 1, token: 5)
        rig.step(to: 5 * bar)
        let recording = try #require(rig.all(.recording).first)
        #expect(recording.toFrame == 3 * bar)
        #expect(recording.token == 5)
        let take = try #require(rig.all(.captured).first)
        #expect(take.frame == 3 * bar)
        #expect(take.fromFrame == bar)
        #expect(rig.out(3 * bar - 1, 0) == 0)
        let wrong = Self.wrongFrames(
            rig, take, from: take.frame + Self.settled, to: rig.frame)
        #expect(wrong == 0)
    }

    @Test("the same window again has no effect, another one replaces what waits")
    func sameWindowAgain() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let bar: Int64 = 38_400
        rig.step(to: 3 * bar + 100)
        rig.capture(0, bars: 2, take: 1, token: 1)
        rig.step(to: 3 * bar + 5_000)
        rig.capture(0, bars: 2, take: 2, token: 2)
        rig.step(to: 4 * bar - 1_000)
        #expect(rig.all(.captured).map(\.token) == [1])
        #expect(rig.all(.applied).map(\.token) == [2])
        rig.capture(0, bars: 1, take: 3, token: 3)
        rig.capture(0, bars: 1, take: 4, token: 4)
        rig.capture(0, bars: 2, take: 5, token: 5)
        rig.step(to: 5 * bar)
        #expect(rig.all(.recording).map(\.token) == [3, 5])
        #expect(rig.all(.applied).map(\.token) == [2, 4])
        #expect(rig.all(.cancelled).map(\.token) == [3])
        #expect(rig.all(.captured).map(\.token) == [1, 5])
    }

    @Test("silence is refused, and one heard frame is enough")
    func nothingHeard() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.input = { frame, _ in frame == 90_000 ? 0.5 : 0 }
        rig.step(80_000)
        rig.capture(0, bars: 1, take: 1, token: 1)
        rig.step(20_000)
        let refused = try #require(rig.all(.applied).first)
        #expect(refused.token == 1)
        #expect(refused.refusal == .nothingHeard)
        rig.capture(0, bars: 1, take: 2, token: 2)
        rig.step(1_000)
        #expect(rig.all(.captured).map(\.token) == [2])
    }

    @Test("a press that waited longer than the ring is long is refused; one that did not is taken")
    func waitedTooLong() throws {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.ringSecondsMax = 10
        }
        rig.step(10 * 48_000)
        let pressed = rig.frame
        func capture(_ take: UInt32) {
            rig.send(
                Ask(
                    code: .capture, token: take, slot: 0, flags: CommandFlags.quantized, a: 2,
                    c: Double(pressed), id: CoreRig.take(take)))
            rig.step(1_000)
        }
        rig.step(5 * 48_000)
        capture(1)
        let captured = try #require(rig.all(.captured).first)
        #expect(captured.toFrame <= pressed + 38_400 && captured.fromFrame < pressed)
        rig.step(10 * 48_000)
        capture(2)
        #expect(rig.all(.captured).count == 1)
        #expect(rig.all(.applied).map(\.refusal) == [.notKept])
    }

    @Test("a capture into a muted slot plays")
    func intoMutedSlot() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.send(Ask(code: .slotMute, slot: 0, flags: CommandFlags.on))
        rig.step(1_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(40_000)
        let take = try #require(rig.all(.captured).first)
        let from = take.frame + Self.settled
        #expect(Self.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
    }

    @Test("paused, it takes the last bars, starts the transport and plays in time")
    func paused() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(50_000)
        rig.send(Ask(code: .pause))
        rig.step(77_777)
        rig.capture(0, bars: 2, take: 1)
        rig.step(100_000)
        let take = try #require(rig.all(.captured).first)
        #expect(take.marks.startedTransport)
        #expect(take.toFrame == 127_777)
        #expect(take.frame == 127_777)
        #expect(take.beat == 0)
        let from = take.frame + Self.settled
        #expect(Self.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
    }

    @Test("a tempo change inside the window flags the take")
    func acrossChange() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(60_000)
        rig.send(Ask(code: .tempo, a: 280))
        rig.step(60_000)
        rig.capture(0, bars: 2, take: 1)
        rig.step(1_000)
        #expect(try #require(rig.all(.captured).first).marks.isAcrossChange)
    }

    @Test("the same window of another source is another take")
    func otherSource() throws {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.sourceCount = 2
        }
        // So that the press does not meet silence.
        rig.engine.block.pointee.heard.note(1, at: 1)
        rig.step(90_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(100)
        let quantized = CommandFlags.quantized
        rig.send(Ask(code: .capture, flags: quantized, a: 1, b: 1, id: CoreRig.take(2)))
        rig.step(100)
        #expect(rig.all(.captured).map(\.id) == [CoreRig.take(1), CoreRig.take(2)])
        #expect(rig.all(.captured).map(\.fromFrame) == [38_400, 38_400])
    }

    @Test("an id used twice never gives one take the other's buffer")
    func sameIdTwice() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(to: 3 * 38_400 + 10_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(100)
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.capture(1, bars: 2, take: 1)
        rig.step(50_000)
        let second = try #require(rig.all(.captured).last)
        #expect(second.toFrame - second.fromFrame == 2 * 38_400)
        let from = rig.frame - 45_000
        #expect(CaptureTests.wrongFrames(rig, second, from: from, to: rig.frame) == 0)
    }
}
