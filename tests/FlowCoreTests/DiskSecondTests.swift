import Testing

@testable import FlowCore

/// A second folder, on another disk, for when the first one takes nothing.
@Suite("second folder")
struct DiskSecondTests {
    /// Every operation in the first folder fails, and of the second one too if that is said.
    private func breakDisk(
        _ rig: DiskRig, alsoSecond: Bool = false, code: Int32 = FileError.noSpace
    ) {
        rig.files.fault = { operation, path in
            if [.read, .open, .list, .length].contains(operation) { return nil }
            return path.hasPrefix(DiskRig.second) && !alsoSecond ? nil : code
        }
    }

    private func secondNews(_ rig: DiskRig) -> [Bool] {
        rig.reports.reduce(into: []) { list, report in
            if case .state(_, _, let isSecond) = report, isSecond != list.last ?? false {
                list.append(isSecond)
            }
        }
    }

    @Test(
        "when the first takes nothing the recording goes on in the second: no gap, no alarm, one notice",
        arguments: [FileError.noSpace, FileError.inputOutput])
    func goesOn(code: Int32) throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(700)
        rig.play(100, ms: 1000)
        breakDisk(rig, code: code)
        for _ in 0..<20 { rig.play(150, ms: 100) }
        rig.keep(1, 2000..<2500)
        for _ in 0..<20 { rig.play(100, ms: 100) }
        #expect(rig.states == [])
        #expect(secondNews(rig) == [true] && rig.desk.counts().isSecond)
        #expect(rig.spooled == [.numbered(1)])
        rig.finish()
        #expect(rig.isConserved && rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        let names = try rig.files.names(in: DiskRig.second)
        #expect(names.contains { SegmentName.firstFrame(of: $0) != nil })
    }

    @Test("nobody waits for the folder that was left")
    func leftAlone() throws {
        let rig = try DiskRig.started(hasSecond: true)
        for _ in 0..<3 { rig.play(100, ms: 1000) }
        rig.files.fault = { operation, path in
            operation == .sync && !path.hasPrefix(DiskRig.second) ? FileError.inputOutput : nil
        }
        for _ in 0..<3 { rig.play(100, ms: 1000) }
        try #require(rig.desk.counts().isSecond)
        var waits: [String] = []
        rig.files.fault = { operation, path in
            if [.sync, .syncFolder].contains(operation), !path.hasPrefix(DiskRig.second) {
                waits.append(path)
            }
            return nil
        }
        for _ in 0..<20 { rig.play(100, ms: 1000) }
        #expect(waits == [])
        #expect(rig.desk.counts().gap == 0 && rig.desk.counts().durable > 2000)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test("a second folder whose list fails for a moment is not called away")
    func listFailsOnce() throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(700, ms: 1000)
        breakDisk(rig)
        for _ in 0..<40 { rig.play(150, ms: 100) }
        try #require(rig.desk.counts().isSecond)
        rig.feed.diskCursor = rig.feed.cursorTold
        let next = DiskRig(feed: rig.feed, files: rig.files.afterKill(), hasSecond: true)
        var lists = 0
        next.files.fault = { operation, path in
            if operation == .list, path == DiskRig.second { lists += 1 }
            return operation == .list && path == DiskRig.second && lists == 1
                ? FileError.inputOutput : nil
        }
        #expect(!next.writer.recover(nowMs: 0, index: next.index))
        #expect(next.writer.recover(nowMs: 100, index: next.index))
        next.play(50, ms: 1000)
        next.finish()
        #expect(lists == 2 && next.desk.counts().gap == 0)
        #expect(try next.firstWrongFrame(in: 0..<next.feed.newest) == nil)
    }

    @Test("nobody is alarmed when a sync of the first is still to fail while it is already left")
    func leftMeanwhile() throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(700)
        rig.play(100, ms: 1000)
        // Written, and not synced yet.
        rig.play(50, ms: 1)
        let desk = rig.desk
        rig.files.fault = { operation, path in
            guard !path.hasPrefix(DiskRig.second) else { return nil }
            // What the write thread finds while this call lasts.
            if operation == .sync, desk.locked({ $0.places.folder }) == DiskRig.spool {
                desk.locked { $0.failed(in: DiskRig.spool, nowMs: 1_000) }
            }
            return [.write, .sync, .create].contains(operation) ? FileError.inputOutput : nil
        }
        rig.sync.step(nowMs: rig.nowMs, isForced: true)
        #expect(desk.locked { $0.places.folder } == DiskRig.second)
        for _ in 0..<20 { rig.play(150, ms: 100) }
        #expect(rig.states == [])
        #expect(secondNews(rig) == [true] && desk.counts().isSecond)
        rig.finish()
        #expect(rig.isConserved && desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test("negative control: without one the same is critical and costs a gap")
    func without() throws {
        let rig = try DiskRig.started()
        rig.play(700)
        breakDisk(rig)
        for _ in 0..<40 { rig.play(150, ms: 100) }
        #expect(rig.states.first == .critical)
        #expect(rig.desk.counts().gap > 0)
    }

    @Test("when the second fails too it is critical; the one that is well first goes on")
    func both() throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(700)
        breakDisk(rig)
        for _ in 0..<10 { rig.play(100, ms: 100) }
        breakDisk(rig, alsoSecond: true)
        for _ in 0..<60 { rig.play(200, ms: 100) }
        #expect(rig.states == [.critical] && rig.isConserved)
        rig.files.fault = { _, _ in nil }
        for _ in 0..<100 { rig.play(10, ms: 100) }
        rig.finish()
        #expect(rig.states == [.critical, .ok] && rig.isConserved)
        #expect(rig.gapReports.reduce(0) { $0 + UInt64($1.count) } == rig.desk.counts().gap)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test(
        "the next engine finds both folders, after a kill and after a power cut",
        arguments: [true, false])
    func recovered(isPowerCut: Bool) throws {
        let first = try DiskRig.started(hasSecond: true)
        first.play(700)
        first.play(100, ms: 1000)
        breakDisk(first)
        for _ in 0..<20 { first.play(150, ms: 100) }
        first.files.fault = { _, _ in nil }
        let durable = first.desk.locked { $0.ledger.durableEnd }
        #expect(durable > 3000)
        let files = isPowerCut ? first.files.afterPowerCut() : first.files.afterKill()
        let feed = DiskFakeFeed()
        feed.advance(first.feed.newest)
        feed.diskCursor = durable
        let next = DiskRig(feed: feed, files: files, hasSecond: true)
        try #require(next.writer.recover(nowMs: 0, index: next.index))
        #expect(next.desk.locked { $0.ledger.gaps } == [])
        for _ in 0..<10 { next.play(100, ms: 1000) }
        next.finish()
        #expect(next.isConserved && next.desk.counts().gap == 0)
        #expect(try next.firstWrongFrame(in: 0..<feed.newest) == nil)
    }

    /// Every operation in the second folder fails, reading too if that is said.
    private func breakSecond(_ rig: DiskRig, alsoReading: Bool) {
        rig.files.fault = { operation, path in
            let isReading = [.read, .open, .list, .length].contains(operation)
            let isDead = path.hasPrefix(DiskRig.second) && (alsoReading || !isReading)
            return isDead ? FileError.inputOutput : nil
        }
    }

    @Test(
        "when the second dies the first goes on, whatever stays behind, and nothing of that counts",
        arguments: Array(0..<16), [true, false])
    func back(turns: Int, isWrong: Bool) throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(700)
        breakDisk(rig)
        // Its last sync at any place in its segments.
        for _ in 0..<10 { rig.play(150, ms: 200) }
        for _ in 0..<turns { rig.play(150, ms: 70) }
        breakSecond(rig, alsoReading: true)
        for _ in 0..<30 { rig.play(90, ms: 100) }
        breakSecond(rig, alsoReading: false)
        #expect(rig.states == [] && !rig.desk.counts().isSecond && rig.isConserved)
        // What was never synced there is anything by now.
        if isWrong { spoilUnsynced(rig) }
        rig.finish()
        #expect(rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        rig.files.fault = { _, _ in nil }
        let feed = DiskFakeFeed()
        feed.advance(rig.feed.newest)
        feed.diskCursor = rig.desk.locked { $0.ledger.durableEnd }
        let next = DiskRig(feed: feed, files: rig.files.afterPowerCut(), hasSecond: true)
        try #require(next.writer.recover(nowMs: 0, index: next.index))
        #expect(try next.firstWrongFrame(in: 0..<feed.newest) == nil)
    }

    private func spoilUnsynced(_ rig: DiskRig) {
        for segment in rig.desk.locked({ $0.condemnedSegments }) {
            guard let bytes = rig.files.bytes(segment.path) else { continue }
            let start = min(bytes.count, 58 + 8 * Int(segment.durableCount))
            let spoiled = [UInt8](repeating: 9, count: bytes.count - start)
            rig.files.replace(segment.path, with: Array(bytes[..<start]) + spoiled)
        }
    }

    @Test("what the first folder does not let go is no sound of the run: the second one counts")
    func namesakes() throws {
        let rig = try DiskRig.started(hasSecond: true)
        // Written and never synced; nothing of it can be removed.
        let stale = rig.layout.path(ofSegmentAt: 0)
        rig.files.fault = { operation, path in
            let isBroken = operation == .sync && !path.hasPrefix(DiskRig.second)
            return isBroken || operation == .remove && path == stale ? FileError.inputOutput : nil
        }
        for _ in 0..<20 { rig.play(100, ms: 100) }
        let bytes = try #require(rig.files.bytes(stale))
        let header = Array(bytes.prefix(WavHeader.byteCount))
        rig.files.replace(
            stale, with: header + [UInt8](repeating: 9, count: bytes.count - header.count))
        rig.finish()
        #expect(rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }
}
