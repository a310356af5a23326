import Testing

@testable import FlowCore

/// The first disk dies, the second takes over and dies too; then one comes back, and later the other.
@Suite("both folders dead")
struct DiskBothDeadTests {
    /// Nothing works there any more, reading neither; the takes' own files lie with the first.
    private func kill(
        _ rig: DiskRig, first: Bool, second: Bool, code: Int32 = FileError.inputOutput
    ) {
        rig.files.fault = { _, path in
            let isDead = path.hasPrefix(DiskRig.second) ? second : first
            return isDead ? code : nil
        }
    }

    /// The books are looked at after every step.
    private func play(_ rig: DiskRig, steps: Int, frames: UInt64, ms: UInt64 = 100) {
        for _ in 0..<steps {
            rig.play(frames, ms: ms)
            #expect(rig.isConserved)
        }
    }

    /// A run that goes on in the second folder; its last sync there is anywhere in its segments.
    private func onSecond(
        turns: Int, unsyncedFrames: UInt64, code: Int32 = FileError.inputOutput
    ) throws -> DiskRig {
        let rig = try DiskRig.started(hasSecond: true)
        play(rig, steps: 1, frames: 700)
        play(rig, steps: 1, frames: 100, ms: 1000)
        play(rig, steps: 2, frames: unsyncedFrames / 2, ms: 10)
        kill(rig, first: true, second: false, code: code)
        spoilUnsynced(rig)
        play(rig, steps: 10, frames: 150, ms: 200)
        play(rig, steps: turns, frames: 90, ms: 70)
        return rig
    }

    /// Such a run whose second folder holds a take that has no file of its own, and then dies as well; another
    /// take ends while both are dead.
    private func bothDead(
        turns: Int, unsyncedFrames: UInt64 = 120, take: Range<UInt64> = 900..<1400,
        code: Int32 = FileError.inputOutput
    ) throws -> DiskRig {
        let rig = try onSecond(turns: turns, unsyncedFrames: unsyncedFrames, code: code)
        rig.keep(1, take)
        play(rig, steps: 1, frames: 10)
        #expect(rig.spooled == [.numbered(1)] && rig.takeFile(1, .window) == nil)
        kill(rig, first: true, second: true, code: code)
        spoilUnsynced(rig)
        let now = rig.feed.newest
        rig.keep(2, now - 300..<now + 200)
        play(rig, steps: 60, frames: 200)
        #expect(rig.states == [.critical] && rig.desk.counts().gap > 0)
        return rig
    }

    /// What was never synced is anything by now.
    private func spoilUnsynced(_ rig: DiskRig) {
        for segment in rig.desk.locked({ $0.unsyncedSegments }) {
            guard let bytes = rig.files.bytes(segment.path) else { continue }
            let start = min(bytes.count, WavHeader.byteCount + 8 * Int(segment.durableCount))
            let spoiled = [UInt8](repeating: 9, count: bytes.count - start)
            rig.files.replace(segment.path, with: Array(bytes[..<start]) + spoiled)
        }
    }

    private func hasRightFile(_ rig: DiskRig, _ number: UInt32) throws -> Bool {
        let id = TakeID.numbered(number)
        let range = try #require(rig.windows[id])
        guard let request = rig.fileRequest(id, range) else { return false }
        let (code, audio) = TakeLoader(files: rig.files).load(request)
        return code == 0 && rig.isRight(audio, range)
    }

    @Test(
        "whichever comes back first goes on by itself; the gap is declared to the frame, nothing saved is lost",
        arguments: [FileError.inputOutput, FileError.missing], [true, false])
    func comesBack(code: Int32, isSecondFirst: Bool) throws {
        for turns in 0..<12 { try comesBack(turns: turns, code: code, isSecondFirst) }
    }

    private func comesBack(turns: Int, code: Int32, _ isSecondFirst: Bool) throws {
        let rig = try bothDead(turns: turns, code: code)
        kill(rig, first: isSecondFirst, second: !isSecondFirst, code: code)
        play(rig, steps: 120, frames: 20)
        #expect(rig.states == [.critical, .ok])
        #expect(rig.desk.counts().isSecond == isSecondFirst)
        let gap = rig.desk.counts().gap
        // The other one is there again, and nobody needs it.
        kill(rig, first: false, second: false)
        play(rig, steps: 400, frames: 20)
        #expect(rig.desk.counts().isSecond == isSecondFirst)
        rig.finish()
        #expect(rig.states == [.critical, .ok] && rig.isConserved)
        #expect(rig.desk.counts().gap == gap && rig.gapReports.count == 1)
        #expect(rig.gapReports.reduce(0) { $0 + UInt64($1.count) } == gap)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        #expect(rig.lost == [])
        #expect(try hasRightFile(rig, 1) && hasRightFile(rig, 2))
        let feed = DiskFakeFeed()
        feed.advance(rig.feed.newest)
        feed.diskCursor = rig.desk.locked { $0.ledger.durableEnd }
        let next = DiskRig(feed: feed, files: rig.files.afterPowerCut(), hasSecond: true)
        try #require(next.writer.recover(nowMs: 0, index: next.index))
        play(next, steps: 1, frames: 20)
        #expect(next.gapReports(areOld: true) == rig.gapReports)
        #expect(try next.firstWrongFrame(in: 0..<feed.newest) == nil)
    }

    @Test(
        "while the second is away, what the first never synced is not taken for a take's sound",
        arguments: Array(0..<12), [120: 810..<910, 300: 1010..<1090] as [UInt64: Range<UInt64>])
    func staleFirst(turns: Int, stale: (frames: UInt64, take: Range<UInt64>)) throws {
        let rig = try bothDead(
            turns: turns, unsyncedFrames: stale.frames, take: stale.take)
        kill(rig, first: false, second: true)
        play(rig, steps: 120, frames: 20)
        #expect(rig.takeFile(1, .window) == nil && rig.lost == [])
        kill(rig, first: false, second: false)
        play(rig, steps: 400, frames: 20)
        #expect(try hasRightFile(rig, 1) && hasRightFile(rig, 2))
        rig.finish()
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test(
        "an engine that begins while the second is away does not believe what the first never synced",
        arguments: [120, 300] as [UInt64], [FileError.inputOutput, FileError.missing])
    func nextEngine(unsyncedFrames: UInt64, code: Int32) throws {
        let rig = try onSecond(turns: 40, unsyncedFrames: unsyncedFrames)
        spoilUnsynced(rig)
        let feed = DiskFakeFeed()
        feed.advance(rig.feed.newest)
        feed.diskCursor = rig.desk.locked { $0.ledger.durableEnd }
        let next = DiskRig(feed: feed, files: rig.files.afterKill(), hasSecond: true)
        kill(next, first: false, second: true, code: code)
        try #require(next.recover(at: next.nowMs))
        let durableEnd = next.desk.locked { $0.ledger.durableEnd }
        #expect(durableEnd == 800)
        play(next, steps: 40, frames: 50)
        next.finish()
        let gap = durableEnd..<rig.feed.newest + 50 - feed.ringFrames
        #expect(next.gapReports == [gap])
        #expect(try next.firstWrongFrame(in: 0..<feed.newest) == nil)
        kill(next, first: false, second: false)
        try expectAllPlayed(next)
        let third = DiskRig(feed: feed, files: next.files, hasSecond: true)
        feed.diskCursor = feed.cursorTold
        try #require(third.writer.recover(nowMs: next.nowMs, index: third.index))
        try expectAllPlayed(third)
        #expect(third.desk.counts().durable == third.feed.newest - UInt64(gap.count))
    }

    @Test(
        "a sync that fails amid the silence of a gap hides nothing of what lies in the second folder"
    )
    func failedSilence() throws {
        let rig = try onSecond(turns: 100, unsyncedFrames: 120)
        spoilUnsynced(rig)
        let feed = DiskFakeFeed()
        feed.advance(rig.feed.newest)
        feed.diskCursor = rig.desk.locked { $0.ledger.durableEnd }
        let next = DiskRig(feed: feed, files: rig.files.afterKill(), hasSecond: true)
        kill(next, first: false, second: true, code: FileError.missing)
        try #require(next.recover(at: next.nowMs))
        let isAway = next.files.fault
        var syncs = 0
        next.files.fault = { operation, path in
            guard operation == .sync, path.hasSuffix(".wav") else { return isAway(operation, path) }
            syncs += 1
            return syncs == 3 ? FileError.inputOutput : nil
        }
        play(next, steps: 400, frames: 5)
        #expect(syncs > 3)
        next.finish()
        // What came while the disk was tried again is a gap of its own.
        let missed = try #require(next.gapReports.first)
        #expect(missed.lowerBound == 800 && missed.count > 2 * Int(next.layout.segmentFrames))
        kill(next, first: false, second: false)
        try expectAllPlayed(next, upTo: missed.upperBound)
    }

    /// The second folder is there again: what it holds of the gap is read too.
    private func expectAllPlayed(_ rig: DiskRig, upTo end: UInt64? = nil) throws {
        let reader = try SpoolReader(files: rig.files, folder: DiskRig.spool)
        let end = end ?? rig.feed.newest
        let sound = StereoFrames(frameCount: Int(end))
        try reader.read(0..<end, source: 0, into: sound.samples)
        let wrong = (0..<end).first { frame in
            sound.samples[2 * Int(frame)] != DiskFakeFeed.sample(frame, 0)
        }
        #expect(wrong == nil)
    }

    @Test(
        "engines that die while the second is away cost nothing that lies there",
        arguments: [1, 2, 5])
    func diesWhileAway(deaths: Int) throws {
        let rig = try onSecond(turns: 60, unsyncedFrames: 120)
        let saved = try provenBytes(rig)
        #expect(saved.count > 3)
        spoilUnsynced(rig)
        var next = rig
        for _ in 0..<deaths {
            let feed = DiskFakeFeed()
            feed.advance(rig.feed.newest)
            feed.diskCursor = next.feed.cursorTold
            next = DiskRig(feed: feed, files: rig.files, hasSecond: true)
            kill(next, first: false, second: true)
            try #require(next.recover(at: rig.nowMs))
            #expect(feed.cursorTold == 800)
            // It has not declared yet what it misses.
            feed.advance(1200)
            next.writer.step(nowMs: rig.nowMs)
        }
        let third = DiskRig(feed: next.feed, files: next.files, hasSecond: true)
        third.feed.diskCursor = third.feed.cursorTold
        kill(third, first: false, second: false)
        try #require(third.writer.recover(nowMs: next.nowMs, index: third.index))
        #expect(third.feed.cursorTold == rig.feed.cursorTold)
        play(third, steps: 20, frames: 50)
        third.finish()
        #expect(third.gapReports == [])
        for (path, bytes) in saved {
            let kept = third.files.bytes(path) ?? []
            #expect(kept.dropFirst(WavHeader.byteCount).starts(with: bytes), "\(path)")
        }
        #expect(try third.firstWrongFrame(in: 0..<third.feed.newest) == nil)
    }

    @Test(
        "what a dead second folder did not let go is not believed when it is back after two deaths")
    func notLetGo() throws {
        let rig = try onSecond(turns: 40, unsyncedFrames: 120)
        rig.feed.advance(300)
        rig.writer.step(nowMs: rig.nowMs)
        kill(rig, first: false, second: true)
        spoilUnsynced(rig)
        play(rig, steps: 30, frames: 20)
        #expect(!rig.desk.counts().isSecond)
        // The index is a help, not the truth.
        try rig.files.remove(rig.layout.indexPath)
        var next = rig
        for isAway in [true, false] {
            next.feed.diskCursor = next.feed.cursorTold
            next = DiskRig(feed: next.feed, files: rig.files, hasSecond: true)
            next.nowMs = rig.nowMs
            kill(next, first: false, second: isAway)
            try #require(next.recover(at: next.nowMs))
            next.feed.advance(50)
            next.writer.step(nowMs: next.nowMs)
        }
        play(next, steps: 30, frames: 50)
        next.finish()
        #expect(try next.firstWrongFrame(in: 0..<next.feed.newest) == nil)
    }

    @Test("an engine that goes over to a second folder that came back removes nothing there")
    func goesOverToReturned() throws {
        let rig = try onSecond(turns: 60, unsyncedFrames: 120)
        let saved = try provenBytes(rig)
        let feed = DiskFakeFeed()
        feed.advance(rig.feed.newest)
        feed.diskCursor = rig.feed.cursorTold
        let next = DiskRig(feed: feed, files: rig.files, hasSecond: true)
        kill(next, first: false, second: true)
        try #require(next.recover(at: rig.nowMs))
        kill(next, first: true, second: false)
        play(next, steps: 60, frames: 50)
        #expect(next.desk.counts().isSecond)
        for (path, bytes) in saved {
            let kept = rig.files.bytes(path) ?? []
            #expect(kept.dropFirst(WavHeader.byteCount).starts(with: bytes), "\(path)")
        }
    }

    /// The sound of each segment in the second folder, as far as it was synced; without the header.
    private func provenBytes(_ rig: DiskRig) throws -> [String: ArraySlice<UInt8>] {
        var proven: [String: ArraySlice<UInt8>] = [:]
        for name in try rig.files.names(in: DiskRig.second) where name.hasSuffix(".wav") {
            let path = joinPath(DiskRig.second, name)
            let last = SegmentProof(files: rig.files, ofSegmentAt: path).blocks.last
            guard let last, let bytes = rig.files.bytes(path) else { continue }
            proven[path] = bytes[WavHeader.byteCount..<58 + 8 * Int(last.frames.upperBound)]
        }
        return proven
    }
}
