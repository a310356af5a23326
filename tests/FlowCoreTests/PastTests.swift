import Foundation
import Testing

@testable import FlowCore

@Suite("The past as a loop", .serialized)
struct PastTests {
    @Test("kept out of the ring it is, bit for bit and seam and all, what a capture had made")
    func likeACapture() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(200_000)
        rig.capture(0, bars: 2, take: 1)
        rig.step(4_000)
        let take = try #require(rig.all(.captured).first)
        #expect(rig.keep(2, Double(take.fromFrame), Double(take.toFrame)) == 0)
        #expect(rig.keep(3, Double(take.fromFrame - 1), Double(take.toFrame - 1)) == 0)
        rig.step(64)
        #expect(rig.all(.takeLoaded).map(\.errorCode) == [0, 0])
        #expect(try difference(rig, 1, 2) == 0)
        // The judge can fail: a window that begins one frame earlier.
        #expect(try difference(rig, 1, 3) > 70_000)
    }

    @Test("a bar of long ago plays in phase, as the bar it was")
    func playsInPhase() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(400_000)
        // Bars of 38,400 frames: the fourth, long before a press could reach it with one bar.
        let (from, to) = (Int64(3 * 38_400), Int64(4 * 38_400))
        #expect(rig.keep(1, Double(from), Double(to)) == 0)
        rig.send(Ask(code: .slotSet, slot: 2, a: 12, b: 4, id: CoreRig.take(1)))
        rig.step(100_000)
        var take = CoreEvent(.captured)
        (take.fromFrame, take.toFrame, take.originBeat) = (from, to, 12)
        let heard = CaptureTests.wrongFrames(rig, take, from: 401_000, to: rig.frame)
        #expect(heard == 0)
        take.fromFrame += 1
        #expect(CaptureTests.wrongFrames(rig, take, from: 401_000, to: rig.frame) > 0)
    }

    @Test("what the ring has lost, and what is still ahead, is refused with what is left")
    func notKept() throws {
        let rig = try CoreRig { configuration in
            configuration.bpm = 300
            configuration.ringSecondsMax = 4
        }
        rig.step(400_000)
        let oldest = Int64(rig.engine.store.oldestFrame())
        #expect(oldest > 100_000)
        #expect(rig.keep(1, Double(oldest - 1_000), Double(oldest + 500)) == 0)
        #expect(rig.keep(2, 399_000, 401_000) == 0)
        #expect(rig.keep(3, 0, 1_000) == 0)
        rig.step(64)
        let answers = rig.all(.takeLoaded)
        #expect(answers.map(\.errorCode) == Array(repeating: ErrorCode.rangeNotKept, count: 3))
        #expect(answers.map(\.id) == (UInt32(1)...3).map(CoreRig.take))
        #expect(answers.map(\.fromFrame) == [oldest, 399_000, 0])
        #expect(answers.map(\.toFrame) == [oldest + 500, 400_000, 0])
        #expect(!rig.engine.pool.contains(CoreRig.take(1)))
    }

    @Test("the spool of this run is asked by its name too, the ring first; another is another run")
    func ownSpool() throws {
        let rig = try CoreRig { configuration in
            configuration.bpm = 300
            configuration.spoolPath = "/no/such/run"
        }
        rig.step(100_000)
        #expect(rig.keep(1, 90_000, 100_000, spool: "/no/such/run") == 0)
        #expect(rig.keep(2, 90_000, 100_000, spool: "/no/such/other") == 0)
        rig.step(64)
        #expect(rig.all(.takeLoaded).map(\.errorCode) == [0, ErrorCode.rangeNotKept])
    }

    @Test("frames that no engine heard are not kept, those on both sides of the hole are")
    func engineRestart() throws {
        let change: (inout EngineConfiguration) -> Void = { configuration in
            configuration.bpm = 300
            configuration.ringSecondsMax = 10
            configuration.runId = [1, 2, 3, 4]
            configuration.ringName = CoreRig.ringName("past")
            configuration.flags |= ConfigFlags.adoptRing
        }
        let dead = try CoreRig(change)
        defer { dead.engine.store.unlink() }
        dead.step(100_000)
        let next = try CoreRig(change)
        try #require(next.firstFrame > dead.frame)
        next.step(50_000)
        let (end, first) = (Double(dead.frame), Double(next.firstFrame))
        #expect(next.keep(1, end - 500, first + 800) == 0)
        #expect(next.keep(2, end - 500, end) == 0)
        #expect(next.keep(3, first, first + 800) == 0)
        next.step(64)
        let answers = next.all(.takeLoaded)
        #expect(answers.map(\.errorCode) == [ErrorCode.rangeNotKept, 0, 0])
        #expect(answers.first?.fromFrame == next.firstFrame)
        #expect(answers.first?.toFrame == next.firstFrame + 800)
    }

    @Test("records out of bounds are refused")
    func refuses() throws {
        let rig = try CoreRig { $0.bpm = 300 }
        rig.step(10_000)
        let code = ErrorCode.commandBounds
        #expect(rig.keep(0, 0, 1_000) == code)
        #expect(rig.keep(1, 1_000, 1_000) == code)
        #expect(rig.keep(1, -1, 1_000) == code)
        #expect(rig.keep(1, .nan, 1_000) == code)
        #expect(rig.keep(1, 0, 1e15) == code)
        #expect(rig.keep(1, 0, 1_000, framesPerBeat: 0) == code)
        #expect(rig.keep(1, 0, 1_000, source: 1) == code)
        #expect(rig.all(.takeLoaded).isEmpty)
    }

    @Test("on real threads: loaded, called spooled, given files; what is too old comes from disk")
    func onDisk() throws {
        let folder = try DiskFolder()
        let listener = DiskListener()
        let feed = DiskFakeFeed(ringFrames: 40_000)
        let service = DiskService(
            feed: feed, spoolFolder: folder.spool, audioFolder: folder.audio,
            report: listener.post)
        try service.start()
        let clock = DiskMonitor()
        for _ in 0..<10 {
            feed.advance(20_000)
            let deadline = monotonicMs() + 60_000
            while service.counts().queued > 0, monotonicMs() < deadline {
                clock.wait(after: clock.ringCount, timeoutMs: 5)
            }
            try #require(service.counts().gap == 0 && service.counts().queued == 0)
        }
        let (id, range) = (TakeID.numbered(1), UInt64(10_000)..<UInt64(54_100))
        service.keepPast(
            TakeWindow(
                id: id, fromFrame: range.lowerBound, toFrame: range.upperBound, barFrames: 5_000,
                sourceIndex: 0))
        let loaded = try listener.takeLoaded(id)
        #expect(loaded.code == 0)
        #expect(PastReaderTests.wrongFrames(try #require(loaded.audio), range) == 0)
        try listener.takeSpooled(id)
        let window = try listener.takeFile(id, .window)
        let rolls = try listener.takeFile(id, .rolls)
        #expect(rolls.preRollFrames == 5_000)
        let file = TakeLoader(files: PosixFileSystem()).load(
            TakeLoadRequest(
                id: id, fromFrame: range.lowerBound, toFrame: range.upperBound,
                origin: TakeOrigin.file, path: folder.audio + "/\(window.sha.hex).wav",
                rollsPath: folder.audio + "/\(rolls.sha.hex).wav", preFrames: 5_000))
        #expect(PastReaderTests.wrongFrames(try #require(file.audio), range) == 0)
        service.stop(deadlineMs: 20_000)
    }

    /// Samples in which two loops of the same length differ.
    private func difference(_ rig: CoreRig, _ one: UInt32, _ other: UInt32) throws -> Int {
        let loops = try [one, other].map { number in
            let handle = try #require(rig.engine.pool.acquire(CoreRig.take(number)))
            defer { rig.engine.pool.release(handle) }
            return handle.view()
        }
        #expect(loops[0].frames == loops[1].frames)
        return (0..<2 * loops[0].frames).count { loops[0].samples[$0] != loops[1].samples[$0] }
    }
}

extension CoreRig {
    /// Asks for frames of the past as take number `take`; 0 = no id.
    func keep(
        _ take: UInt32, _ from: Double, _ to: Double, framesPerBeat: Double = 9_600,
        source: UInt32 = 0, spool: String = ""
    ) -> UInt32 {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: TakeRange.byteCount, alignment: 8)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: TakeRange.byteCount)
        defer { bytes.deallocate() }
        let range = TakeRange(base: bytes)
        if take > 0 { CoreRig.take(take).write(to: range.id) }
        range.fromFrame = from
        range.toFrame = to
        range.framesPerBeat = framesPerBeat
        range.barFrames = 4 * framesPerBeat
        range.sampleRateHz = UInt32(engine.settings.rateHz)
        range.sourceIndex = source
        for (at, byte) in spool.utf8.enumerated() { range.spoolPath[at] = byte }
        return engine.keep(range)
    }
}
