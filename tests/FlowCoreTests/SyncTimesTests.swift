import Testing

@testable import FlowCore

/// A clock that goes on by what a sync shall take, each time it is looked at.
private final class StepClock: @unchecked Sendable {
    var stepNs: Int64 = 0
    private var ns: Int64 = 0

    func now() -> Int64 {
        ns += stepNs
        return ns
    }
}

@Suite("how long syncs take is counted")
struct SyncTimesTests {
    @Test("a time counts where it is not above the bound, the last place is for those above all")
    func bounds() {
        var times = SyncTimes(boundsSeconds: Limits.diskBoundsSeconds)
        for ms in [0, 1, 1.5, 30_000, 30_001] { times.add(ns: Int64(ms * 1e6)) }
        #expect(times.counts.first == 2)
        #expect(times.counts[1] == 1)
        #expect(times.counts.suffix(2) == [1, 1])
        #expect(times.counts.reduce(0, +) == 5)
        #expect(abs(times.seconds - 60.0035) < 1e-6)
    }

    @Test("there is a count for each bound, and one more, in the status too")
    func places() {
        #expect(
            SyncTimes(boundsSeconds: Limits.diskBoundsSeconds).counts.count
                == EngineStatus.syncCountsCount)
    }

    @Test("each sync of the recording is counted with its time, also one that fails")
    func spool() throws {
        let clock = StepClock()
        let rig = DiskRig(feed: DiskFakeFeed(), files: DiskFakeFiles(), clockNs: clock.now)
        try #require(rig.writer.recover(nowMs: rig.nowMs, index: rig.index))
        clock.stepNs = 2_000_000
        rig.play(500)
        #expect(rig.desk.counts().syncTimes.counts == counts(at: 1))
        rig.files.fault = { operation, _ in operation == .sync ? 5 : nil }
        clock.stepNs = 20_000_000_000
        rig.play(100, ms: 2000)
        #expect(rig.desk.counts().syncTimes.counts[11] == 1)
        #expect(rig.desk.counts().syncTimes.seconds == 20.002)
    }

    private func counts(at place: Int) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: EngineStatus.syncCountsCount)
        counts[place] = 1
        return counts
    }
}
