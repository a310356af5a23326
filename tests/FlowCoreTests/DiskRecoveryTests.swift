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

        let second = try adopted(from: first)
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
        try expectWholeFiles(second)
    }

    @Test("what the ring lost while no engine ran is declared")
    func longDeath() throws {
        let first = try DiskRig.started()
        first.play(700)
        first.feed.advance(9300)
        let second = try adopted(from: first)
        second.play(100)
        second.play(100, ms: 1000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.gapReports == [700..<6100])
        #expect(try second.firstWrongFrame(in: 0..<10_200) == nil)
    }

    @Test("gaps declared before a crash stay declared, and are told once")
    func oldGaps() throws {
        let first = try DiskRig.started()
        first.play(300)
        first.feed.advance(9000)
        first.play(0)
        first.play(100, ms: 1000)
        first.play(0, ms: 1000)
        #expect(first.gapReports == [300..<5300])
        let second = try adopted(from: first)
        second.play(100, ms: 1000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.desk.counts().gap == 5000)
        #expect(second.gapReports == [])
        #expect(try second.firstWrongFrame(in: 0..<9500) == nil)
    }

    @Test(
        "a segment cut anywhere is mended: whole frames, right header, no frame lost that was there",
        arguments: [true, false])
    func everyTruncation(isInMemory: Bool) throws {
        let channelCount = 2
        let lengths = Array(0...130) + stride(from: 131, through: 58 + 8 * 650, by: 61)
        for length in lengths {
            let first = try DiskRig.started(feed: DiskFakeFeed(channelCount: channelCount))
            first.play(1000)
            first.play(650)
            let path = first.layout.path(ofSegmentAt: 1000)
            let bytes = try #require(first.files.bytes(path))
            first.files.replace(path, with: Array(bytes[..<length]))
            if !isInMemory { first.feed.advance(first.feed.ringFrames) }
            let second = try adopted(from: first)
            let frames = isInMemory || length < 58 ? 0 : UInt64(length - 58) / 8
            #expect(second.desk.counts().durable == 1000 + frames, "cut at byte \(length)")
            try expectDurableFramesSurvive(second, "cut at byte \(length)")
            second.play(100)
            second.finish()
            let end = second.feed.newest
            #expect(try second.firstWrongFrame(in: 0..<end) == nil, "cut at byte \(length)")
            #expect(isInMemory == (second.desk.counts().gap == 0), "cut at byte \(length)")
            try expectWholeFiles(second)
        }
    }

    @Test("an old segment that became shorter is a declared gap, not an error")
    func shortenedOldSegment() throws {
        let first = try DiskRig.started()
        for _ in 0..<7 { first.play(500, ms: 600) }
        let path = first.layout.path(ofSegmentAt: 1000)
        let bytes = try #require(first.files.bytes(path))
        first.files.replace(path, with: Array(bytes[..<(58 + 8 * 400 + 3)]))
        let second = try adopted(from: first)
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
        for _ in 0..<7 { first.play(500, ms: 600) }
        for frame: UInt64 in [0, 2000] {
            try first.files.remove(first.layout.path(ofSegmentAt: frame))
        }
        if isNoted {
            let lines = [0, 2000].map { "{\"first\":\($0),\"frames\":1000,\"crc\":0}\n" }.joined()
            let note = try first.files.create(
                joinPath(first.layout.folder, SpoolLayout.forgottenName))
            try note.writeAll(Array(lines.utf8), at: 0)
        }
        let second = try adopted(from: first)
        second.play(100, ms: 2000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.gapReports == (isNoted ? [] : [2000..<3000]))
    }

    @Test(
        "what a failed sync may have lost comes from memory, else from the file unless the index knows of it",
        arguments: [0, 3900, 4000, 9000] as [UInt64], [true, false])
    func failedSync(framesInDeath: UInt64, isIndexed: Bool) throws {
        let first = try DiskRig.started()
        first.play(700)
        let index = first.layout.indexPath
        first.files.fault = { operation, path in
            operation == .sync || !isIndexed && path == index ? FileError.inputOutput : nil
        }
        first.play(650, ms: 1000)
        first.feed.advance(framesInDeath)
        first.files.fault = { _, _ in nil }
        let second = try adopted(from: first)
        for _ in 0..<5 {
            try expectDurableFramesSurvive(second, "\(second.feed.newest)")
            second.play(50, ms: 1000)
        }
        second.finish()
        try expectDurableFramesSurvive(second, "at the end")
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
        // Memory has the newest 4000 when the next 50 are there.
        let oldest = 1350 + framesInDeath + 50 - min(4000, 1350 + framesInDeath + 50)
        let kept: UInt64 = isIndexed ? 700 : 1350
        #expect(second.desk.counts().gap == oldest - min(kept, oldest))
        try expectWholeFiles(second)
    }

    @Test("sound that is copied and cannot be synced is not believed")
    func unsyncable() throws {
        let first = try DiskRig.started()
        first.play(700)
        first.play(650)
        first.feed.advance(first.feed.ringFrames)
        first.files.fault = { operation, path in
            operation == .sync && path.hasSuffix("copy.tmp") ? FileError.inputOutput : nil
        }
        let second = try adopted(from: first)
        #expect(second.desk.counts().durable == 700)
        second.play(50, ms: 2000)
        second.finish()
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
        #expect(second.desk.counts().gap == 700)
        try expectDurableFramesSurvive(second, "after adoption")
    }

    @Test("what is kept of an old segment is proven: rot in it is found", arguments: [true, false])
    func proven(isInMemory: Bool) throws {
        let first = try DiskRig.started()
        first.play(300)
        first.play(400, ms: 2000)
        first.play(250)
        // The engine dies before what it has synced is proven.
        try first.files.remove(SegmentProof.path(ofSegmentAt: first.layout.path(ofSegmentAt: 0)))
        if !isInMemory { first.feed.advance(first.feed.ringFrames) }
        let second = try adopted(from: first)
        for (segment, frame): (UInt64, Int) in isInMemory ? [(0, 600)] : [(0, 600), (700, 200)] {
            let path = second.layout.path(ofSegmentAt: segment)
            var bytes = try #require(second.files.bytes(path))
            bytes[58 + 8 * frame] ^= 1
            second.files.replace(path, with: bytes)
            let reader = try SpoolReader(files: second.files, folder: second.layout.folder)
            let sound = StereoFrames(frameCount: 10)
            let at = segment + UInt64(frame)
            #expect(throws: FileError.self) {
                try reader.read(at..<at + 10, source: 0, into: sound.samples)
            }
        }
    }

    @Test("rot from before a crash is still found after it, and accuses nothing else")
    func rotStaysProven() throws {
        let first = try DiskRig.started()
        first.play(300)
        first.play(400, ms: 2000)
        first.play(250, ms: 2000)
        let path = first.layout.path(ofSegmentAt: 0)
        var bytes = try #require(first.files.bytes(path))
        bytes[58 + 8 * 350] ^= 1
        first.files.replace(path, with: bytes)
        let proof = SegmentProof.path(ofSegmentAt: path)
        let points = try #require(first.files.bytes(proof))
        #expect(points.count == 3 * SegmentProof.pointBytes)
        first.files.replace(proof, with: Array(points.dropLast(SegmentProof.pointBytes)))
        let second = try adopted(from: first)
        let reader = try SpoolReader(files: second.files, folder: second.layout.folder)
        let sound = StereoFrames(frameCount: 250)
        try reader.read(0..<250, source: 0, into: sound.samples)
        try reader.read(700..<950, source: 0, into: sound.samples)
        #expect(throws: FileError.self) {
            try reader.read(340..<360, source: 0, into: sound.samples)
        }
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
        let second = try adopted(from: first)
        for _ in 0..<4 { second.play(400, ms: 1000) }
        second.finish()
        try expectWholeFiles(second)
    }

    @Test("sound from beyond the ring's time is kept apart, not deleted and not played")
    func orphan() throws {
        let first = try DiskRig.started()
        for _ in 0..<3 { first.play(700) }
        let earlier = DiskFakeFeed()
        earlier.advance(1500)
        let second = DiskRig(feed: earlier, files: first.files)
        try #require(second.writer.recover(nowMs: 0, index: second.index))
        for _ in 0..<3 { second.play(300) }
        second.finish()
        #expect(second.isConserved)
        #expect(second.files.bytes(second.layout.path(ofSegmentAt: 2000) + ".orphan") != nil)
        #expect(try second.firstWrongFrame(in: 0..<2400) == nil)
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
            rig = try adopted(from: rig)
        }
        rig.play(100)
        rig.finish()
        #expect(rig.isConserved, "seed \(seed)")
        #expect(rig.desk.counts().gap == 0, "seed \(seed)")
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil, "seed \(seed)")
        try expectWholeFiles(rig)
    }

    private func adopted(from rig: DiskRig) throws -> DiskRig {
        rig.feed.diskCursor = rig.feed.cursorTold
        rig.feed.firstFrame = rig.feed.newest
        let second = DiskRig(feed: rig.feed, files: rig.files)
        second.nowMs = rig.nowMs
        try #require(second.writer.recover(nowMs: rig.nowMs, index: second.index))
        return second
    }

    /// Every segment's header, length, checksum and index line agree.
    private func expectWholeFiles(_ rig: DiskRig) throws {
        var lines: [UInt64: (frames: UInt64, crc: UInt32)] = [:]
        for case .segment(let first, let frames, let crc) in SpoolIndex.lines(
            files: rig.files, path: rig.layout.indexPath)
        {
            lines[first] = (frames, crc)
        }
        for name in try rig.files.names(in: DiskRig.spool) {
            guard let first = SegmentName.firstFrame(of: name) else { continue }
            let bytes = try #require(rig.files.bytes(rig.layout.path(ofSegmentAt: first)))
            let header = try #require(bytes.withUnsafeBytes { WavHeader($0) })
            #expect(bytes.count == 58 + 8 * Int(header.frameCount), "\(name)")
            var crc = Crc32()
            bytes[58...].withUnsafeBytes { crc.add($0) }
            #expect(lines[first]?.frames == header.frameCount, "\(name)")
            #expect(lines[first]?.crc == crc.value, "\(name)")
        }
    }
}
