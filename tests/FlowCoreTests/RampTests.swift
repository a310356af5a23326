import Testing

@testable import FlowCore

@Suite("Gain changes")
struct RampTests {
    /// Frames of every ramp at 48 kHz.
    static let rampFrames = 288

    /// A rig whose slots 0 and 1 play a constant 0.5, at rest.
    private func constantLoops() throws -> CoreRig {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.input = { _, _ in 0.5 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.capture(1, bars: 1, take: 2)
        rig.step(5_000)
        return rig
    }

    /// The largest step between two frames of the master.
    static func largestStep(_ rig: CoreRig, from frame: Int64) -> Float {
        let samples = rig.left[Int(frame)...]
        return zip(samples, samples.dropFirst()).map { abs($0 - $1) }.max() ?? 0
    }

    @Test(
        "mute, solo, gain, pan and clear take their fixed time and make no step",
        arguments: [CommandCode.slotMute, .slotSolo, .slotGain, .slotPan, .slotSet])
    func noStep(code: CommandCode) throws {
        for block in [16, 512] {
            let rig = try constantLoops()
            let start = rig.frame
            #expect(rig.out(start - 1, 0) == 1)
            rig.send(
                Ask(code: code, slot: 0, flags: CommandFlags.on, a: code == .slotPan ? 1 : 0))
            rig.step(2_000, block: block)
            #expect(rig.out(start + Int64(Self.rampFrames) - 1, 0) == 0.5)
            #expect(rig.out(start + Int64(Self.rampFrames) - 2, 0) != 0.5)
            #expect(Self.largestStep(rig, from: start - 1) <= 0.5 / Float(Self.rampFrames) * 1.01)
        }
    }

    @Test("the judge of steps sees a jump")
    func judgeCanFail() throws {
        let rig = try CoreRig { $0.flags |= ConfigFlags.monitor }
        rig.input = { frame, _ in frame < 1_000 ? 0.5 : 0 }
        rig.step(2_000)
        #expect(Self.largestStep(rig, from: 0) == 0.5)
    }

    @Test("a ramp turned around on its way goes on from where it is")
    func turnedAround() throws {
        let rig = try constantLoops()
        let start = rig.frame
        rig.send(Ask(code: .slotMute, slot: 0, flags: CommandFlags.on))
        rig.step(100)
        rig.send(Ask(code: .slotMute, slot: 0))
        rig.step(1_000)
        #expect(rig.out(start + 99, 0) < 0.9)
        #expect(rig.out(rig.frame - 1, 0) == 1)
        #expect(Self.largestStep(rig, from: start - 1) <= 0.5 / Float(Self.rampFrames) * 1.01)
    }

    @Test("a new capture fades in while the old loop fades out")
    func swap() throws {
        let rig = try constantLoops()
        rig.input = { _, _ in -0.25 }
        rig.step(75_000)
        let start = rig.frame
        rig.capture(0, bars: 1, take: 3)
        rig.step(2_000)
        #expect(rig.out(rig.frame - 1, 0) == 0.25)
        #expect(Self.largestStep(rig, from: start - 1) <= 0.75 / Float(Self.rampFrames) * 1.01)
    }

    @Test("gain and pan end at exactly what was asked for, centre at 1")
    func exactEnds() throws {
        let rig = try constantLoops()
        rig.send(Ask(code: .slotSet, slot: 1), Ask(code: .slotGain, slot: 0, a: 0.7))
        rig.step(1_000)
        #expect(rig.out(rig.frame - 1, 0) == 0.5 * Float(0.7))
        rig.send(Ask(code: .slotGain, slot: 0, a: 1), Ask(code: .slotPan, slot: 0, a: -0.25))
        rig.step(1_000)
        #expect(rig.out(rig.frame - 1, 0) == 0.5)
        #expect(rig.out(rig.frame - 1, 1) == 0.375)
        rig.send(Ask(code: .slotPan, slot: 0, a: 0))
        rig.step(1_000)
        #expect(rig.out(rig.frame - 1, 1) == 0.5)
    }

    @Test("an unmuted slot is silent while another is soloed")
    func solo() throws {
        let rig = try constantLoops()
        rig.send(Ask(code: .slotSolo, slot: 5, flags: CommandFlags.on))
        rig.step(1_000)
        #expect(rig.out(rig.frame - 1, 0) == 0)
        rig.send(Ask(code: .slotSolo, slot: 5))
        rig.step(1_000)
        #expect(rig.out(rig.frame - 1, 0) == 1)
    }

    @Test("PANIC is silent within 10 ms, keeps the content, and PLAY brings it back in phase")
    func panic() throws {
        let rig = try CoreRig {
            $0.bpm = 300
            $0.flags |= ConfigFlags.monitor
        }
        rig.step(100_000)
        for slot in 0..<4 { rig.capture(slot, bars: 1, take: UInt32(slot + 1)) }
        rig.send(Ask(code: .metronome, flags: CommandFlags.on, a: 1))
        rig.step(30_000)
        let start = rig.frame
        #expect(rig.out(start - 1, 0) != 0)
        rig.send(Ask(code: .panic))
        rig.step(20_000)
        #expect((start + 480..<rig.frame).allSatisfy { rig.out($0, 0) == 0 && rig.out($0, 1) == 0 })
        rig.send(Ask(code: .input, slot: 0, a: 0), Ask(code: .play))
        rig.send(Ask(code: .metronome))
        for slot in 1..<4 { rig.send(Ask(code: .slotSet, slot: slot)) }
        rig.step(50_000)
        let take = try #require(rig.all(.captured).first)
        let wrong = CaptureTests.wrongFrames(
            rig, take, from: start + 21_000, to: rig.frame)
        #expect(wrong == 0)
    }
}
