import Testing

@testable import FlowCore

@Suite("Rendering a loop in the engine")
struct RenderTakeTests {
    /// A stepped rig with one bar of noise in slot 0.
    private func captured() throws -> CoreRig {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(100_000)
        rig.capture(0, bars: 1, take: 1)
        rig.step(10_000)
        return rig
    }

    @Test("is done by the next step, answered with the recipe's id, and plays bit for bit")
    func rendersAndPlays() throws {
        let rig = try captured()
        let parts = [RenderPartAsk(take: 1)]
        #expect(rig.render(2, frames: 38_400, framesPerBeat: 9_600, parts: parts) == 0)
        #expect(rig.all(.takeLoaded).isEmpty)
        #expect(rig.engine.step(frames: 64))
        rig.step(64)
        let answer = try #require(rig.all(.takeLoaded).first)
        #expect(answer.id == CoreRig.take(2))
        #expect(answer.errorCode == 0)
        let loops = try (UInt32(1)...2).map { number in
            let handle = try #require(rig.engine.pool.acquire(CoreRig.take(number)))
            defer { rig.engine.pool.release(handle) }
            return handle.view()
        }
        #expect((0..<76_800).allSatisfy { loops[0].samples[$0] == loops[1].samples[$0] })
        #expect(loops[1].framesPerBeat == 9_600)
    }

    @Test("one that is there already is answered at once; a part that is not there with 2009")
    func answersAtOnce() throws {
        let rig = try captured()
        let parts = [RenderPartAsk(take: 1), RenderPartAsk(take: 9)]
        #expect(rig.render(1, frames: 10, framesPerBeat: 9_600, parts: parts) == 0)
        #expect(rig.render(3, frames: 10, framesPerBeat: 9_600, parts: parts) == 0)
        rig.step(64)
        #expect(rig.all(.takeLoaded).map(\.errorCode) == [0, ErrorCode.takeNotLoaded])
        // What was held for the refused one is free again.
        rig.send(Ask(code: .slotSet, slot: 0))
        rig.step(2_000)
        let handle = try #require(rig.engine.pool.acquire(CoreRig.take(1)))
        rig.engine.pool.release(handle)
    }

    @Test("records out of bounds are refused")
    func refuses() throws {
        let rig = try captured()
        let code = ErrorCode.commandBounds
        let one = [RenderPartAsk(take: 1, mode: RenderMode.once)]
        #expect(rig.render(0, frames: 10, framesPerBeat: 9_600, parts: one) == code)
        #expect(rig.render(2, frames: 0, framesPerBeat: 9_600, parts: one) == code)
        #expect(rig.render(2, frames: 10.5, framesPerBeat: 9_600, parts: one) == code)
        #expect(rig.render(2, frames: 1e12, framesPerBeat: 9_600, parts: one) == code)
        #expect(rig.render(2, frames: 10, framesPerBeat: .nan, parts: one) == code)
        #expect(rig.render(2, frames: 10, framesPerBeat: 9_600, parts: []) == code)
        let part = RenderPartAsk(take: 1, mode: 3)
        #expect(rig.render(2, frames: 10, framesPerBeat: 9_600, parts: [part]) == code)
        let loud = RenderPartAsk(take: 1, gain: .infinity)
        #expect(rig.render(2, frames: 10, framesPerBeat: 9_600, parts: [loud]) == code)
    }

    @Test("its parts are never evicted while it waits")
    func holdsParts() throws {
        let pool = LoopPool(byteLimit: 800)
        let noise = CodedNoise(seed: 1)
        func insert(_ number: UInt32) {
            let samples = UnsafeMutablePointer<Float>.allocate(capacity: 200)
            for index in 0..<200 { samples[index] = noise.sample(Int64(index), Int(number)) }
            pool.insert(
                id: CoreRig.take(number),
                audio: LoopAudio(samples: samples, frameCount: 100, preRoll: nil, preRollFrames: 0),
                framesPerBeat: 100)
        }
        insert(1)
        let handle = try #require(pool.acquire(CoreRig.take(1)))
        let worker = RenderWorker(pool: pool) { _, _ in }
        let part = LoopRender.Part(
            loop: handle.view(), mode: .repitch, startFrames: 0, gainLeft: 1, gainRight: 1)
        let render = LoopRender(
            parts: [part], frames: 100, framesPerBeat: 100, rateHz: 48_000)
        worker.add(
            RenderWorker.Job(id: CoreRig.take(2), render: render, held: [handle]),
            onThread: false)
        insert(3)
        insert(4)
        #expect(pool.contains(CoreRig.take(1)))
        worker.pump()
        #expect(pool.contains(CoreRig.take(2)))
        #expect(!pool.contains(CoreRig.take(1)))
    }

    @Test("on its own thread every job is done, whenever it comes, and stop ends it")
    func onThread() async throws {
        let pool = LoopPool(byteLimit: 1 << 20)
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: 200)
        samples.initialize(repeating: 0.5, count: 200)
        pool.insert(
            id: CoreRig.take(1),
            audio: LoopAudio(samples: samples, frameCount: 100, preRoll: nil, preRollFrames: 0),
            framesPerBeat: 100)
        let (done, continuation) = AsyncStream.makeStream(of: UInt32.self)
        let worker = RenderWorker(pool: pool) { id, _ in continuation.yield(id.w3) }
        var arrived = done.makeAsyncIterator()
        for number in UInt32(2)..<60 {
            let handle = try #require(pool.acquire(CoreRig.take(1)))
            let part = LoopRender.Part(
                loop: handle.view(), mode: .repitch, startFrames: 0, gainLeft: 1, gainRight: 1)
            let render = LoopRender(
                parts: [part], frames: 100, framesPerBeat: 100, rateHz: 48_000)
            worker.add(
                RenderWorker.Job(id: CoreRig.take(number), render: render, held: [handle]),
                onThread: true)
            #expect(await arrived.next() == number)
        }
        worker.stop()
    }
}
