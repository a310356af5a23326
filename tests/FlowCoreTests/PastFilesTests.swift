import Testing

@testable import FlowCore

/// The past without its spool: what the files of an older take still hold.
@Suite("the past, out of a take's files")
struct PastFilesTests {
    private static let window = UInt64(6_000)..<UInt64(8_000)
    private static let bar = 500
    /// What the take's files hold: a bar before it and one after.
    private static let held = UInt64(5_500)..<UInt64(8_500)

    /// A run of which the ring has lost a kept take; frame 20,000 is the newest.
    private func played() throws -> DiskRig {
        let rig = try DiskRig.started()
        for _ in 0..<20 { rig.play(400) }
        rig.keep(1, Self.window, bar: Self.bar)
        for _ in 0..<30 { rig.play(400) }
        try #require(rig.takeFile(1, .rolls)?.preRollFrames == Self.bar)
        return rig
    }

    private func files(_ rig: DiskRig) throws -> TakeFiles {
        let request = try #require(rig.fileRequest(.numbered(1), Self.window))
        return TakeFiles(
            window: Self.window, path: request.path, rollsPath: request.rollsPath,
            preFrames: request.preFrames)
    }

    private func wish(
        _ range: Range<UInt64>, _ files: TakeFiles?, folder: String = ""
    ) -> TakeWindow {
        TakeWindow(
            id: .numbered(2), fromFrame: range.lowerBound, toFrame: range.upperBound,
            barFrames: Self.bar, sourceIndex: 0, spoolFolder: folder, files: files)
    }

    private func read(_ rig: DiskRig, _ window: TakeWindow) -> PastReader.Answer {
        PastReader(files: rig.disk, folder: rig.layout.folder, feed: rig.feed, gaps: [])
            .read(window)
    }

    private func remove(_ rig: DiskRig, segments: [UInt64]) throws {
        for first in segments { try rig.files.remove(rig.layout.path(ofSegmentAt: first)) }
    }

    /// The answer's code of failure: how many samples are wrong, −1 = not kept.
    private func wrong(_ answer: PastReader.Answer, _ range: Range<UInt64>) -> Int {
        guard case .kept(let audio, _) = answer else { return -1 }
        return PastReaderTests.wrongFrames(audio, range)
    }

    @Test("every range the files hold is what was played, without any spool; no other is kept")
    func withoutSpool() throws {
        let rig = try played()
        let files = try files(rig)
        try remove(rig, segments: stride(from: 0, to: 16_000, by: 1_000).map { $0 })
        var random = DiskSeed(20_261_126)
        var ranges = 0
        for _ in 0..<300 {
            let from = 5_000 + random.below(4_000)
            let range = from..<from + 1 + random.below(9_000 - from)
            let isHeld = range.clamped(to: Self.held) == range
            let found = wrong(read(rig, wish(range, files)), range)
            #expect(found == (isHeld ? 0 : -1), "\(range)")
            #expect(wrong(read(rig, wish(range, nil)), range) == -1)
            ranges += isHeld ? 1 : 0
        }
        print("ranges read out of a take's files: \(ranges) (seed 20261126)")
        #expect(ranges > 30)
        // What the seam fades in comes from the rolls.
        guard case .kept(let audio, _) = read(rig, wish(Self.window, files)) else {
            Issue.record("the window is not in the files")
            return
        }
        #expect(audio.preRollFrames == Self.bar)
        guard case .partly(let part) = read(rig, wish(5_000..<7_000, files)) else {
            Issue.record("more was kept than there is")
            return
        }
        #expect(part == 5_500..<7_000)
    }

    @Test("what the files lack at either end comes from the spool, frame by frame")
    func withHalfASpool() throws {
        let rig = try played()
        let files = try files(rig)
        try remove(rig, segments: [6_000, 7_000])
        let range = UInt64(3_210)..<UInt64(11_777)
        #expect(wrong(read(rig, wish(range, nil)), range) == -1)
        let answer = read(rig, wish(range, files))
        #expect(wrong(answer, range) == 0)
        #expect(wrong(answer, 3_211..<11_778) > 10_000)
    }

    @Test("of an earlier run, too, whose folder is gone; the rate is that of the file")
    func earlierRun() throws {
        let rig = try played()
        let files = try files(rig)
        let gone = "/spool/gone"
        let range = UInt64(5_600)..<UInt64(8_400)
        let answer = read(rig, wish(range, files, folder: gone))
        #expect(wrong(answer, range) == 0)
        #expect(wrong(read(rig, wish(range, nil, folder: gone)), range) == -1)
    }

    @Test("files that are not what their names promise are left out")
    func damaged() throws {
        let rig = try played()
        let files = try files(rig)
        try remove(rig, segments: stride(from: 0, to: 16_000, by: 1_000).map { $0 })
        let around = UInt64(5_800)..<UInt64(7_000)
        try change(rig, files.rollsPath)
        #expect(wrong(read(rig, wish(Self.window, files)), Self.window) == 0)
        #expect(wrong(read(rig, wish(around, files)), around) == -1)
        try change(rig, files.path)
        #expect(wrong(read(rig, wish(Self.window, files)), Self.window) == -1)
        try change(rig, files.path)
        #expect(wrong(read(rig, wish(Self.window, files)), Self.window) == 0)
        try rig.files.remove(files.path)
        #expect(wrong(read(rig, wish(Self.window, files)), Self.window) == -1)
        let short = TakeFiles(
            window: 6_000..<7_999, path: files.path, rollsPath: "", preFrames: 0)
        #expect(wrong(read(rig, wish(6_000..<7_000, short)), 6_000..<7_000) == -1)
    }

    @Test(
        "what nobody heard around a window is in no file of it, and is no sound for whoever asks next",
        arguments: [UInt64(5_600)..<5_700, 8_200..<8_300])
    func aroundAHole(hole: Range<UInt64>) throws {
        let rig = try DiskRig.started()
        rig.feed.holeList = [hole]
        rig.play(8_000)
        rig.keep(1, Self.window, bar: Self.bar)
        for _ in 0..<10 { rig.play(100, ms: 1_000) }
        let files = try files(rig)
        let kept =
            hole.lowerBound < Self.window.lowerBound
            ? hole.upperBound..<Self.window.upperBound + UInt64(Self.bar)
            : Self.window.lowerBound - UInt64(Self.bar)..<hole.lowerBound
        #expect(wrong(read(rig, wish(kept, files)), kept) == 0)
        let across = min(kept.lowerBound, hole.lowerBound)..<max(kept.upperBound, hole.upperBound)
        #expect(wrong(read(rig, wish(across, files)), across) == -1)
    }

    @Test("a window that is partly in them and partly in a spool with a gap is not called lost")
    func aroundAGap() throws {
        let rig = try DiskRig.started()
        rig.play(3_900)
        rig.files.capacityBytes = rig.files.usedBytes
        rig.play(1_000)
        rig.keep(1, 3_500..<4_700, bar: Self.bar)
        for _ in 0..<30 { rig.play(300) }
        rig.files.capacityBytes = nil
        for _ in 0..<20 { rig.play(500, ms: 1_000) }
        let request = try #require(rig.fileRequest(.numbered(1), 3_500..<4_700))
        let files = TakeFiles(
            window: 3_500..<4_700, path: request.path, rollsPath: "", preFrames: 0)
        let range = UInt64(3_000)..<UInt64(4_700)
        let gaps = rig.desk.locked { $0.ledger.gaps.map(\.range) }
        #expect(gaps.contains { $0.overlaps(range) && $0.lowerBound > range.lowerBound })
        let past = PastReader(
            files: rig.disk, folder: rig.layout.folder, feed: rig.feed, gaps: gaps)
        #expect(wrong(past.read(wish(range, nil)), range) == -1)
        #expect(wrong(past.read(wish(range, files)), range) == 0)
        rig.keepPast(wish(range, files))
        for _ in 0..<3 { rig.play(10, ms: 1_000) }
        #expect(rig.lost == [])
        let kept = try #require(rig.fileRequest(.numbered(2), range))
        let loaded = TakeLoader(files: rig.files.afterPowerCut()).load(kept)
        #expect(PastReaderTests.wrongFrames(try #require(loaded.audio), range) == 0)
    }

    @Test("what is in no file is read out of the ring, beside the files and beside the spool")
    func besideTheRing() throws {
        let rig = try DiskRig.started()
        for _ in 0..<20 { rig.play(400) }
        rig.keep(1, Self.window, bar: Self.bar)
        for _ in 0..<2 { rig.play(250) }
        rig.play(0)
        rig.files.capacityBytes = rig.files.usedBytes
        rig.play(1_500)
        let files = try files(rig)
        // The ring begins at 6,000, the spool and the rolls end at 8,500.
        let range = UInt64(5_700)..<UInt64(9_900)
        try #require(rig.desk.locked { $0.ledger.writtenEnd } == 8_500)
        #expect(wrong(read(rig, wish(range, files)), range) == 0)
        #expect(wrong(read(rig, wish(range, nil)), range) == 0)
        try remove(rig, segments: stride(from: 0, to: 9_000, by: 1_000).map { $0 })
        #expect(wrong(read(rig, wish(range, files)), range) == 0)
        #expect(wrong(read(rig, wish(range, nil)), range) == -1)
        rig.feed.framesDuringCopy = 100
        #expect(wrong(read(rig, wish(range, files)), range) == 0)
    }

    /// Turns one bit of the last byte over.
    private func change(_ rig: DiskRig, _ path: String) throws {
        var bytes = try #require(rig.files.bytes(path))
        bytes[bytes.count - 1] ^= 1
        rig.files.replace(path, with: bytes)
    }

    @Test("a take made of them gets files of its own, with all rolls there are, and then is safe")
    func keptAgain() throws {
        for isGone in [true, false] {
            let rig = try played()
            let files = try files(rig)
            if isGone {
                try remove(rig, segments: stride(from: 0, to: 16_000, by: 1_000).map { $0 })
            }
            let range = UInt64(6_200)..<UInt64(8_300)
            let full = rig.files.usedBytes
            rig.files.capacityBytes = full
            rig.keepPast(wish(range, files))
            rig.play(10)
            // What only the older take's files hold nobody would find after a crash.
            #expect(!rig.spooled.contains(.numbered(2)))
            rig.files.capacityBytes = nil
            rig.play(10, ms: 1_000)
            #expect(rig.spooled.count { $0 == .numbered(2) } == 1)
            rig.play(10)
            let request = try #require(rig.fileRequest(.numbered(2), range))
            let loaded = TakeLoader(files: rig.files.afterPowerCut()).load(request)
            #expect(PastReaderTests.wrongFrames(try #require(loaded.audio), range) == 0)
            #expect(rig.takeFile(2, .rolls)?.preRollFrames == Self.bar)
            let after = TakeLoadRequest(
                id: .numbered(2), fromFrame: 8_300, toFrame: 8_800, origin: TakeOrigin.file,
                path: "", rollsPath: request.rollsPath, preFrames: request.preFrames)
            let postRoll = try #require(TakeLoader(files: rig.files).load(after).audio)
            #expect(postRoll.frameCount == (isGone ? 200 : 500))
            #expect(rig.keeper.isIdle)
        }
    }
}

extension DiskRig {
    /// As the disk service: what was read of the window is kept; false when it is not all there, or
    /// memory has no room for what is in no file.
    @discardableResult
    func keepPast(_ window: TakeWindow) -> Bool {
        if case .kept = past(window) { true } else { false }
    }

    /// What whoever asks for these frames is told.
    func past(_ window: TakeWindow) -> PastReader.Answer {
        let gaps = desk.locked { $0.ledger.gaps.map(\.range) }
        let past = PastReader(files: disk, folder: layout.folder, feed: feed, gaps: gaps)
        return desk.keep(past.read(window), as: window)
    }
}
