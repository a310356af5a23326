import Testing

@testable import FlowCore

/// What the files of an engine before do not give and the ring still has is written anew.
@Suite("disk recovery: what memory gives once more")
struct DiskRecoveryRingTests {
    @Test(
        "when no file is kept what memory has is written anew, and what it has not is a gap",
        arguments: [500, 3250, 7250] as [UInt64], [true, false])
    func nothingKept(frames: UInt64, isThere: Bool) throws {
        let rig = try DiskRig.played(frames)
        let second = rig.next()
        let left = try rig.files.names(in: DiskRig.spool).filter { $0.hasSuffix(".wav") }
            .map { joinPath(DiskRig.spool, $0) }
        if isThere {
            second.files.fault = { _, at in
                left.contains(at) ? FileError.inputOutput : nil
            }
        } else {
            for path in left { try rig.files.remove(path) }
        }
        let oldest = second.feed.oldestFrame()
        try second.recover()
        second.keep(1, oldest + 200..<oldest + 300)
        second.playOn()
        #expect(second.lost == [] && second.spooled == [.numbered(1)])
        // Memory goes on by 100 before it is written.
        let gap = (isThere ? 0 : oldest)..<oldest + 100
        #expect(second.gapReports == (oldest > 0 ? [gap] : []))
        #expect(try second.firstWrongFrame(in: gap.lowerBound..<second.feed.newest) == nil)
    }

    @Test(
        "a disk that fails once costs nothing and alarms nobody",
        arguments: [0, 1000, 3000] as [UInt64])
    func failsOnce(first: UInt64) throws {
        let rig = try DiskRig.played(7250 - first)
        let path = rig.layout.path(ofSegmentAt: first)
        let second = rig.next()
        second.files.fault = { operation, at in
            operation == .length && at == path ? FileError.inputOutput : nil
        }
        #expect(!second.writer.recover(nowMs: second.nowMs, index: second.index))
        second.files.fault = { _, _ in nil }
        second.nowMs += DiskHealth.retryMs
        try #require(second.writer.recover(nowMs: second.nowMs, index: second.index))
        second.playOn()
        #expect(second.states == [] && second.desk.counts().gap == 0)
        #expect(try second.firstWrongFrame(in: 0..<second.feed.newest) == nil)
    }

    @Test(
        "of a file that stays unreadable all is written anew that memory has",
        arguments: [0, 1000, 2000, 3000] as [UInt64], [3750, 4500, 5500, 6750] as [UInt64])
    func unreadableInRing(first: UInt64, frames: UInt64) throws {
        let rig = try DiskRig.played(frames)
        let path = rig.layout.path(ofSegmentAt: first)
        let second = rig.next()
        second.files.fault = { _, at in at == path ? FileError.inputOutput : nil }
        let oldest = second.feed.oldestFrame()
        try second.recover()
        second.playOn()
        // Memory goes on by 100 before it is written.
        let end = oldest < first + 1000 ? max(first, oldest > 0 ? oldest + 100 : 0) : first + 1000
        #expect(second.gapReports == (first < end ? [first..<end] : []))
        #expect(try second.firstWrongFrame(in: end..<second.feed.newest) == nil)
        #expect(try first == 0 || second.firstWrongFrame(in: 0..<first) == nil)
        let third = second.next()
        third.files.fault = { _, at in at == path ? FileError.inputOutput : nil }
        try third.recover()
        #expect(third.desk.counts().gap == second.desk.counts().gap)
        #expect(try third.firstWrongFrame(in: end..<third.feed.newest) == nil)
    }
}
