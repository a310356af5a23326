import Testing

@testable import FlowCore

/// A dying disk takes its time to make a segment, and syncs fail meanwhile.
@Suite("a sync that fails while a segment is made")
struct DiskSlowCreateTests {
    /// Of a segment that ends at frame 1000, 600 are durable; while the next one is made a sync comes.
    private func rig(isFailing: Bool) throws -> DiskRig {
        let rig = try DiskRig.started()
        rig.play(600)
        rig.feed.advance(400)
        rig.writer.step(nowMs: rig.nowMs)
        var isArmed = true
        rig.files.fault = { operation, _ in
            if operation == .create, isArmed {
                isArmed = false
                rig.sync.step(nowMs: rig.nowMs, isForced: true)
            }
            return operation == .sync && isFailing ? FileError.inputOutput : nil
        }
        rig.feed.advance(300)
        rig.writer.step(nowMs: rig.nowMs)
        rig.files.fault = { _, _ in nil }
        #expect(!isArmed)
        return rig
    }

    @Test("no frame is in no book, and all come into the files", arguments: [true, false])
    func distrusted(isFailing: Bool) throws {
        let rig = try rig(isFailing: isFailing)
        #expect(rig.isConserved)
        let counts = rig.desk.counts()
        #expect(counts.durable == (isFailing ? 600 : 1000))
        #expect(counts.written == (isFailing ? 0 : 300))
        for _ in 0..<4 {
            rig.play(0, ms: 1000)
            #expect(rig.isConserved)
            try expectDurableFramesSurvive(rig, "afterwards")
        }
        rig.finish()
        #expect(rig.desk.counts().durable == 1300)
        #expect(rig.desk.counts().gap == 0)
        #expect(try rig.firstWrongFrame(in: 0..<1300) == nil)
        try rig.expectWholeFiles()
    }

    @Test("a segment that was made while the folder changed is not taken: nobody syncs its name")
    func moved() throws {
        let rig = try DiskRig.started(hasSecond: true)
        rig.play(1000, ms: 1000)
        var isArmed = true
        rig.files.fault = { operation, path in
            if operation == .create, isArmed, path.hasSuffix("1000.wav") {
                isArmed = false
                rig.desk.locked { $0.failed(in: DiskRig.spool, nowMs: rig.nowMs) }
            }
            return nil
        }
        rig.feed.advance(300)
        rig.writer.step(nowMs: rig.nowMs)
        try #require(!isArmed)
        rig.files.fault = { _, _ in nil }
        for _ in 0..<6 {
            rig.play(10, ms: 1000)
            try expectDurableFramesSurvive(rig, "afterwards")
        }
        #expect(rig.desk.counts().durable == 1360 && rig.desk.counts().isSecond)
        #expect(try rig.firstWrongFrame(in: 0..<1360) == nil)
    }

    @Test("what does not come next is not booked, and no wrong move ends the engine")
    func noTrap() {
        var ledger = SpoolLedger(startFrame: 0)
        #expect(ledger.wrote(SpoolSpan(range: 0..<100, isSilence: false)) == true)
        #expect(ledger.wrote(SpoolSpan(range: 200..<300, isSilence: false)) == false)
        #expect(ledger.wrote(SpoolSpan(range: 50..<120, isSilence: false)) == false)
        #expect(ledger.isConserved(newest: 150))
        ledger.synced(to: 300)
        #expect(ledger.durableEnd == 100 && ledger.writtenFrames == 0)
        ledger.distrustUnsynced()
        ledger.distrust(from: 40)
        #expect(ledger.isConserved(newest: 150))
    }
}
