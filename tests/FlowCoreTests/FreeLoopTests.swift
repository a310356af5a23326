import Foundation
import Testing

@testable import FlowCore

@Suite("A loop at its own speed")
struct FreeLoopTests {
    private static let bar: Int64 = 38_400

    private func playing() throws -> (rig: CoreRig, take: CoreEvent) {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(to: 3 * Self.bar + 20_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(to: 4 * Self.bar)
        return (rig, try #require(rig.all(.captured).first))
    }

    /// Frames of the master that are not the loop's, when it plays `place` at `frame`.
    private func wrong(
        _ rig: CoreRig, _ take: CoreEvent, place: Int64, at: Int64, _ frames: Range<Int64>
    ) -> Int {
        frames.filter { frame in
            let now = (((frame - at + place) % Self.bar) + Self.bar) % Self.bar
            return now < Self.bar - 480
                && rig.out(frame, 0) != rig.noise.sample(take.fromFrame + now, 0)
        }.count
    }

    private func free(_ isOn: Bool, at frame: Int64 = 0) -> Ask {
        Ask(
            code: .slotFree, slot: 0, flags: isOn ? CommandFlags.on : 0, atFrame: Double(frame))
    }

    @Test("goes on bit for bit through every change of the tempo, its period exact for minutes")
    func exactPeriod() throws {
        let (rig, take) = try playing()
        var random = SeededRandom(seed: CoreRig.seed)
        rig.input = { _, _ in 0 }
        let at = 5 * Self.bar
        rig.send(free(true, at: at - 1_000))
        rig.step(to: at)
        for _ in 0..<60 {
            rig.send(Ask(code: .tempo, a: Double.random(in: 60...300, using: &random)))
            rig.step(96_000)
        }
        let place = (at - take.fromFrame) % Self.bar
        #expect(wrong(rig, take, place: place, at: at, at..<rig.frame) == 0)
        #expect(wrong(rig, take, place: place + 1, at: at, at..<at + 10_000) > 1_000)
    }

    @Test("goes on bit for bit while the player moves the beats under it")
    func aligned() throws {
        let (rig, take) = try playing()
        rig.input = { _, _ in 0 }
        let at = 5 * Self.bar
        rig.send(free(true, at: at - 1_000))
        rig.step(to: at)
        rig.send(Ask(code: .tempo, a: 217))
        for wait in [7_001, 30_011, 50_021] {
            rig.step(wait)
            rig.send(Ask(code: .align))
        }
        rig.step(100_000)
        let place = (at - take.fromFrame) % Self.bar
        let beats = rig.engine.block.pointee.transport.grid
        #expect(beats.framesIntoBeat(at: at) != 0)
        #expect(wrong(rig, take, place: place, at: at, at..<rig.frame) == 0)
    }

    @Test("freed while it is repitched goes on from where it is, exact from then on")
    func fromRepitched() throws {
        let (rig, take) = try playing()
        rig.send(Ask(code: .tempo, a: 217))
        rig.step(50_003)
        let at = rig.frame + 1_000
        let grid = rig.engine.block.pointee.transport.grid
        let voice = rig.engine.block.pointee.slots[0].voices[0]
        let beats = Double(grid.beat(at: at)) + grid.frac(at: at) - Double(voice.originBeat)
        let place = (beats * 9_600 - Double(voice.offsetFrames)).rounded()
        rig.send(free(true, at: at))
        rig.step(100_000)
        #expect(wrong(rig, take, place: Int64(place), at: at, at..<rig.frame) == 0)
    }

    @Test("comes back to the grid where it would have been")
    func backOnGrid() throws {
        let (rig, take) = try playing()
        rig.send(free(true))
        rig.step(1_000)
        rig.send(Ask(code: .tempo, a: 250))
        rig.step(30_000)
        rig.send(Ask(code: .tempo, a: 300))
        rig.step(10_000)
        rig.send(free(false))
        rig.step(5_000)
        let from = rig.frame
        rig.step(100_000)
        #expect(CaptureTests.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
        rig.engine.worker.pump()
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.step(2_000)
        let slot = rig.engine.block.pointee.slots[0]
        #expect((0..<slot.voiceCount).allSatisfy { slot.voices[$0].isIdle() })
    }

    @Test("a pause holds it, and what takes its place stays at its own speed")
    func pauseAndSwap() throws {
        let (rig, take) = try playing()
        rig.send(free(true))
        rig.step(20_000)
        rig.send(Ask(code: .tempo, a: 200))
        rig.step(20_000)
        rig.send(Ask(code: .pause, atFrame: Double(rig.frame + 700)))
        let held = rig.frame + 700
        rig.step(50_001)
        rig.send(Ask(code: .play, atFrame: Double(rig.frame + 300)))
        let on = rig.frame + 300
        rig.step(20_000)
        let place = (held - take.fromFrame) % Self.bar
        #expect(wrong(rig, take, place: place, at: on, on + 480..<rig.frame) == 0)
        rig.send(
            Ask(
                code: .slotSwap, slot: 0, a: Double(take.originBeat), b: 4, id: CoreRig.take(1),
                other: CoreRig.take(1)))
        rig.step(2_000)
        let from = rig.frame
        rig.step(60_000)
        #expect(wrong(rig, take, place: place, at: on, from..<rig.frame) == 0)
    }

    @Test("sounds the same at every block size")
    func blockSizes() throws {
        let rigs = try [512, 64, 7].map { block in
            let rig = try CoreRig { $0.bpm = 300 }
            rig.step(to: 3 * Self.bar + 20_000)
            rig.capture(0, bars: 1, take: 1)
            rig.step(to: 4 * Self.bar)
            rig.send(free(true, at: 4 * Self.bar + 777))
            rig.send(Ask(code: .tempo, atFrame: Double(4 * Self.bar + 3_001), a: 201))
            rig.send(free(false, at: 5 * Self.bar + 11))
            rig.step(to: 7 * Self.bar, block: block)
            return rig
        }
        for rig in rigs.dropFirst() { #expect(firstDifference(rigs[0], rig) == nil) }
    }

    @Test("repitched live it keeps its phase to the frame while the tempo changes a hundred times")
    func repitchPhase() throws {
        let (rig, take) = try playing()
        var random = SeededRandom(seed: CoreRig.seed)
        rig.input = { _, _ in 0 }
        for _ in 0..<100 {
            rig.send(Ask(code: .tempo, a: Double.random(in: 60...300, using: &random)))
            rig.step(2_000)
        }
        rig.send(Ask(code: .tempo, a: 300))
        rig.step(2_000)
        let from = rig.frame
        rig.step(100_000)
        // The grid's own fraction of a frame is left out at the take's own tempo: exact copies again.
        #expect(CaptureTests.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
    }
}
