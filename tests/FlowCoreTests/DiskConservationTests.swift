import Foundation
import Testing

@testable import FlowCore

@Suite("disk conservation")
struct DiskConservationTests {
    /// FZ_PROOF_ALL=1: what ten seeds do not meet, hundreds do.
    private static let seedCount =
        ProcessInfo.processInfo.environment["FZ_PROOF_ALL"] == "1" ? 1000 : 10

    @Test(
        "no frame is unaccounted for in random play with random faults",
        arguments: 1...DiskConservationTests.seedCount, [false, true])
    func randomSteps(seed: Int, hasSecond: Bool) throws {
        var random = DiskSeed(UInt64(seed))
        let rig = try DiskRig.started(hasSecond: hasSecond)
        let faults = DiskRandomFaults(seed: UInt64(seed))
        rig.files.fault = { operation, _ in faults.fault(operation) }
        rig.files.writeShare = { faults.share($0) }
        var takes: UInt32 = 0
        for turn in 0..<400 {
            faults.isOn = turn % 100 > 30
            rig.feed.advance(random.below(random.below(20) == 0 ? 6000 : 300))
            rig.nowMs += random.below(400)
            for _ in 0..<4 { step(rig, random.below(4)) }
            if random.below(20) == 0, rig.feed.newest > 2000 {
                takes += 1
                let end = rig.feed.newest - random.below(500) + random.below(800)
                rig.keep(takes, end - 200 - random.below(1500)..<end)
            }
            try #require(rig.isConserved, "seed \(seed), turn \(turn): \(rig.desk.counts())")
            if random.below(10) == 0 {
                try expectDurableFramesSurvive(rig, "seed \(seed), turn \(turn)")
                try expectSpooledTakesSurvive(rig, "seed \(seed), turn \(turn)")
            }
        }
        faults.isOn = false
        for _ in 0..<40 { rig.play(30, ms: 700) }
        rig.finish()
        try expectEverything(rig, "seed \(seed)")
    }

    @Test("negative control: a gap booked wrongly breaks the equation")
    func wrongBooking() {
        func ledger(gap: Range<UInt64>) -> SpoolLedger {
            SpoolLedger(startFrame: 0, durableEnd: 100, gaps: [gap], undeclared: [])
        }
        #expect(ledger(gap: 50..<100).isConserved(newest: 150))
        #expect(!ledger(gap: 50..<120).isConserved(newest: 150))
    }

    @Test("books that no longer add up are told, once until they do again")
    func audit() throws {
        let rig = try DiskRig.started()
        rig.play(100)
        let right = rig.desk.locked { $0.ledger }
        let wrong = SpoolLedger(startFrame: 0, durableEnd: 100, gaps: [50..<120], undeclared: [])
        for (ledger, isRight) in [(right, true), (wrong, false), (wrong, false), (right, true)] {
            rig.desk.locked { book in
                book.ledger = ledger
                #expect(book.audit(newest: 150) == isRight)
            }
        }
        rig.desk.sendReports()
        let told = rig.reports.filter { if case .unbalanced = $0 { true } else { false } }
        #expect(told.count == 1)
    }

    @Test("books that no longer add up are a notice to the player")
    func notice() throws {
        let rig = try CoreRig()
        rig.engine.handle(.unbalanced)
        rig.step(100)
        #expect(rig.all(.notice).map(\.errorCode) == [ErrorCode.booksDiffer])
    }

    @Test("negative control: without either sync the power cut takes what was called durable")
    func powerCutWithoutSync() throws {
        for isFolder in [false, true] {
            let rig = try DiskRig.started()
            rig.files.ignoresFileSync = !isFolder
            rig.files.ignoresFolderSync = isFolder
            for _ in 0..<5 { rig.play(300, ms: 1000) }
            #expect(rig.desk.counts().durable == 1500)
            // Lost altogether, or zeros: either is noticed.
            let lost = Result { try firstFrameLostInPowerCut(rig) }
            #expect((try? lost.get()) != .some(nil))
        }
    }

    @Test("a gap is counted once, however often its frames are queued again")
    func gapOnce() {
        var ledger = SpoolLedger(startFrame: 0)
        #expect(ledger.wrote(SpoolSpan(range: 0..<100, isSilence: false)) == true)
        ledger.synced(to: 100)
        ledger.lose(upTo: 150)
        #expect(ledger.wrote(SpoolSpan(range: 100..<150, isSilence: true)) == true)
        #expect(ledger.wrote(SpoolSpan(range: 150..<200, isSilence: false)) == true)
        #expect(ledger.takeEndedGaps(upTo: 200).map(\.range) == [100..<150])
        ledger.distrustUnsynced()
        #expect(ledger.gapFrames == 50)
        #expect(ledger.queuedFrames(newest: 200) == 50)
        ledger.lose(upTo: 170)
        #expect(ledger.gapFrames == 70)
        #expect(ledger.isConserved(newest: 200))
        #expect(
            ledger.nextSpan(newest: 200, soundMax: 500, silenceMax: 500)
                == SpoolSpan(range: 100..<150, isSilence: true))
        #expect(ledger.wrote(SpoolSpan(range: 100..<150, isSilence: true)) == true)
        #expect(ledger.wrote(SpoolSpan(range: 150..<170, isSilence: true)) == true)
        #expect(ledger.takeEndedGaps(upTo: 170).map(\.range) == [150..<170])
        #expect(ledger.isConserved(newest: 200))
    }

    @Test("frames held by a write under way are not lost to the ring")
    func held() {
        var ledger = SpoolLedger(startFrame: 0)
        let span = SpoolSpan(range: 0..<100, isSilence: false)
        ledger.hold(span)
        ledger.lose(upTo: 160)
        #expect(ledger.gapFrames == 60)
        #expect(ledger.wrote(span) == true)
        #expect(ledger.writtenFrames == 100)
        #expect(ledger.isConserved(newest: 300))
    }

    private func step(_ rig: DiskRig, _ which: UInt64) {
        switch which {
        case 0: rig.drain.step(nowMs: rig.nowMs)
        case 1: rig.writer.step(nowMs: rig.nowMs)
        case 2: rig.sync.step(nowMs: rig.nowMs)
        default: rig.keeper.step(nowMs: rig.nowMs)
        }
    }

    /// Each take the player was told is safe can be read after a power cut now.
    private func expectSpooledTakesSurvive(_ rig: DiskRig, _ comment: String) throws {
        let loader = TakeLoader(files: rig.files.afterPowerCut())
        for id in rig.spooled.suffix(3) {
            let range = try #require(rig.windows[id])
            var request = rig.request(id, range)
            var loaded = loader.load(request)
            if loaded.code != 0 || !rig.isRight(loaded.audio, range) {
                // One rescued from memory is in its own file alone.
                request = try #require(rig.fileRequest(id, range), "\(comment): take \(id)")
                loaded = loader.load(request)
            }
            #expect(loaded.code == 0 && rig.isRight(loaded.audio, range), "\(comment): take \(id)")
        }
    }

    private func expectEverything(_ rig: DiskRig, _ comment: String) throws {
        let counts = rig.desk.counts()
        #expect(rig.isConserved, "\(comment)")
        #expect(counts.queued == 0 && counts.written == 0, "\(comment): \(counts)")
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil, "\(comment)")
        let reported = rig.gapReports.sorted { $0.lowerBound < $1.lowerBound }
        #expect(reported == rig.desk.locked { $0.ledger.gaps.map(\.range) }, "\(comment)")
        #expect(reported.reduce(0) { $0 + UInt64($1.count) } == counts.gap, "\(comment)")
        #expect(rig.desk.locked { $0.keptTakes.isEmpty }, "\(comment)")
        for id in rig.spooled {
            let range = try #require(rig.windows[id])
            let request = try #require(rig.fileRequest(id, range), "\(comment): \(id) has no file")
            let loaded = TakeLoader(files: rig.files).load(request)
            #expect(rig.isRight(loaded.audio, range), "\(comment): \(id)")
        }
    }
}

/// Fails one operation in some, for a while, and cuts writes short.
final class DiskRandomFaults: @unchecked Sendable {
    var isOn = false
    private var random: DiskSeed

    init(seed: UInt64) { random = DiskSeed(seed ^ 0xD15C) }

    func fault(_ operation: FileOperation) -> Int32? {
        if !isOn { return nil }
        let (share, code): (UInt64, Int32) =
            switch operation {
            case .write: (12, random.below(2) == 0 ? FileError.noSpace : FileError.inputOutput)
            case .sync, .syncFolder: (8, FileError.inputOutput)
            case .list, .statistics, .length: (40, FileError.inputOutput)
            case .read: (60, FileError.interrupted)
            default: (10, FileError.noSpace)
            }
        return random.below(share) == 0 ? code : nil
    }

    func share(_ count: Int) -> Int {
        isOn && random.below(3) == 0 ? 1 + Int(random.below(UInt64(count))) : count
    }
}
