import Testing

@testable import FlowCore

@Suite("Loops in memory")
struct LoopPoolTests {
    private func loop(_ frames: Int) -> LoopAudio {
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
        samples.initialize(repeating: 0.25, count: 2 * frames)
        return LoopAudio(samples: samples, frameCount: frames, preRoll: nil, preRollFrames: 0)
    }

    /// Time that stands still until a test moves it.
    private final class Clock: @unchecked Sendable {
        var ns: Int64 = 0
    }

    @Test("the least recently used goes first, never one that plays or was asked for just now")
    func evicts() throws {
        let clock = Clock()
        let pool = LoopPool(byteLimit: 3 * 800) { clock.ns }
        for number in UInt32(1)...3 {
            pool.insert(id: CoreRig.take(number), audio: loop(100), framesPerBeat: 25)
        }
        clock.ns += LoopPool.keptNs
        let held = try #require(pool.acquire(CoreRig.take(1)))
        _ = pool.acquire(CoreRig.take(2)).map(pool.release)
        pool.insert(id: CoreRig.take(4), audio: loop(100), framesPerBeat: 25)
        #expect((1...4).map { pool.contains(CoreRig.take($0)) } == [true, true, false, true])
        pool.insert(id: CoreRig.take(5), audio: loop(300), framesPerBeat: 25)
        // What was asked for stays although it does not fit: whoever did is about to play it.
        let kept = (1...5).filter { pool.contains(CoreRig.take($0)) }
        #expect(kept == [1, 4, 5])
        clock.ns += LoopPool.keptNs
        #expect(pool.keep(CoreRig.take(5)))
        pool.release(held)
        #expect(pool.byteCount == 2_400)
        #expect(!pool.contains(CoreRig.take(1)))
    }

    @Test("at its limit it keeps all that a group was asked to load; without, none but the last")
    func keepsGroups() {
        for keptNs in [LoopPool.keptNs, 0] {
            let clock = Clock()
            let pool = LoopPool(byteLimit: 800, keptNs: keptNs) { clock.ns }
            // One is there and asked for again, the others come from disk or are rendered.
            pool.insert(id: CoreRig.take(1), audio: loop(100), framesPerBeat: 25)
            clock.ns += LoopPool.keptNs
            #expect(pool.keep(CoreRig.take(1)))
            for number in UInt32(2)...8 {
                clock.ns += 1_000
                pool.insert(id: CoreRig.take(number), audio: loop(100), framesPerBeat: 25)
            }
            let handles = (UInt32(1)...8).compactMap { pool.acquire(CoreRig.take($0)) }
            #expect(handles.count == (keptNs == 0 ? 1 : 8))
            #expect(pool.askedByteCount == 0)
            for handle in handles { pool.release(handle) }
            clock.ns += LoopPool.keptNs
            #expect(pool.askedByteCount == 0)
            pool.insert(id: CoreRig.take(9), audio: loop(100), framesPerBeat: 25)
            #expect(pool.contains(CoreRig.take(9)))
            #expect(pool.byteCount == 800)
        }
    }

    @Test("what is captured while the cache is full is held from its first moment on")
    func capturesAreHeld() throws {
        let pool = LoopPool(byteLimit: 800, keptNs: 0)
        let handle = pool.insertHeld(id: CoreRig.take(1), audio: loop(500), framesPerBeat: 25)
        pool.insert(id: CoreRig.take(2), audio: loop(100), framesPerBeat: 25)
        #expect(pool.contains(CoreRig.take(1)))
        #expect(handle.view().frames == 500)
        pool.release(handle)
        #expect(!pool.contains(CoreRig.take(1)))
    }

    @Test("a hundred captures and as many undos keep memory within the cache")
    func overwriteAndUndo() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(120_000)
        for number in UInt32(1)...40 {
            rig.capture(0, bars: 1, take: number, quantized: false)
            rig.step(1_500)
            if number % 2 == 0 {
                rig.send(Ask(code: .slotSet, slot: 0, b: 4, id: CoreRig.take(number - 1)))
                rig.step(600)
            }
        }
        #expect(rig.all(.captured).count == 40)
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.step(2_000)
        let voices = rig.engine.block.pointee.slots[0].voices
        #expect((0..<4).allSatisfy { voices[$0].isIdle() })
        #expect(rig.engine.pool.byteCount == 40 * 38_400 * 8)
    }

    @Test("undo and redo right after a press find the loop, baked or not")
    func undoAtOnce() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.bakes = false
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(100)
        let take = try #require(rig.all(.captured).first)
        #expect(rig.send(Ask(code: .slotSet, slot: 0)) == 0)
        let redo = Ask(
            code: .slotSet, slot: 0, a: Double(take.originBeat), b: 4, id: take.id)
        #expect(rig.send(redo) == 0)
        rig.step(20_000)
        let from = rig.frame - 19_000
        #expect(CaptureTests.wrongFrames(rig, take, from: from, to: rig.frame) == 0)
    }

    @Test("a burst of swaps in one block makes no step and gives every loop back")
    func burstOfSwaps() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.input = { _, _ in 0.5 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(2_000)
        let swap = Ask(code: .slotSet, slot: 0, b: 4, id: CoreRig.take(1))
        for at in 0..<12 {
            var later = swap
            later.atFrame = Double(rig.frame + 10 + Int64(at) * 100)
            rig.send(later)
        }
        rig.step(5_000)
        #expect(rig.out(rig.frame - 1, 0) == 0.5)
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.step(2_000)
        rig.engine.worker.pump()
        #expect(rig.engine.pool.byteCount == 38_400 * 8)
        let handle = try #require(rig.engine.pool.acquire(CoreRig.take(1)))
        rig.engine.pool.release(handle)
    }

    @Test("a loop from disk gets the seam of its rolls, and fades without them")
    func fromDisk() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let frames = 38_400
        func audio(preRoll: Bool) -> LoopAudio {
            let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
            let before = UnsafeMutablePointer<Float>.allocate(capacity: 2_000)
            for index in 0..<2 * frames {
                samples[index] = rig.noise.sample(Int64(50_000 + index / 2), index % 2)
            }
            for index in 0..<2_000 {
                before[index] = rig.noise.sample(Int64(49_000 + index / 2), index % 2)
            }
            return LoopAudio(
                samples: samples, frameCount: frames, preRoll: before,
                preRollFrames: preRoll ? 1_000 : 0)
        }
        let wish = TakeLoads.Wish(framesPerBeat: 9_600, rateHz: 48_000, ends: .seam)
        #expect(rig.engine.worker.accept(audio(preRoll: true), id: CoreRig.take(1), wish))
        #expect(rig.engine.worker.accept(audio(preRoll: false), id: CoreRig.take(2), wish))
        let loops = try (UInt32(1)...2).map {
            try #require(rig.engine.pool.acquire(CoreRig.take($0))).view()
        }
        #expect(loops[0].samples[0] == rig.noise.sample(50_000, 0))
        #expect(abs(loops[1].samples[0]) < 0.01)
        #expect(loops[0].samples[2 * (frames - 1)] != loops[1].samples[2 * (frames - 1)])
        #expect(loops[0].samples[20_000] == loops[1].samples[20_000])
        // What was played before the window is in the seam and kept no longer.
        #expect(rig.engine.pool.byteCount == 2 * frames * 8)
    }

    @Test("with its tail elsewhere a loop's end stays whole; a post-roll only fades out")
    func endsOfDerived() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        let frames = 38_400
        for (number, ends) in [LoopEnds.tailSeam, .raw].enumerated() {
            let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
            samples.initialize(repeating: 0.5, count: 2 * frames)
            let before = UnsafeMutablePointer<Float>.allocate(capacity: 2_000)
            before.initialize(repeating: 0.25, count: 2_000)
            let audio = LoopAudio(
                samples: samples, frameCount: frames, preRoll: before, preRollFrames: 1_000)
            let wish = TakeLoads.Wish(framesPerBeat: 9_600, rateHz: 48_000, ends: ends)
            #expect(rig.engine.worker.accept(audio, id: CoreRig.take(UInt32(number)), wish))
        }
        let loops = try (UInt32(0)...1).map {
            try #require(rig.engine.pool.acquire(CoreRig.take($0))).view().samples
        }
        // The pre-roll comes in on top, up to its level on the last frame.
        #expect(loops[0][0] == 0.5)
        #expect(abs(loops[0][2 * (frames - 240)] - 0.625) < 0.001)
        #expect(abs(loops[0][2 * (frames - 1)] - 0.75) < 0.001)
        #expect(loops[1][frames - 2] == 0.5)
        #expect(abs(loops[1][2 * frames * 3 / 4] - 0.25) < 0.001)
        #expect(abs(loops[1][2 * (frames - 1)]) < 0.001)
    }
}
