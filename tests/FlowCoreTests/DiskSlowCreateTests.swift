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
