import Testing

@testable import FlowCore

@Suite("disk spool")
struct DiskSpoolTests {
    @Test("every frame played is in the files, exactly, over many segments and sources")
    func everything() throws {
        for channelCount in [2, 6, 32] {
            let rig = try DiskRig.started(feed: DiskFakeFeed(channelCount: channelCount))
            for _ in 0..<100 {
                rig.play(137)
                #expect(rig.isConserved)
            }
            rig.finish()
            for source in 0..<channelCount / 2 {
                #expect(try rig.firstWrongFrame(in: 0..<13_700, source: source) == nil)
            }
            let counts = rig.desk.counts()
            #expect(counts.durable == 13_700)
            #expect(counts.written == 0 && counts.queued == 0 && counts.gap == 0)
            #expect(rig.feed.cursorTold == 13_700)
        }
    }

    @Test("written and durable are two positions")
    func positions() throws {
        let rig = try DiskRig.started()
        rig.play(500)
        rig.play(100)
        let counts = rig.desk.counts()
        #expect(counts.durable == 500)
        #expect(counts.written == 100)
        rig.play(0, ms: 1000)
        #expect(rig.desk.counts().durable == 600)
    }

    @Test("a segment is closed full, with a right header, its checksum and a line in the index")
    func segments() throws {
        let rig = try DiskRig.started()
        for _ in 0..<25 { rig.play(100) }
        rig.finish()
        var closed: [UInt64] = []
        for case .segmentClosed(let first, let end, let crc) in rig.reports {
            closed.append(first)
            let bytes = try #require(rig.files.bytes(rig.layout.path(ofSegmentAt: first)))
            let header = try #require(bytes.withUnsafeBytes { WavHeader($0) })
            #expect(header.frameCount == end - first)
            #expect(bytes.count == 58 + 8 * Int(end - first))
            var right = Crc32()
            bytes[58...].withUnsafeBytes { right.add($0) }
            #expect(right.value == crc)
        }
        #expect(closed == [0, 1000, 2000])
        let lines = SpoolIndex.lines(files: rig.files, path: rig.layout.indexPath)
        #expect(lines.count == 3)
        #expect(
            rig.reports.contains {
                if case .segmentOpened(2000) = $0 { true } else { false }
            })
    }

    @Test("frames that come round before they are written are a gap of exactly their length")
    func overrun() throws {
        let rig = try DiskRig.started()
        rig.play(300)
        rig.feed.advance(9000)
        rig.play(0)
        rig.play(50, ms: 1000)
        rig.finish()
        #expect(rig.isConserved)
        #expect(rig.gapReports == [300..<5300])
        #expect(rig.desk.counts().gap == 5000)
        #expect(try rig.firstWrongFrame(in: 0..<9350) == nil)
    }

    @Test("an audio thread that laps the copy costs frames, never wrong ones")
    func lapped() throws {
        let rig = try DiskRig.started()
        rig.play(300)
        rig.feed.advance(4000)
        rig.feed.framesDuringCopy = 30
        rig.play(0)
        rig.feed.framesDuringCopy = 0
        rig.play(10, ms: 1000)
        rig.finish()
        #expect(rig.isConserved)
        #expect(rig.desk.counts().gap > 0)
        #expect(try rig.firstWrongFrame(in: 0..<rig.feed.newest) == nil)
    }

    @Test("a long backlog makes the disk slow, and working again when it is gone")
    func slow() throws {
        let feed = DiskFakeFeed(ringFrames: 22_050 * 20)
        let rig = try DiskRig.started(feed: feed)
        feed.advance(22_050 * 12)
        rig.drain.step(nowMs: rig.nowMs)
        #expect(rig.states == [.slow])
        for _ in 0..<10 { rig.play(0, ms: 1000) }
        #expect(rig.states == [.slow, .ok])
    }

    @Test("little space is told before there is none")
    func spaceWarning() throws {
        let rig = try DiskRig.started()
        rig.files.capacityBytes = 22_050 * 8 * 599
        rig.play(10)
        #expect(rig.spaceNews == [true])
        // A disk that fails meanwhile and works again has not become an emptier one.
        rig.desk.locked { $0.failed(in: DiskRig.spool, nowMs: rig.nowMs) }
        for _ in 0..<20 { rig.play(10, ms: 500) }
        #expect(rig.states.last == .ok)
        #expect(rig.spaceNews.allSatisfy { $0 })
        rig.files.capacityBytes = nil
        for _ in 0..<20 { rig.play(10, ms: 500) }
        #expect(rig.spaceNews.last == false)
    }
}
