import Testing

@testable import FlowCore

@Suite("The worker that renders loops")
struct RenderWorkerTests {
    private func loop(_ frames: Int) -> LoopAudio {
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
        samples.initialize(repeating: 0.5, count: 2 * frames)
        return LoopAudio(samples: samples, frameCount: frames, preRoll: nil, preRollFrames: 0)
    }

    /// Take 1 once over as another take, holding what it is made of.
    private func job(
        _ take: UInt32, frames: Int = 100, of pool: LoopPool
    ) throws -> RenderWorker.Job {
        let handle = try #require(pool.acquire(CoreRig.take(1)))
        let part = LoopRender.Part(
            loop: handle.view(), mode: .repitch, startFrames: 0, gainLeft: 1, gainRight: 1)
        let render = LoopRender(
            parts: [part], frames: frames, framesPerBeat: 100, rateHz: 48_000)
        return RenderWorker.Job(id: CoreRig.take(take), render: render, held: [handle])
    }

    @Test("its parts are never evicted while it waits; its result stays for whoever asked")
    func holdsParts() throws {
        let pool = LoopPool(byteLimit: 800)
        pool.insert(id: CoreRig.take(1), audio: loop(100), framesPerBeat: 100)
        let worker = RenderWorker(pool: pool, byteLimit: 1 << 20) { _, _ in }
        let job = try job(2, of: pool)
        #expect(worker.add(job, onThread: false) == 0)
        pool.insert(id: CoreRig.take(3), audio: loop(100), framesPerBeat: 100)
        pool.insert(id: CoreRig.take(4), audio: loop(100), framesPerBeat: 100)
        #expect(pool.contains(CoreRig.take(1)))
        worker.pump()
        #expect((2...4).allSatisfy { pool.contains(CoreRig.take($0)) })
    }

    @Test("what is made and not played yet is bounded: one more is refused, and holds nothing")
    func bounded() throws {
        let pool = LoopPool(byteLimit: 1 << 20, keptNs: 1 << 40)
        pool.insertHeld(id: CoreRig.take(1), audio: loop(100), framesPerBeat: 100)
        let worker = RenderWorker(pool: pool, byteLimit: 2_400) { _, _ in }
        #expect(worker.add(try job(2, of: pool), onThread: false) == 0)
        #expect(worker.add(try job(3, frames: 201, of: pool), onThread: false) == 2016)
        #expect(worker.add(try job(3, frames: 100, of: pool), onThread: false) == 0)
        worker.pump()
        // Both wait to be played.
        #expect(worker.add(try job(4, frames: 101, of: pool), onThread: false) == 2016)
        let handle = try #require(pool.acquire(CoreRig.take(2)))
        #expect(worker.add(try job(4, frames: 101, of: pool), onThread: false) == 0)
        pool.release(handle)
        worker.stop()
        #expect(worker.add(try job(5, of: pool), onThread: true) == ErrorCode.busy)
    }

    @Test("on its own thread every job is done, whenever it comes, and stop ends it")
    func onThread() async throws {
        let pool = LoopPool(byteLimit: 1 << 20)
        pool.insert(id: CoreRig.take(1), audio: loop(100), framesPerBeat: 100)
        let (done, continuation) = AsyncStream.makeStream(of: UInt32.self)
        let worker = RenderWorker(pool: pool, byteLimit: 1 << 20) { id, news in
            if case .done = news { continuation.yield(id.w3) }
        }
        var arrived = done.makeAsyncIterator()
        for number in UInt32(2)..<60 {
            #expect(worker.add(try job(number, of: pool), onThread: true) == 0)
            #expect(await arrived.next() == number)
        }
        worker.stop()
    }
}
