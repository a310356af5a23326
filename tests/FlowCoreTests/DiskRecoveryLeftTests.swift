import Testing

@testable import FlowCore

/// What an engine left behind and the next one cannot mend costs nothing but itself.
@Suite("disk recovery: what cannot be mended")
struct DiskRecoveryLeftTests {
    @Test(
        "the second disk is read-only by now: all is recovered and goes on in the first",
        arguments: Array(0..<16), [true, false])
    func readOnlySecond(turns: Int, isWrong: Bool) throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(700)
        rig.files.fault = { operation, path in
            let isReading = [.read, .open, .list, .length].contains(operation)
            return isReading || path.hasPrefix(DiskRig.second) ? nil : FileError.noSpace
        }
        for _ in 0..<10 { rig.play(150, ms: 200) }
        for _ in 0..<turns { rig.play(150, ms: 70) }
        rig.files.fault = { _, path in
            path.hasPrefix(DiskRig.second) ? FileError.inputOutput : nil
        }
        for _ in 0..<3 { rig.play(90, ms: 100) }
        let names = try rig.files.names(in: DiskRig.spool)
        #expect(!rig.desk.counts().isSecond && names.contains("second"))
        let second = rig.next(hasSecond: true)
        second.files.isReadOnly = { $0.hasPrefix(DiskRig.second) }
        if isWrong { spoilUnsynced(rig) }
        try second.recover()
        second.playOn()
        #expect(second.states == [])
        #expect(second.desk.counts().gap == 0)
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
        // What was left there does not count for the engine after it either.
        let third = second.next(hasSecond: true)
        try third.recover()
        #expect(third.desk.counts().gap == 0)
        #expect(try third.firstWrongFrame(in: 0..<third.feed.newest) == nil)
    }

    /// What was never synced in the second folder is anything by now.
    private func spoilUnsynced(_ rig: DiskRig) {
        for segment in rig.desk.locked({ $0.condemnedSegments }) {
            guard segment.folder == DiskRig.second, let bytes = rig.files.bytes(segment.path) else {
                continue
            }
            let start = min(bytes.count, 58 + 8 * Int(segment.durableCount))
            let spoiled = [UInt8](repeating: 9, count: bytes.count - start)
            rig.files.replace(segment.path, with: Array(bytes[..<start]) + spoiled)
        }
    }

    @Test("a bad sector behind what is proven is read by nobody, and all the rest is")
    func badSector() throws {
        let rig = try DiskRig.played(3250)
        let path = rig.layout.path(ofSegmentAt: 3000)
        let proof = SegmentProof.path(ofSegmentAt: path)
        try rig.files.remove(proof)
        let second = rig.next()
        second.files.fault = { operation, at in
            operation == .read && at == path ? FileError.inputOutput : nil
        }
        second.feed.advance(100)
        try #require(second.writer.recover(nowMs: second.nowMs, index: second.index))
        second.playOn()
        #expect(second.states == [])
        #expect(second.desk.counts().gap == 0)
        #expect(try second.firstWrongFrame(in: 0..<3000) == nil)
        #expect(try second.firstWrongFrame(in: 3250..<second.feed.newest) == nil)
    }

    @Test("of a segment that cannot be read what memory still has is written anew")
    func unreadableNewest() throws {
        let rig = try DiskRig.played(3250)
        let path = rig.layout.path(ofSegmentAt: 3000)
        let second = rig.next()
        second.files.fault = { _, at in at == path ? FileError.inputOutput : nil }
        try second.recover()
        #expect(second.desk.counts().durable == 3000)
        second.playOn()
        #expect(second.states == [])
        #expect(second.desk.counts().gap == 0)
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
        #expect(second.files.bytes(path) != nil)
    }

    @Test("an older one is a gap of its length, and nothing else is", arguments: [0, 1000, 2000])
    func unreadableOld(first: UInt64) throws {
        let rig = try DiskRig.played(7250)
        let path = rig.layout.path(ofSegmentAt: first)
        let second = rig.next()
        second.files.fault = { _, at in at == path ? FileError.inputOutput : nil }
        try second.recover()
        second.playOn()
        #expect(second.states == [])
        #expect(second.gapReports == [first..<first + 1000])
        for start in stride(from: UInt64(0), to: 7000, by: 1000) where start != first {
            #expect(try second.firstWrongFrame(in: start..<start + 1000) == nil)
        }
        #expect(try second.firstWrongFrame(in: 7000..<second.feed.newest) == nil)
    }

    @Test("too many open files say nothing about a segment: it is looked at again")
    func shortage() throws {
        let rig = try DiskRig.played(3250)
        let second = rig.next()
        let path = rig.layout.path(ofSegmentAt: 1000)
        second.files.fault = { operation, at in
            operation == .open && at == path ? FileError.noDescriptor : nil
        }
        #expect(!second.writer.recover(nowMs: second.nowMs, index: second.index))
        second.files.fault = { _, _ in nil }
        try #require(second.writer.recover(nowMs: second.nowMs, index: second.index))
        second.play(100)
        second.finish()
        #expect(second.desk.counts().gap == 0)
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
    }

    @Test("sound from beyond the ring's time that does not go is overruled when its time comes")
    func orphanStays() throws {
        let rig = try DiskRig.played(3250)
        let earlier = DiskFakeFeed()
        earlier.advance(1500)
        earlier.diskCursor = 1500
        let second = DiskRig(feed: earlier, files: rig.files)
        for first: UInt64 in [2000, 3000] {
            let path = rig.layout.path(ofSegmentAt: first)
            let bytes = try #require(rig.files.bytes(path))
            let wrong = [UInt8](repeating: 9, count: bytes.count - 58)
            rig.files.replace(path, with: Array(bytes[..<58]) + wrong)
        }
        second.files.fault = { operation, _ in
            operation == .rename ? FileError.inputOutput : nil
        }
        try second.recover()
        for _ in 0..<20 { second.play(130, ms: 100) }
        second.finish()
        #expect(second.isConserved && second.desk.counts().gap == 0)
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
    }

    @Test("a namesake that stayed does not count when the one that did is gone")
    func namesakeStays() throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(700)
        rig.play(300, ms: 1000)
        // Two of the frames behind it, neither synced: the later one counts, and nothing of it is kept.
        let names = [
            joinPath(DiskRig.second, SegmentName.make(firstFrame: 1000)),
            joinPath(DiskRig.spool, SegmentName.make(firstFrame: 1000, turn: 1)),
        ]
        try rig.files.makeFolder(DiskRig.second)
        for name in names {
            let file = try rig.files.create(name)
            try file.writeWavHeader(rig.layout.header(frameCount: 500))
            try file.writeAll([UInt8](repeating: 9, count: 4000), at: 58)
        }
        let second = rig.next(hasSecond: true)
        second.feed.advance(400)
        try #require(second.writer.recover(nowMs: second.nowMs, index: second.index))
        second.playOn()
        #expect(second.states == [])
        #expect(second.desk.counts().gap == 0)
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
    }
}
