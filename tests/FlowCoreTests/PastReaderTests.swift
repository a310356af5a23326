import Testing

@testable import FlowCore

@Suite("the past, as frames")
struct PastReaderTests {
    private func reader(_ rig: DiskRig) -> PastReader {
        rig.desk.account()
        let gaps = rig.desk.locked { book in book.ledger.gaps.map(\.range) }
        return PastReader(
            files: rig.disk, folder: rig.layout.folder, feed: rig.feed, gaps: gaps)
    }

    private func window(
        _ range: Range<UInt64>, source: Int = 0, folder: String = ""
    ) -> TakeWindow {
        TakeWindow(
            id: .numbered(1), fromFrame: range.lowerBound, toFrame: range.upperBound,
            barFrames: 500, sourceIndex: source, spoolFolder: folder)
    }

    /// Frames of the window and of what was before it that are not what was played.
    static func wrongFrames(_ audio: LoopAudio, _ range: Range<UInt64>, source: Int = 0) -> Int {
        var wrong = audio.frameCount == range.count ? 0 : abs(audio.frameCount - range.count)
        for index in 0..<min(audio.frameCount, range.count) {
            for side in 0..<2 {
                let played = DiskFakeFeed.sample(
                    range.lowerBound + UInt64(index), 2 * source + side)
                if audio.samples[2 * index + side] != played { wrong += 1 }
            }
        }
        for index in 0..<audio.preRollFrames {
            let frame = range.lowerBound - UInt64(audio.preRollFrames - index)
            for side in 0..<2 {
                let played = DiskFakeFeed.sample(frame, 2 * source + side)
                if audio.preRoll?[2 * index + side] != played { wrong += 1 }
            }
        }
        return wrong
    }

    private func audio(_ answer: PastReader.Answer) throws -> LoopAudio {
        guard case .kept(let audio, _) = answer else {
            Issue.record("not kept: \(answer)")
            throw FileError(.read, code: FileError.missing)
        }
        return audio
    }

    private func kept(_ answer: PastReader.Answer) -> Range<UInt64>? {
        if case .partly(let range) = answer { range } else { nil }
    }

    @Test("any range, in the ring, in the files or in both, is what was played: 0 frames shifted")
    func everywhere() throws {
        let rig = try DiskRig.started(feed: DiskFakeFeed(channelCount: 6))
        for _ in 0..<25 { rig.play(400) }
        var random = DiskSeed(20_261_125)
        var (ranges, wrong) = (0, 0)
        for _ in 0..<400 {
            let from = random.below(9_990)
            let range = from..<from + 1 + random.below(10_000 - from)
            let source = Int(random.below(3))
            let found = try audio(reader(rig).read(window(range, source: source)))
            let before = min(range.lowerBound, 1_102)
            #expect(found.preRollFrames == Int(before))
            wrong += Self.wrongFrames(found, range, source: source)
            ranges += 1
        }
        print("past ranges read: \(ranges), wrong samples: \(wrong) (seed 20261125)")
        #expect(wrong == 0)
    }

    @Test("a range whose start was in the ring a moment ago comes from the files")
    func lapped() throws {
        let rig = try DiskRig.started()
        for _ in 0..<10 { rig.play(400) }
        rig.feed.framesDuringCopy = 300
        let found = try audio(reader(rig).read(window(0..<4_000)))
        #expect(Self.wrongFrames(found, 0..<4_000) == 0)
    }

    @Test("the judge sees one frame of shift")
    func judgeCanFail() throws {
        let rig = try DiskRig.started()
        for _ in 0..<10 { rig.play(400) }
        let found = try audio(reader(rig).read(window(1_000..<2_000)))
        #expect(Self.wrongFrames(found, 1_000..<2_000) == 0)
        #expect(Self.wrongFrames(found, 1_001..<2_001) > 1_900)
    }

    @Test("what is not played yet, declared lost, unheard or nowhere is not kept; the rest is told")
    func holes() throws {
        let rig = try DiskRig.started()
        rig.play(300)
        rig.feed.advance(9_000)
        rig.play(0)
        rig.play(50, ms: 1_000)
        #expect(kept(reader(rig).read(window(200..<6_000))) == 5_300..<6_000)
        #expect(kept(reader(rig).read(window(100..<400))) == 100..<300)
        #expect(kept(reader(rig).read(window(9_000..<9_400))) == 9_000..<9_350)
        #expect(kept(reader(rig).read(window(400..<5_000)))?.isEmpty == true)
        rig.feed.holeList = [7_000..<7_100]
        #expect(kept(reader(rig).read(window(6_500..<8_000))) == 7_100..<8_000)
        rig.finish()
        // What the index declares counts also when nobody remembers it.
        let later = PastReader(
            files: rig.disk, folder: rig.layout.folder,
            feed: DiskFakeFeed(ringFrames: 10, firstFrame: 9_350), gaps: [])
        #expect(kept(later.read(window(100..<400))) == 100..<300)
        let none = PastReader(files: rig.disk, folder: "", feed: rig.feed, gaps: [])
        #expect(kept(none.read(window(0..<200)))?.isEmpty == true)
        #expect(kept(none.read(window(0..<200, source: 1)))?.isEmpty == true)
    }

    @Test("a file that somebody took away is a hole")
    func missingFile() throws {
        let rig = try DiskRig.started()
        for _ in 0..<20 { rig.play(400) }
        try rig.files.remove(rig.layout.path(ofSegmentAt: 1_000))
        #expect(kept(reader(rig).read(window(500..<3_000))) == 2_000..<3_000)
    }

    @Test("the past of an earlier run becomes a take with files of its own, at its own rate")
    func earlierRun() throws {
        let earlier = try DiskRig.started()
        for _ in 0..<20 { earlier.play(400) }
        earlier.finish()
        let folder = DiskRig.spool
        let feed = DiskFakeFeed()
        let next = DiskRig(feed: feed, files: earlier.files, folder: "/spool/next")
        try #require(next.writer.recover(nowMs: next.nowMs, index: next.index))
        let range: Range<UInt64> = 900..<2_100
        let found = try audio(reader(next).read(window(range, folder: folder)))
        #expect(Self.wrongFrames(found, range) == 0)
        next.desk.locked { $0.keep(KeptTake(window: window(range, folder: folder))) }
        next.play(10)
        next.play(10)
        #expect(next.spooled == [.numbered(1)])
        let file = try #require(next.fileRequest(.numbered(1), range))
        #expect(file.preFrames == 500)
        let loaded = try #require(TakeLoader(files: next.files).load(file).audio)
        #expect(Self.wrongFrames(loaded, range) == 0)
        #expect(next.keeper.isIdle)
        let beyond = kept(reader(next).read(window(7_000..<9_000, folder: folder)))
        #expect(beyond == 7_000..<8_000)
    }
}
