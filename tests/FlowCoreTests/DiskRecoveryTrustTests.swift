import Testing

@testable import FlowCore

/// What of the files that an engine left behind is believed by the next one.
@Suite("disk recovery: what is believed")
struct DiskRecoveryTrustTests {
    @Test(
        "what a failed sync may have lost comes from memory, or is a gap",
        arguments: [0, 3300, 3900, 9000] as [UInt64], [true, false])
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
        let second = try first.adopted()
        for _ in 0..<5 {
            try expectDurableFramesSurvive(second, "\(second.feed.newest)")
            second.play(50, ms: 1000)
        }
        second.finish()
        try expectDurableFramesSurvive(second, "at the end")
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
        // Memory has the newest 4000 when the next 50 are there.
        let oldest = 1350 + framesInDeath + 50 - min(4000, 1350 + framesInDeath + 50)
        #expect(second.desk.counts().gap == oldest - min(700, oldest))
        try second.expectWholeFiles()
    }

    @Test("the silence of a gap that was never declared is not taken for sound")
    func undeclaredSilence() throws {
        let first = try DiskRig.started()
        first.play(700)
        first.feed.advance(9000)
        first.writer.step(nowMs: first.nowMs)
        first.writer.step(nowMs: first.nowMs)
        #expect(first.gapReports == [] && first.desk.counts().written > 0)
        let second = try first.adopted()
        second.play(100, ms: 1000)
        second.finish()
        #expect(second.isConserved)
        #expect(second.gapReports == [700..<5800])
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
    }

    @Test(
        "of the silence of a gap all is believed or nothing, wherever the syncs stood",
        arguments: Array(1...12))
    func halfSilence(failing: Int) throws {
        let first = try DiskRig.started()
        first.play(700)
        first.feed.advance(9000)
        first.writer.step(nowMs: first.nowMs)
        var calls = 0
        first.files.fault = { operation, _ in
            guard [.sync, .write].contains(operation) else { return nil }
            calls += 1
            return calls == failing ? FileError.inputOutput : nil
        }
        first.nowMs += 1000
        first.sync.step(nowMs: first.nowMs)
        #expect(first.isConserved)
        first.files.fault = { _, _ in nil }
        let second = try first.adopted()
        second.play(100, ms: 1000)
        second.finish()
        #expect(second.isConserved)
        let told = FrameRanges.joined(first.gapReports + second.gapReports)
        #expect(told.count == 1 && told[0].lowerBound == 700 && told[0].upperBound <= 5800)
        let sound = StereoFrames(frameCount: Int(second.feed.newest))
        let reader = try SpoolReader(files: second.files, folder: second.layout.folder)
        try reader.read(0..<second.feed.newest, source: 0, into: sound.samples)
        for frame in 0..<second.feed.newest {
            let isLost = told.contains { $0.contains(frame) }
            let right = isLost ? 0 : DiskFakeFeed.sample(frame, 0)
            try #require(sound.samples[2 * Int(frame)] == right, "frame \(frame)")
        }
    }

    @Test("when the cut cannot be synced what was durable before is believed all the same")
    func unsyncable() throws {
        let first = try DiskRig.started()
        first.play(700)
        first.play(650)
        var syncs = 0
        first.files.fault = { operation, _ in
            guard operation == .sync else { return nil }
            syncs += 1
            return syncs == 1 ? FileError.inputOutput : nil
        }
        let second = try first.adopted()
        #expect(second.desk.counts().durable == 700)
        second.play(50)
        second.finish()
        #expect(try second.firstWrongFrame(in: 0..<1400) == nil)
        #expect(second.desk.counts().gap == 0)
        try expectDurableFramesSurvive(second, "after adoption")
    }

    @Test("what is kept of an old segment is proven: rot in it is found")
    func proven() throws {
        let first = try DiskRig.started()
        first.play(300)
        first.play(400, ms: 2000)
        first.play(250)
        let path = first.layout.path(ofSegmentAt: 0)
        // The engine dies before what it has synced is proven.
        try first.files.remove(SegmentProof.path(ofSegmentAt: path))
        let second = try first.adopted()
        var bytes = try #require(second.files.bytes(path))
        bytes[58 + 8 * 600] ^= 1
        second.files.replace(path, with: bytes)
        let reader = try SpoolReader(files: second.files, folder: second.layout.folder)
        let sound = StereoFrames(frameCount: 10)
        #expect(throws: FileError.self) {
            try reader.read(600..<610, source: 0, into: sound.samples)
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
        let second = try first.adopted()
        let reader = try SpoolReader(files: second.files, folder: second.layout.folder)
        let sound = StereoFrames(frameCount: 250)
        try reader.read(0..<250, source: 0, into: sound.samples)
        try reader.read(700..<950, source: 0, into: sound.samples)
        #expect(throws: FileError.self) {
            try reader.read(340..<360, source: 0, into: sound.samples)
        }
    }

    @Test("one digit of the index that has changed costs no sound and no gap")
    func rottenIndex() throws {
        let first = try DiskRig.started()
        for _ in 0..<4 { first.play(250, ms: 1000) }
        first.feed.advance(5000)
        for _ in 0..<8 { first.play(250, ms: 1000) }
        #expect(first.gapReports == [1000..<2250])
        let index = first.layout.indexPath
        let bytes = try #require(first.files.bytes(index))
        let sound = try (0...3).map { segment in
            try #require(first.files.bytes(first.layout.path(ofSegmentAt: 1000 * segment)))
        }
        for place in bytes.indices {
            for change: UInt8 in [1, 8] {
                var rotten = bytes
                rotten[place] ^= change
                first.files.replace(index, with: rotten)
                let next = try first.adopted()
                try #require(next.desk.locked { $0.ledger.gaps.map(\.range) } == [1000..<2250])
                for (segment, right) in sound.enumerated() {
                    let path = next.layout.path(ofSegmentAt: 1000 * UInt64(segment))
                    try #require(next.files.bytes(path) == right, "byte \(place) of the index")
                }
            }
        }
    }

    @Test(
        "what the index says of fewer frames counts when they are there", arguments: [true, false])
    func shorterByIndex(isRight: Bool) throws {
        let first = try DiskRig.started()
        for _ in 0..<8 { first.play(250, ms: 1000) }
        let path = first.layout.path(ofSegmentAt: 1000)
        let bytes = try #require(first.files.bytes(path))
        var crc = Crc32()
        bytes[58..<58 + 8 * 600].withUnsafeBytes { crc.add($0) }
        first.index.add(
            .segment(first: 1000, frames: 600, crc: isRight ? crc.value : ~crc.value))
        try first.index.write(in: first.layout.folder)
        let next = try first.adopted()
        #expect(next.desk.counts().durable == (isRight ? 1600 : 2000))
        #expect(next.files.bytes(path)?.count == 58 + 8 * (isRight ? 600 : 1000))
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
}
