import Foundation
import Testing

@testable import FlowCore

@Suite("The transport")
struct TransportTests {
    @Test("the metronome is heard and is absent from ring and taps")
    func metronome() throws {
        let rigs = try [true, false].map { clicks in
            let rig = try CoreRig { $0.bpm = 300 }
            if clicks { rig.send(Ask(code: .metronome, flags: CommandFlags.on, a: 0.5)) }
            rig.step(100_000)
            return rig
        }
        let rings = rigs.map { rig in
            var samples = [Float](repeating: 0, count: 2 * 100_000)
            #expect(rig.engine.store.copy(from: 0, frames: 100_000, into: &samples))
            return samples
        }
        #expect((rings[0] == rings[1]) as Bool)
        let silent = rigs[1].left.allSatisfy { $0 == 0 }
        #expect(silent)
        let loudest = (0..<10).map { beat in
            rigs[0].left[beat * 9_600..<beat * 9_600 + 1_000].map(abs).max() ?? 0
        }
        #expect(loudest.allSatisfy { $0 > 0.2 && $0 <= 0.5 })
        #expect(rigs[0].left[5_000..<9_600].allSatisfy { $0 == 0 })
    }

    @Test("loops keep their phase through changes of tempo, exact again at their own")
    func tempoKeepsPhase() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(130_000)
        rig.capture(0, bars: 2, take: 1)
        rig.step(1_000)
        let take = try #require(rig.all(.captured).first)
        for bpm in [180.0, 260, 123, 300] {
            rig.send(Ask(code: .tempo, a: bpm))
            rig.step(30_001)
        }
        let from = rig.frame - 29_000
        #expect(CaptureTests.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
    }

    @Test("at another tempo a loop sounds at its rate: pitch and phase follow the grid")
    func repitch() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        // 200 Hz fits the bar: 160 whole waves in 38,400 frames.
        rig.input = { frame, _ in Float(0.5 * sin(2 * Double.pi * Double(frame) / 240)) }
        rig.step(90_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(2_000)
        rig.send(Ask(code: .tempo, a: 150))
        let start = rig.frame
        rig.step(40_000)
        var worst: Float = 0
        let grid = rig.engine.block.pointee.transport.grid
        for frame in start + 500..<rig.frame {
            let beats = Double(grid.beat(at: frame)) + grid.frac(at: frame)
            let place = (beats * 9_600).truncatingRemainder(dividingBy: 38_400)
            if place < 2 || place > 38_400 - 500 { continue }
            let meant = Float(0.5 * sin(2 * Double.pi * place / 240))
            worst = max(worst, abs(rig.out(frame, 0) - meant))
        }
        #expect(worst < 1e-4, "\(worst)")
    }

    @Test("tempo changes closer than 20 ms wait, and each is answered")
    func tempoIsLimited() throws {
        let rig = try CoreRig()
        rig.step(48_000)
        for bpm in 0..<5 {
            rig.send(Ask(code: .tempo, token: UInt32(bpm), a: 100 + Double(bpm)))
            rig.step(100)
        }
        rig.step(4_800)
        let answers = rig.all(.applied)
        #expect(answers.map(\.token) == [0, 1, 2, 3, 4])
        #expect(answers.map(\.frame) == [48_000, 48_960, 48_960, 48_960, 48_960])
        #expect(rig.engine.block.pointee.transport.grid.framesPerBeat == 27_692)
    }

    @Test("a pause is silent, holds every phase, and the grid goes on listening")
    func pause() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 2, take: 1, quantized: false)
        rig.step(10_000)
        rig.send(Ask(code: .pause))
        rig.step(33_333)
        #expect((110_300..<143_333).allSatisfy { rig.out($0, 0) == 0 })
        #expect(rig.engine.rings.status.read().isPlaying == false)
        rig.send(Ask(code: .play))
        rig.step(30_000)
        let take = try #require(rig.all(.captured).first)
        let wrong = CaptureTests.wrongFrames(rig, take, from: 144_000, to: rig.frame)
        #expect(wrong == 0)
        let length = take.toFrame - take.fromFrame
        // The frame that sounded last before the pause is the one before the next.
        let placeThen = (110_000 - 100_000) % length
        #expect(
            rig.out(144_000, 0)
                == rig.noise.sample(
                    take.fromFrame + (placeThen + 144_000 - 143_333 + length) % length, 0))
    }

    @Test("another meter in a pause keeps the held bar's start")
    func meterInPause() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(to: 5 * 9_600 + 100)
        rig.send(Ask(code: .pause))
        rig.step(18 * 9_600)
        rig.send(Ask(code: .meter, a: 3, b: 4))
        rig.step(1_000)
        rig.send(Ask(code: .play))
        rig.step(100)
        let grid = rig.engine.block.pointee.transport.grid
        let beat = grid.beat(at: rig.frame)
        // Paused in the second beat of its bar, it goes on there.
        #expect(beat - grid.barStart(ofBeat: beat) == 1)
    }

    @Test("a loop shorter than a step of its rate is played from within its buffer")
    func tinyLoop() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        for frames in 1...5 {
            // Around the loop lies what must never be heard.
            let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2_000)
            samples.initialize(repeating: 0.9, count: 2_000)
            for index in 0..<2 * frames { samples[index] = 0.25 }
            rig.engine.pool.insert(
                id: CoreRig.take(UInt32(frames)),
                audio: LoopAudio(
                    samples: samples, frameCount: frames, preRoll: nil, preRollFrames: 0),
                framesPerBeat: 576_000)
            let set = Ask(code: .slotSet, b: 1, id: CoreRig.take(UInt32(frames)))
            #expect(rig.send(set) == 0)
            rig.step(1_000)
            let sounds = (rig.frame - 400..<rig.frame).map { rig.out($0, 0) }
            #expect(sounds.allSatisfy { abs($0 - 0.25) < 1e-6 }, "\(frames) frames")
        }
    }
}
