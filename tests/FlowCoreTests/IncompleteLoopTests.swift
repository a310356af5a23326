import Testing

@testable import FlowCore

/// A seam that lacks what was played before the window: heard once, never kept for the whole sound.
@Suite("A loop that lacks some of its sound")
struct IncompleteLoopTests {
    @Test("is told from a whole one: without its rolls, or with some that are damaged")
    func file() throws {
        let (rig, request) = try DiskRig.withTake(600..<700)
        let loader = TakeLoader(files: rig.files)
        #expect(loader.load(request).audio?.isIncomplete == false)
        let without = TakeLoadRequest(
            id: request.id, fromFrame: 600, toFrame: 700, origin: TakeOrigin.file,
            path: request.path, rollsPath: "", preFrames: 0)
        #expect(loader.load(without).audio?.isIncomplete == true)
        rig.files.replace(request.rollsPath, with: [1, 2, 3])
        #expect(loader.load(request).audio?.isIncomplete == true)
    }

    @Test("the first frames of a run have nothing before them, and lack nothing")
    func spool() throws {
        let (rig, _) = try DiskRig.withTake(600..<700)
        let loader = TakeLoader(files: rig.files)
        for range in [UInt64(600)..<700, 0..<100] {
            let audio = try #require(loader.load(rig.request(.numbered(1), range)).audio)
            #expect(!audio.isIncomplete, "\(range)")
        }
    }

    @Test("gets no file, nor does what is rendered from it; the control: of a whole one both do")
    func unfiled() throws {
        for isIncomplete in [true, false] {
            let rig = try CoreRig.withLoop()
            let samples = UnsafeMutablePointer<Float>.allocate(capacity: 2 * 38_400)
            samples.initialize(repeating: 0.25, count: 2 * 38_400)
            let audio = LoopAudio(
                samples: samples, frameCount: 38_400, preRoll: nil, preRollFrames: 0)
            audio.isIncomplete = isIncomplete
            rig.engine.pool.insert(id: CoreRig.take(2), audio: audio, framesPerBeat: 9_600)
            let parts = [RenderPartAsk(take: 1), RenderPartAsk(take: 2)]
            #expect(rig.render(3, frames: 46_080, framesPerBeat: 11_520, parts: parts) == 0)
            #expect(rig.engine.step(frames: 64))
            let filer = LoopFiler(
                pool: rig.engine.pool, files: DiskFakeFiles(), rateHz: 48_000, reserveBytes: 0
            ) { _, _ in }
            let wanted = isIncomplete ? ErrorCode.takeUnreadable : 0
            for take: UInt32 in [2, 3] {
                #expect(filer.add(CoreRig.take(take), folder: "cache") == wanted)
            }
            #expect(filer.add(CoreRig.take(1), folder: "cache") == 0)
            filer.stop(deadlineMs: 60_000)
        }
    }

    @Test("only where its ends meet in a seam: what fades out or is whole already needs no more")
    func ends() {
        #expect(LoopEnds(0).meetInSeam && LoopEnds(TakeFlags.tailSeam).meetInSeam)
        #expect(!LoopEnds(TakeFlags.raw).meetInSeam && !LoopEnds(TakeFlags.seamless).meetInSeam)
    }
}
