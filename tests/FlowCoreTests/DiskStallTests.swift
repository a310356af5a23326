import Testing

@testable import FlowCore

/// The five threads against a disk that hangs, as a frozen one does: calls do not return.
@Suite("disk stalls", .serialized)
struct DiskStallTests {
    @Test("while a sync hangs, writing goes on and nothing is called durable")
    func hangingSync() throws {
        let stall = try Stall()
        stall.feed.advance(10_000)
        stall.files.close([.sync])
        try stall.service.start()
        stall.files.waitForHanging(.sync)
        stall.feed.advance(50_000)
        let counts = stall.wait { $0.written == 60_000 }
        #expect(counts.durable == 0 && counts.queued == 0 && counts.gap == 0)
        stall.files.open()
        #expect(stall.wait { $0.durable == 60_000 }.written == 0)
        stall.service.stop(deadlineMs: 20_000)
    }

    @Test("while a write hangs, the books stay right and a kept take is saved from memory")
    func hangingWrite() throws {
        let stall = try Stall()
        stall.feed.advance(10_000)
        try stall.service.start()
        _ = stall.wait { $0.durable == 10_000 }
        stall.files.close([.write])
        stall.feed.advance(100)
        stall.files.waitForHanging(.write)
        stall.feed.advance(50_000)
        let id = TakeID.numbered(1)
        stall.service.keep(
            TakeWindow(
                id: id, fromFrame: 20_000, toFrame: 50_000, barFrames: 100, sourceIndex: 0))
        // The ring comes near: the drain takes the window into memory; then it comes round.
        stall.feed.advance(stall.feed.ringFrames - 40_100)
        _ = stall.wait { _ in stall.service.pinnedTakeCount == 1 }
        stall.feed.advance(stall.feed.ringFrames)
        let hanging = stall.service.counts()
        #expect(hanging.gap > 0 && stall.isConserved(hanging))
        stall.files.open()
        try stall.listener.takeSpooled(id)
        let made = try stall.listener.takeFile(id, .window)
        let loaded = TakeLoader(files: PosixFileSystem()).load(
            TakeLoadRequest(
                id: id, fromFrame: 20_000, toFrame: 50_000, origin: TakeOrigin.file,
                path: stall.folder.audio + "/\(made.sha.hex).wav", rollsPath: "", preFrames: 0))
        let audio = try #require(loaded.audio)
        #expect(audio.samples[1] == DiskFakeFeed.sample(20_000, 1))
        #expect(audio.samples[2 * 29_999] == DiskFakeFeed.sample(49_999, 0))
        stall.service.stop(deadlineMs: 20_000)
        let counts = stall.service.counts()
        #expect(stall.isConserved(counts) && counts.queued == 0)
    }

    @Test("stop comes back at its deadline although the disk hangs")
    func stopWhileHanging() throws {
        let stall = try Stall()
        stall.feed.advance(10_000)
        stall.files.close([.write, .sync, .create])
        try stall.service.start()
        stall.files.waitForHanging(.create)
        let before = monotonicMs()
        stall.service.stop(deadlineMs: 50)
        let took = monotonicMs() - before
        #expect((50..<5000).contains(took), "\(took) ms")
        #expect(stall.service.counts().queued == 10_000)
        // The threads are let go, so that they end with the test.
        stall.files.open()
        stall.service.stop(deadlineMs: 20_000)
        #expect(stall.service.counts().durable == 10_000)
    }

    @Test("what a full disk does not take at the end waits in the ring, or is declared lost")
    func stopWhileFull() throws {
        for isRingKept in [true, false] {
            let stall = try Stall()
            stall.feed.advance(10_000)
            try stall.service.start()
            _ = stall.wait { $0.durable == 10_000 }
            stall.files.fill()
            stall.feed.advance(20_000)
            let isDone = stall.service.stop(deadlineMs: 20_000, isRingKept: isRingKept)
            #expect(isDone == !isRingKept)
            let counts = stall.service.counts()
            #expect(counts.queued == (isRingKept ? 20_000 : 0))
            #expect(counts.gap == (isRingKept ? 0 : 20_000))
            #expect(stall.listener.gaps == (isRingKept ? [] : [10_000..<30_000]))
        }
    }

    @Test("stop writes and syncs what is owed, to the last frame")
    func stop() throws {
        for _ in 0..<10 {
            let stall = try Stall()
            stall.feed.advance(10_000)
            try stall.service.start()
            stall.feed.advance(12_345)
            stall.service.stop(deadlineMs: 20_000)
            #expect(stall.service.counts().durable == 22_345)
        }
    }
}

/// A service on a real folder behind a gate.
private final class Stall: @unchecked Sendable {
    let folder: DiskFolder
    let files = DiskGateFiles()
    let feed = DiskFakeFeed(ringFrames: 200_000)
    let listener = DiskListener()
    let service: DiskService

    init() throws {
        let folder = try DiskFolder()
        self.folder = folder
        let listener = listener
        service = DiskService(
            feed: feed, layout: SpoolLayout(folder: folder.spool, feed: feed),
            audioFolder: folder.audio, files: files, sizes: DiskRig.sizes(),
            report: { listener.post($0) })
    }

    func isConserved(_ counts: DiskCounts) -> Bool {
        counts.framesIn == counts.durable + counts.written + counts.queued + counts.gap
    }

    /// Looks at the counts until they are as wanted; fails the test after a minute.
    func wait(_ isWanted: (DiskCounts) -> Bool) -> DiskCounts {
        let clock = DiskMonitor()
        let deadline = monotonicMs() + 60_000
        while true {
            let counts = service.counts()
            #expect(isConserved(counts))
            if isWanted(counts) { return counts }
            if monotonicMs() > deadline {
                Issue.record("never as wanted: \(counts)")
                return counts
            }
            clock.wait(after: clock.ringCount, timeoutMs: 5)
        }
    }
}
