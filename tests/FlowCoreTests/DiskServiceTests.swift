import Testing

@testable import FlowCore

/// The five threads on a real disk; everything else is tested without threads.
@Suite("disk service", .serialized)
struct DiskServiceTests {
    @Test("a kept take is spooled, gets both files, and is loaded again bit for bit")
    func life() throws {
        let folder = try DiskFolder()
        let listener = DiskListener()
        let feed = DiskFakeFeed(ringFrames: 400_000)
        let service = DiskService(
            feed: feed, spoolFolder: folder.spool, audioFolder: folder.audio,
            report: listener.post)
        feed.advance(90_000)
        try service.start()
        let id = TakeID.numbered(1)
        service.keep(
            TakeWindow(
                id: id, fromFrame: 40_000, toFrame: 84_100, barFrames: 22_050, sourceIndex: 0))
        try listener.takeSpooled(id)
        let window = try listener.takeFile(id, .window)
        #expect(window.preRollFrames == 0)

        service.stop(deadlineMs: 20_000)
        let rolls = try listener.takeFile(id, .rolls)
        #expect(rolls.preRollFrames == 22_050)
        let counts = service.counts()
        #expect(counts.durable == 90_000 && counts.framesIn == 90_000)

        let request = TakeLoadRequest(
            id: id, fromFrame: 40_000, toFrame: 84_100, origin: TakeOrigin.file,
            path: folder.audio + "/\(window.sha.hex).wav",
            rollsPath: folder.audio + "/\(rolls.sha.hex).wav", preFrames: rolls.preRollFrames)
        try expectAudio(TakeLoader(files: PosixFileSystem()).load(request))
        let judge = diskShell("echo '\(window.sha.hex)  \(request.path)' | sha256sum -c -")
        #expect(judge.code == 0, "\(judge.text)")
    }

    @Test("while a loaded take is made a loop of, others are told safe")
    func slowLoop() throws {
        let folder = try DiskFolder()
        let listener = DiskListener()
        let feed = DiskFakeFeed(ringFrames: 400_000)
        let making = DiskMonitor()
        let service = DiskService(
            feed: feed, spoolFolder: folder.spool, audioFolder: folder.audio
        ) { report in
            if case .takeLoaded = report {
                making.ring()
                let deadline = monotonicMs() + 5_000
                while !listener.hasSpooled(.numbered(2)), monotonicMs() < deadline {
                    making.wait(after: making.ringCount, timeoutMs: 5)
                }
            }
            listener.post(report)
        }
        feed.advance(90_000)
        try service.start()
        service.load(
            TakeLoadRequest(
                id: .numbered(1), fromFrame: 0, toFrame: 100, origin: TakeOrigin.spool,
                path: folder.spool, rollsPath: "", preFrames: 0))
        #expect(making.wait(after: 0, timeoutMs: 20_000))
        service.keep(
            TakeWindow(
                id: .numbered(2), fromFrame: 40_000, toFrame: 84_100, barFrames: 100,
                sourceIndex: 0))
        try listener.takeSpooled(.numbered(2))
        _ = try listener.takeLoaded(.numbered(1))
        let order = listener.all.compactMap { report -> TakeID? in
            switch report {
            case .takeSpooled(let id), .takeLoaded(let id, _, _): id
            default: nil
            }
        }
        #expect(order == [.numbered(2), .numbered(1)])
        service.stop(deadlineMs: 20_000)
    }

    @Test("a take that has no file yet is loaded from the spool")
    func fromSpool() throws {
        let folder = try DiskFolder()
        let listener = DiskListener()
        let feed = DiskFakeFeed(ringFrames: 400_000)
        let service = DiskService(
            feed: feed, spoolFolder: folder.spool, audioFolder: folder.audio,
            report: listener.post)
        feed.advance(90_000)
        try service.start()
        let id = TakeID.numbered(2)
        service.keep(
            TakeWindow(id: id, fromFrame: 40_000, toFrame: 84_100, barFrames: 100, sourceIndex: 0))
        try listener.takeSpooled(id)
        service.load(
            TakeLoadRequest(
                id: id, fromFrame: 40_000, toFrame: 84_100, origin: TakeOrigin.spool,
                path: folder.spool, rollsPath: "", preFrames: 0))
        try expectAudio(listener.takeLoaded(id))
        service.stop(deadlineMs: 20_000)
    }

    @Test("a folder that cannot be made is an error at start, with its reason")
    func noFolder() throws {
        let folder = try DiskFolder()
        let service = DiskService(
            feed: DiskFakeFeed(), spoolFolder: "/proc/nothing/spool", audioFolder: folder.audio,
            report: { _ in })
        #expect(throws: DiskError.self) { try service.start() }
    }

    private func expectAudio(_ loaded: (code: UInt32, audio: LoopAudio?)) throws {
        #expect(loaded.code == 0)
        let audio = try #require(loaded.audio)
        #expect(audio.frameCount == 44_100)
        #expect(audio.preRollFrames == 1102)
        let preRoll = try #require(audio.preRoll)
        for side in 0..<2 {
            let wrong = (0..<44_100).first {
                audio.samples[2 * $0 + side] != DiskFakeFeed.sample(40_000 + UInt64($0), side)
            }
            #expect(wrong == nil)
            let wrongBefore = (0..<1102).first {
                preRoll[2 * $0 + side] != DiskFakeFeed.sample(38_898 + UInt64($0), side)
            }
            #expect(wrongBefore == nil)
        }
    }
}
