import Testing

@testable import FlowCore

/// After a sync that failed nothing in its file is believed.
@Suite("disk faults of syncs")
struct DiskSyncFaultTests {
    @Test("after one failed sync nothing on the bad file is ever called durable")
    func syncFailsOnce() throws {
        // Which sync fails: each of the first forty, in a run over several segments.
        for nth in 1...40 {
            let rig = try DiskRig.started()
            var syncs = 0
            rig.files.fault = { operation, _ in
                guard operation == .sync || operation == .syncFolder else { return nil }
                syncs += 1
                return syncs == nth ? FileError.inputOutput : nil
            }
            rig.keep(1, 1500..<2500)
            for _ in 0..<40 {
                rig.play(97, ms: 400)
                #expect(rig.isConserved)
                try expectDurableFramesSurvive(rig, "sync \(nth) failed")
            }
            rig.finish()
            #expect(rig.desk.counts().gap == 0)
            #expect(rig.spooled == [.numbered(1)])
            #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil, "sync \(nth)")
        }
    }

    @Test("a write under way while a sync fails is not counted: its file is not believed")
    func syncFailsDuringWrite() throws {
        let rig = try DiskRig.started()
        rig.play(300)
        rig.play(100)
        var isArmed = true
        rig.files.fault = { operation, _ in
            if operation == .sync { return FileError.inputOutput }
            if operation == .write, isArmed {
                isArmed = false
                rig.sync.step(nowMs: rig.nowMs, isForced: true)
            }
            return nil
        }
        rig.feed.advance(200)
        rig.writer.step(nowMs: rig.nowMs)
        rig.files.fault = { _, _ in nil }
        #expect(rig.isConserved)
        let counts = rig.desk.counts()
        #expect(counts.durable == 300 && counts.written == 0 && counts.queued == 300)
        rig.play(0, ms: 600)
        rig.play(0, ms: 1000)
        #expect(rig.desk.counts().durable == 600)
        try expectDurableFramesSurvive(rig, "afterwards")
        #expect(try rig.firstWrongFrame(in: 0..<600) == nil)
    }

    /// The disk works again: all is written, and there is this one gap.
    private func expectWell(_ rig: DiskRig, withGap gap: Range<UInt64>) throws {
        rig.files.fault = { _, _ in nil }
        for _ in 0..<6 { rig.play(100, ms: 1000) }
        rig.finish()
        #expect(rig.gapReports == [gap])
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test("silence of a gap that is written anew hides no sound behind it")
    func gapWrittenAnew() throws {
        let rig = try DiskRig.started()
        rig.play(700, ms: 1000)
        // The gap grows between the write of its silence and the sync.
        rig.feed.advance(1800)
        rig.desk.locked { $0.ledger.lose(upTo: 2500) }
        rig.writer.step(nowMs: rig.nowMs)
        rig.feed.advance(1000)
        rig.desk.locked { $0.ledger.lose(upTo: 2600) }
        rig.sync.step(nowMs: rig.nowMs, isForced: true)
        #expect(rig.desk.counts().durable == 700)
        rig.files.fault = { operation, _ in operation == .sync ? FileError.inputOutput : nil }
        rig.play(0, ms: 1000)
        try expectWell(rig, withGap: 700..<2600)
    }

    @Test("silence that is written anew again and again takes no more room")
    func silenceTakesNoMoreRoom() throws {
        let rig = try DiskRig.started()
        rig.play(700, ms: 1000)
        rig.feed.advance(4000)
        rig.desk.locked { $0.ledger.lose(upTo: 4600) }
        // What has sound behind the gap is never synced.
        rig.files.fault = { operation, path in
            let hasSound = path.hasSuffix("4000.wav") || path.hasSuffix("3700.wav")
            return operation == .sync && hasSound ? FileError.inputOutput : nil
        }
        for _ in 0..<40 { rig.play(1, ms: 1000) }
        #expect(rig.desk.counts().durable == 700)
        let names = try rig.files.names(in: DiskRig.spool).filter { $0.hasSuffix(".wav") }
        #expect(names.count <= 6, "\(names)")
        try expectWell(rig, withGap: 700..<4600)
    }

    @Test("negative control: trusting the second sync of a bad file would be noticed")
    func secondSync() throws {
        let files = DiskFakeFiles()
        try files.makeFolder("/a")
        let file = try files.create("/a/b")
        try files.syncFolder("/a")
        try file.writeAll([1, 2, 3], at: 0)
        files.fault = { operation, _ in operation == .sync ? FileError.inputOutput : nil }
        #expect(throws: FileError.self) { try file.sync() }
        files.fault = { _, _ in nil }
        try file.sync()
        #expect(files.afterPowerCut().bytes("/a/b") == [0, 0, 0])
    }

    @Test("what the ring lost between two failed syncs is a gap, not a lie")
    func syncFailsLong() throws {
        let rig = try DiskRig.started()
        rig.play(700)
        rig.files.fault = { operation, _ in
            operation == .sync ? FileError.inputOutput : nil
        }
        for _ in 0..<30 {
            rig.play(400, ms: 300)
            #expect(rig.isConserved)
        }
        rig.files.fault = { _, _ in nil }
        for _ in 0..<20 { rig.play(10, ms: 500) }
        rig.finish()
        try expectDurableFramesSurvive(rig, "at the end")
        let reported = rig.gapReports.reduce(0) { $0 + UInt64($1.count) }
        #expect(reported == rig.desk.counts().gap)
        #expect(reported > 7000)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
        #expect(rig.states.last == .ok)
    }
}

/// A frame that the ledger calls durable and a power cut now would take; the newest are looked at.
func firstFrameLostInPowerCut(_ rig: DiskRig) throws -> UInt64? {
    let end = rig.desk.locked { $0.ledger.durableEnd }
    let start = end - min(end, 3000)
    if end == start { return nil }
    let reader = try SpoolReader(files: rig.files.afterPowerCut(), folder: DiskRig.spool)
    let sound = StereoFrames(frameCount: Int(end - start))
    try reader.read(start..<end, source: 0, into: sound.samples)
    let gaps = rig.desk.locked { $0.ledger.gaps }
    return (start..<end).first { frame in
        let isLost = gaps.contains { $0.range.contains(frame) }
        let right = isLost ? 0 : DiskFakeFeed.sample(frame, 1)
        return sound.samples[2 * Int(frame - start) + 1] != right
    }
}

func expectDurableFramesSurvive(_ rig: DiskRig, _ comment: String) throws {
    let lost = try firstFrameLostInPowerCut(rig)
    #expect(lost == nil, "\(comment)")
}
