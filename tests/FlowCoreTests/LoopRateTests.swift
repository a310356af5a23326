import Foundation
import Testing

@testable import FlowCore

/// One bar at 300 bpm as a device of 44,100 Hz played it, in an engine of 48,000 Hz.
@Suite("A take of another sample rate")
struct LoopRateTests {
    private static let ownFrames = 35_280
    private static let frames = 38_400
    private static let cycles = 220
    /// A click between two frames of either rate, as a band-limited pulse; in frames of the take.
    private static let click = 9_000.4

    private static func tone(_ frame: Double, of frames: Int) -> Double {
        0.5 * sin(2 * Double.pi * Double(cycles) * frame / Double(frames))
    }

    /// The left side is a tone, the right a click; both go round without an end.
    private static func sound(_ frame: Int, _ channel: Int) -> Float {
        if channel == 0 { return Float(tone(Double(frame), of: ownFrames)) }
        let place = Double((frame % ownFrames + ownFrames) % ownFrames) - click
        return Float(exp(-place * place / 18))
    }

    private static func audio(from first: Int, count: Int, preRoll: Int) -> LoopAudio {
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * count)
        for index in 0..<2 * count { samples[index] = sound(first + index / 2, index % 2) }
        let before = UnsafeMutablePointer<Float>.allocate(capacity: 2 * max(1, preRoll))
        for index in 0..<2 * preRoll {
            before[index] = sound(first - preRoll + index / 2, index % 2)
        }
        return LoopAudio(
            samples: samples, frameCount: count, preRoll: before, preRollFrames: preRoll)
    }

    private static func rig(rateHz: Int, ends: LoopEnds = .seam) throws -> CoreRig {
        let rig = try CoreRig { $0.bpm = 300 }
        let wish = TakeLoads.Wish(framesPerBeat: 8_820, rateHz: rateHz, ends: ends)
        let audio = audio(from: 0, count: ownFrames, preRoll: 2_205)
        #expect(rig.engine.worker.accept(audio, id: CoreRig.take(1), wish))
        return rig
    }

    private static func samples(_ rig: CoreRig, _ take: UInt32) throws -> (LoopView, [Float]) {
        let handle = try #require(rig.engine.pool.acquire(CoreRig.take(take)))
        defer { rig.engine.pool.release(handle) }
        let view = handle.view()
        return (view, (0..<2 * view.frames).map { view.samples[$0] })
    }

    /// Largest distance from the tone as it must be, and the click's frame.
    private static func judged(_ sound: [Float]) -> (tone: Double, click: Int) {
        let frames = sound.count / 2
        let wrong = (0..<frames).map {
            abs(Double(sound[2 * $0]) - tone(Double($0), of: Self.frames))
        }
        let loudest = (0..<frames).max { sound[2 * $0 + 1] < sound[2 * $1 + 1] } ?? -1
        return (wrong.max() ?? 1, loudest)
    }

    private static let clickThere = Int((click * 48_000 / 44_100).rounded())

    @Test("lies in memory at the engine's rate: every sample where the sound has it, seam and all")
    func inMemory() throws {
        let (view, sound) = try Self.samples(Self.rig(rateHz: 44_100), 1)
        #expect(view.frames == Self.frames)
        #expect(view.framesPerBeat == 9_600)
        let heard = Self.judged(sound)
        print("44.1 kHz in 48 kHz: tone off by \(heard.tone), click at \(heard.click)")
        #expect(heard.tone < 1e-5)
        #expect(heard.click == Self.clickThere)
        // Taken for one of the engine's rate it is another sound.
        let (same, wrong) = try Self.samples(Self.rig(rateHz: 48_000), 1)
        #expect(same.frames == Self.ownFrames)
        #expect(Self.judged(wrong).tone > 0.5)
        #expect(Self.judged(wrong).click != Self.clickThere)
    }

    @Test("plays at its pitch and in its place on the grid, and as a loop at its own speed")
    func plays() throws {
        for isFree in [false, true] {
            for rateHz in [44_100, 48_000] {
                let rig = try Self.rig(rateHz: rateHz)
                rig.input = { _, _ in 0 }
                rig.send(Ask(code: .slotSet, slot: 0, b: 4, id: CoreRig.take(1)))
                rig.step(to: Int64(Self.frames))
                if isFree { rig.send(Ask(code: .slotFree, slot: 0, flags: CommandFlags.on)) }
                rig.step(Self.frames - 3_000)
                if isFree { rig.send(Ask(code: .tempo, a: 171)) }
                rig.step(to: Int64(3 * Self.frames))
                let bar = (2 * Self.frames..<3 * Self.frames).flatMap { frame in
                    [rig.out(Int64(frame), 0), rig.out(Int64(frame), 1)]
                }
                let heard = Self.judged(bar)
                let isRight = heard.tone < 1e-5 && abs(heard.click - Self.clickThere) <= 1
                // On the grid the tempo alone would bring a sound of another rate to its place.
                let mustBe = rateHz == 44_100 || !isFree
                #expect(isRight == mustBe, "free \(isFree), \(rateHz) Hz: \(heard)")
            }
        }
    }

    @Test("goes into a render beside a take of the engine's rate, and repitched to another tempo")
    func rendered() throws {
        let rig = try Self.rig(rateHz: 44_100)
        rig.input = { frame, _ in Float(0.1 * Self.tone(Double(frame), of: Self.frames)) }
        rig.step(to: Int64(3 * Self.frames))
        rig.capture(0, bars: 1, take: 2)
        rig.step(1_000)
        let both = [RenderPartAsk(take: 1), RenderPartAsk(take: 2, gain: -1)]
        #expect(rig.render(3, frames: 38_400, framesPerBeat: 9_600, parts: both) == 0)
        let slower = [RenderPartAsk(take: 1)]
        #expect(rig.render(4, frames: 48_000, framesPerBeat: 12_000, parts: slower) == 0)
        #expect(rig.engine.step(frames: 64))
        let (_, sum) = try Self.samples(rig, 3)
        let off = (0..<Self.frames).map { frame in
            abs(Double(sum[2 * frame]) - 0.9 * Self.tone(Double(frame), of: Self.frames))
        }
        #expect((off.max() ?? 1) < 1e-4)
        let (_, slow) = try Self.samples(rig, 4)
        #expect(sineAndRest(slow, channel: 0, cycles: Self.cycles).restDb < -90)
        let loudest = (0..<48_000).max { slow[2 * $0 + 1] < slow[2 * $1 + 1] } ?? -1
        #expect(abs(Double(loudest) - Self.click * 12_000 / 8_820) <= 1)
    }

    @Test(
        "is merged, and merged again, with one of the engine's rate; of the wrong rate that is caught"
    )
    func merged() throws {
        for rateHz in [44_100, 48_000] {
            let rig = try Self.rig(rateHz: rateHz)
            let other = 517
            rig.input = { frame, _ in
                Float(0.2 * sin(2 * Double.pi * Double(other * Int(frame)) / Double(Self.frames)))
            }
            rig.step(to: Int64(3 * Self.frames))
            rig.capture(0, bars: 1, take: 2)
            rig.step(1_000)
            // A beat later and turned down, beside the other as it is.
            let start = Double(Self.frames - 9_600)
            let both = [
                RenderPartAsk(take: 1, start: start, gain: 0.7), RenderPartAsk(take: 2, gain: 0.5),
            ]
            #expect(rig.render(3, frames: 38_400, framesPerBeat: 9_600, parts: both) == 0)
            #expect(rig.engine.step(frames: 64))
            // Flattened: the group is a part of the next one.
            let again = [RenderPartAsk(take: 3, gain: 0.9), RenderPartAsk(take: 1, gain: -0.3)]
            #expect(rig.render(4, frames: 38_400, framesPerBeat: 9_600, parts: again) == 0)
            #expect(rig.engine.step(frames: 64))
            let heard = { (frame: Int) in Self.tone(Double(frame), of: Self.frames) }
            let second = { (frame: Int) in
                0.2 * sin(2 * Double.pi * Double(other * frame) / Double(Self.frames))
            }
            let sum = { (frame: Int) in 0.7 * heard(frame - 9_600) + 0.5 * second(frame) }
            let flat = { (frame: Int) in 0.9 * sum(frame) - 0.3 * heard(frame) }
            for (take, mustBe): (UInt32, (Int) -> Double) in [(3, sum), (4, flat)] {
                let (_, sound) = try Self.samples(rig, take)
                let off = (0..<Self.frames).map { abs(Double(sound[2 * $0]) - mustBe($0)) }.max()
                print("merge of \(rateHz) and 48000 Hz, \(take): off by \(off ?? 1)")
                #expect(((off ?? 1) < 1e-4) == (rateHz == 44_100), "\(rateHz) \(take)")
            }
        }
    }

    @Test(
        "keeps its pitch when it is stretched to another tempo",
        .enabled(if: StretchLibrary.installed.isHere, "librubberband is not installed"))
    func stretched() throws {
        for rateHz in [44_100, 48_000] {
            let rig = try Self.rig(rateHz: rateHz)
            let part = [RenderPartAsk(take: 1, mode: RenderMode.stretch)]
            #expect(rig.render(3, frames: 48_000, framesPerBeat: 12_000, parts: part) == 0)
            #expect(rig.engine.step(frames: 64))
            let (_, sound) = try Self.samples(rig, 3)
            // As many cycles a second as before: a quarter more in a bar a quarter longer.
            let (sineDb, restDb) = sineAndRest(sound, channel: 0, cycles: Self.cycles * 5 / 4)
            print("stretched from \(rateHz) Hz: sine \(sineDb) dB, rest \(restDb) dB")
            #expect((sineDb - restDb > 40) == (rateHz == 44_100), "\(rateHz)")
        }
    }

    @Test("with its tail is what the tail at the take's own rate is, brought over as a whole")
    func tail() throws {
        let rig = try Self.rig(rateHz: 44_100, ends: .tailSeam)
        let after = Self.audio(from: Self.ownFrames + 5_000, count: 20_000, preRoll: 0)
        let wish = TakeLoads.Wish(framesPerBeat: 8_820, rateHz: 44_100, ends: .raw)
        #expect(rig.engine.worker.accept(after, id: CoreRig.take(2), wish))
        let parts = [
            RenderPartAsk(take: 1), RenderPartAsk(take: 2, mode: RenderMode.once),
        ]
        #expect(rig.render(3, frames: 38_400, framesPerBeat: 9_600, parts: parts) == 0)
        #expect(rig.render(4, frames: 35_280, framesPerBeat: 8_820, parts: parts) == 0)
        #expect(rig.engine.step(frames: 64))
        let (_, joined) = try Self.samples(rig, 3)
        let handle = try #require(rig.engine.pool.acquire(CoreRig.take(4)))
        defer { rig.engine.pool.release(handle) }
        let own = LoopRender.Part(
            loop: handle.view(), mode: .repitch, startFrames: 0, gainLeft: 1, gainRight: 1)
        let whole = try FlowCoreTests.rendered([own], frames: 38_400, framesPerBeat: 9_600)
        let off = zip(joined, whole).map { abs($0 - $1) }.max() ?? 1
        print("tail of a take of 44.1 kHz: off by \(off)")
        #expect(off < 1e-5)
    }

    @Test("that would be too long for memory is refused, and so is a rate no device has")
    func refused() throws {
        let rate = LoopRate(from: Limits.rateHzMin, to: Limits.rateHzMax)
        let long = Limits.loopCacheBytesMax / 8 / 8
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * long)
        let audio = LoopAudio(
            samples: samples, frameCount: long, preRoll: nil, preRollFrames: 0)
        #expect(rate.converted(audio, framesPerBeat: 1_000) == nil)
        #expect(LoopRate.isPossible(44_100))
        #expect(!LoopRate.isPossible(0))
    }
}
