import Testing

@testable import FlowCore

@Suite("disk recovery")
struct DiskRecoveryTests {
    @Test("an engine that takes over goes on after the last frame that was synced")
    func adoption() throws {
        let first = try DiskRig.started()
        first.play(700)
        first.play(650)
        #expect(first.desk.counts().durable == 700)

        let second = try first.adopted()
        let counts = second.desk.counts()
        #expect(counts.durable == 700)
        #expect(counts.framesIn == 1350)
        for _ in 0..<10 {
            second.play(100)
            #expect(second.isConserved)
        }
        second.finish()
        #expect(try second.firstWrongFrame(in: 0..<2350) == nil)
        #expect(second.gapReports == [])
        try second.expectWholeFiles()
    }

    @Test("what the ring lost while no engine ran is declared")
    func longDeath() throws {
        let first = try DiskRig.started()
        first.play(700)
        first.feed.advance(9300)
        let second = try first.adopted()
        second.play(100)
        second.play(100, ms: 1000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.gapReports == [700..<6100])
        #expect(try second.firstWrongFrame(in: 0..<10_200) == nil)
    }

    @Test("gaps declared before a crash stay declared, and each engine tells them once")
    func oldGaps() throws {
        let first = try DiskRig.started()
        first.play(300)
        first.feed.advance(9000)
        first.play(0)
        first.play(100, ms: 1000)
        first.play(0, ms: 1000)
        #expect(first.gapReports == [300..<5300])
        let second = try first.adopted()
        second.play(100, ms: 1000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.desk.counts().gap == 5000)
        #expect(second.gapReports == [])
        // The store may not have them: the first engine told it after they were in the index.
        #expect(second.gapReports(areOld: true) == [300..<5300])
        let third = try second.adopted()
        #expect(third.gapReports(areOld: true) == [])
        third.desk.sendReports()
        #expect(third.gapReports(areOld: true) == [300..<5300])
        #expect(try second.firstWrongFrame(in: 0..<9500) == nil)
    }

    @Test(
        "a segment cut anywhere is mended: whole frames, right header, nothing lost that memory has",
        arguments: [true, false])
    func everyTruncation(isInMemory: Bool) throws {
        let lengths = Array(0...130) + stride(from: 131, through: 58 + 8 * 650, by: 61)
        for length in lengths {
            let first = try DiskRig.started()
            first.play(1000)
            first.play(400, ms: 1000)
            first.play(250)
            let path = first.layout.path(ofSegmentAt: 1000)
            let bytes = try #require(first.files.bytes(path))
            first.files.replace(path, with: Array(bytes[..<length]))
            if !isInMemory { first.feed.advance(first.feed.ringFrames) }
            let second = try first.adopted()
            let frames = length < 58 ? 0 : min(400, UInt64(length - 58) / 8)
            #expect(second.desk.counts().durable == 1000 + frames, "cut at byte \(length)")
            second.play(100)
            second.finish()
            let end = second.feed.newest
            #expect(try second.firstWrongFrame(in: 0..<end) == nil, "cut at byte \(length)")
            let gap = isInMemory ? 0 : 750 - frames
            #expect(second.desk.counts().gap == gap, "cut at byte \(length)")
            try second.expectWholeFiles()
        }
    }

    @Test("an old segment that became shorter is a declared gap, not an error")
    func shortenedOldSegment() throws {
        let first = try DiskRig.started()
        for _ in 0..<7 { first.play(500, ms: 700) }
        let path = first.layout.path(ofSegmentAt: 1000)
        let bytes = try #require(first.files.bytes(path))
        first.files.replace(path, with: Array(bytes[..<(58 + 8 * 400 + 3)]))
        first.feed.advance(3500)
        let second = try first.adopted()
        second.play(100, ms: 2000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.gapReports == [1400..<2000])
        #expect(second.desk.counts().gap == 600)
    }

    @Test(
        "a segment that went for its age is no gap; one that is just gone is",
        arguments: [true, false])
    func forgotten(isNoted: Bool) throws {
        let first = try DiskRig.started()
        for _ in 0..<7 { first.play(500, ms: 700) }
        for frame: UInt64 in [0, 2000] {
            try first.files.remove(first.layout.path(ofSegmentAt: frame))
        }
        if isNoted {
            let lines = [0, 2000].map { "{\"first\":\($0),\"frames\":1000,\"crc\":0}\n" }.joined()
            let note = try first.files.create(
                joinPath(first.layout.folder, SpoolLayout.forgottenName))
            try note.writeAll(Array(lines.utf8), at: 0)
        }
        first.feed.advance(3500)
        let second = try first.adopted()
        second.play(100, ms: 2000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.gapReports == (isNoted ? [] : [2000..<3000]))
    }

    @Test("a spool that cannot be read now is tried again, and the ring keeps its frames")
    func unreadable() throws {
        let first = try DiskRig.started()
        first.play(700)
        first.files.fault = { operation, _ in operation == .list ? FileError.inputOutput : nil }
        first.feed.diskCursor = first.feed.cursorTold
        let second = DiskRig(feed: first.feed, files: first.files)
        #expect(!second.writer.recover(nowMs: 0, index: second.index))
        second.play(100)
        #expect(second.isConserved)
        #expect(second.desk.counts().queued == 100)
        first.files.fault = { _, _ in nil }
        #expect(second.writer.recover(nowMs: 600, index: second.index))
        second.play(100)
        second.finish()
        #expect(try second.firstWrongFrame(in: 0..<900) == nil)
    }

    @Test("a line torn by a kill costs no line after it")
    func tornIndex() throws {
        let first = try DiskRig.started()
        for _ in 0..<4 { first.play(400, ms: 1000) }
        let bytes = try #require(first.files.bytes(first.layout.indexPath))
        first.files.replace(first.layout.indexPath, with: bytes + Array("{\"first\":77".utf8))
        let second = try first.adopted()
        for _ in 0..<4 { second.play(400, ms: 1000) }
        second.finish()
        try second.expectWholeFiles()
    }

    @Test("engines that are killed at random moments lose nothing", arguments: 1...10)
    func kills(seed: Int) throws {
        var random = DiskSeed(UInt64(seed))
        var rig = try DiskRig.started()
        for _ in 0..<15 {
            for _ in 0..<random.below(12) {
                rig.feed.advance(random.below(300))
                rig.nowMs += random.below(500)
                if random.below(3) > 0 { rig.writer.step(nowMs: rig.nowMs) }
                if random.below(3) > 0 { rig.sync.step(nowMs: rig.nowMs) }
                #expect(rig.isConserved, "seed \(seed)")
            }
            rig.feed.advance(random.below(500))
            rig = try rig.adopted()
        }
        rig.play(100)
        rig.finish()
        #expect(rig.isConserved, "seed \(seed)")
        #expect(rig.desk.counts().gap == 0, "seed \(seed)")
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil, "seed \(seed)")
        try rig.expectWholeFiles()
    }
}
