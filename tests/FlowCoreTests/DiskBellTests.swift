import Testing

@testable import FlowCore

/// The bell wakes all five threads, also the one that rings it: who rings at every step never rests.
@Suite("disk threads rest while they wait")
struct DiskBellTests {
    @Test("the sync thread sleeps while the files of an engine before are being read")
    func syncBeforeRecovery() {
        let rig = DiskRig(feed: DiskFakeFeed(), files: DiskFakeFiles())
        rig.sync.step(nowMs: rig.nowMs)
        #expect(rig.sync.sleepMs(nowMs: rig.nowMs) == Limits.spoolSyncMs)
    }

    @Test("the write thread rings once for a take that waits for its sync")
    func writeRingsOnce() throws {
        let rig = try DiskRig.started()
        rig.keep(1, 0..<1000)
        rig.feed.advance(2000)
        let before = rig.desk.monitor.ringCount
        rig.writer.step(nowMs: rig.nowMs)
        #expect(rig.desk.monitor.ringCount == before + 1)
        rig.writer.step(nowMs: rig.nowMs)
        #expect(rig.desk.monitor.ringCount == before + 1)
        rig.sync.step(nowMs: rig.nowMs)
        #expect(rig.spooled == [.numbered(1)])
        rig.keep(2, 2000..<3000)
        rig.feed.advance(1500)
        let between = rig.desk.monitor.ringCount
        rig.writer.step(nowMs: rig.nowMs)
        rig.writer.step(nowMs: rig.nowMs)
        #expect(rig.desk.monitor.ringCount == between + 1)
    }

    @Test("the write thread rests longer while no take waits for its last frames")
    func writeRests() throws {
        let rig = try DiskRig.started()
        rig.feed.advance(500)
        rig.writer.step(nowMs: rig.nowMs)
        #expect(rig.writer.restMs == Limits.spoolRestMs)
        rig.keep(1, 0..<1000)
        rig.writer.step(nowMs: rig.nowMs)
        #expect(rig.writer.restMs == Limits.spoolWriteMs)
        rig.feed.advance(500)
        rig.writer.step(nowMs: rig.nowMs)
        rig.sync.step(nowMs: rig.nowMs)
        #expect(rig.spooled == [.numbered(1)])
        #expect(rig.writer.restMs == Limits.spoolRestMs)
    }

    @Test("what a power cut takes is no older than a second")
    func powerCut() {
        #expect(Limits.spoolSyncMs + Limits.spoolRestMs <= 750)
    }

    @Test("the first sound of a life is synced once written, later sound by the interval")
    func firstSync() throws {
        let rig = try DiskRig.started()
        rig.sync.step(nowMs: rig.nowMs)
        #expect(rig.sync.sleepMs(nowMs: rig.nowMs) == Limits.spoolRestMs)
        rig.feed.advance(500)
        rig.writer.step(nowMs: rig.nowMs)
        rig.nowMs += UInt64(Limits.spoolRestMs)
        rig.sync.step(nowMs: rig.nowMs)
        #expect(rig.desk.locked { $0.ledger.durableEnd } == 500)
        rig.nowMs += 1
        rig.sync.step(nowMs: rig.nowMs + UInt64(Limits.spoolRestMs))
        #expect(rig.sync.sleepMs(nowMs: rig.nowMs) > Limits.spoolRestMs)
    }

    @Test("the drain rings once for a take that memory alone holds")
    func drainRingsOnce() throws {
        let rig = try DiskRig.started()
        rig.files.fault = { operation, _ in operation == .create ? 5 : nil }
        rig.keep(1, 1000..<2000)
        rig.feed.advance(4500)
        rig.drain.step(nowMs: rig.nowMs)
        rig.feed.advance(2000)
        let before = rig.desk.monitor.ringCount
        for _ in 0..<3 { rig.drain.step(nowMs: rig.nowMs) }
        #expect(rig.desk.locked { $0.hasRescuedTake })
        #expect(rig.desk.monitor.ringCount == before + 1)
    }
}
