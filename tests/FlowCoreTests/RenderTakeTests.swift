import Testing

@testable import FlowCore

@Suite("Rendering a loop in the engine")
struct RenderTakeTests {
    @Test("is done by the next step, answered with the recipe's id, and plays bit for bit")
    func rendersAndPlays() throws {
        let rig = try CoreRig.withLoop()
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
        let rig = try CoreRig.withLoop()
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
        let rig = try CoreRig.withLoop()
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

    @Test("tells how much of it is done, then that it is done")
    func progress() throws {
        let rig = try CoreRig.withLoop()
        for (take, mode) in [(UInt32(2), RenderMode.repitch), (3, RenderMode.once)] {
            let part = RenderPartAsk(take: 1, mode: mode)
            #expect(
                rig.render(take, frames: 48_000, framesPerBeat: 12_000, parts: [part, part]) == 0)
        }
        rig.engine.renders.pump()
        rig.step(64)
        for number in UInt32(2)...3 {
            let told = rig.events.filter { $0.id == CoreRig.take(number) && $0.code != .captured }
            let shares = told.dropLast().map(\.value)
            #expect(told.dropLast().allSatisfy { $0.code == .rendering })
            #expect(told.last?.code == .takeLoaded)
            #expect(shares.first == 0)
            #expect(zip(shares, shares.dropFirst()).allSatisfy { $1 >= $0 + 0.05 })
            #expect((10...20).contains(shares.count), "\(shares)")
            #expect((0.85...1).contains(shares.last ?? 0))
        }
    }

    @Test(
        "without Rubber Band a stretch is answered with 2014, and a repitch is made",
        arguments: ["/no/such/place/librubberband.so", "libc.so.6"])
    func withoutStretcher(path: String) throws {
        let missing = StretchLibrary(path: path)
        #expect(!missing.isHere)
        let rig = try CoreRig.withLoop { $0.stretchLibrary = missing }
        for (take, mode) in [(UInt32(2), RenderMode.stretch), (3, RenderMode.repitch)] {
            let part = RenderPartAsk(take: 1, mode: mode)
            #expect(rig.render(take, frames: 48_000, framesPerBeat: 12_000, parts: [part]) == 0)
        }
        // At its own tempo nothing is stretched.
        let same = RenderPartAsk(take: 1, mode: RenderMode.stretch)
        #expect(rig.render(4, frames: 38_400, framesPerBeat: 9_600, parts: [same]) == 0)
        rig.engine.renders.pump()
        rig.step(64)
        #expect(rig.all(.takeLoaded).map(\.errorCode) == [ErrorCode.stretcherMissing, 0, 0])
        #expect(!rig.engine.pool.contains(CoreRig.take(2)))
    }

    @Test(
        "with Rubber Band the same stretch is made",
        .enabled(if: StretchLibrary.installed.isHere, "librubberband is not installed"))
    func withStretcher() throws {
        let rig = try CoreRig.withLoop()
        let part = RenderPartAsk(take: 1, mode: RenderMode.stretch)
        #expect(rig.render(2, frames: 48_000, framesPerBeat: 12_000, parts: [part]) == 0)
        rig.engine.renders.pump()
        rig.step(64)
        #expect(rig.all(.takeLoaded).map(\.errorCode) == [0])
        #expect((10...20).contains(rig.all(.rendering).count))
    }
}
