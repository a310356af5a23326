import Testing

@testable import FlowCore

/// The past while the disk takes nothing: what is in no file yet stays in memory until it is.
@Suite("the past, held in memory until files have it")
struct PastPinTests {
    private static let older = UInt64(6_000)..<UInt64(8_000)

    /// A run whose disk is full since frame 8,500; the newest is 10,000, the ring's oldest 6,000.
    private func full() throws -> DiskRig {
        let rig = try DiskRig.started()
        for _ in 0..<20 { rig.play(400) }
        rig.keep(1, Self.older)
        for _ in 0..<2 { rig.play(250) }
        rig.play(0, ms: 1_000)
        rig.files.capacityBytes = rig.files.usedBytes
        rig.play(1_500)
        return rig
    }

    private func wish(
        _ rig: DiskRig, _ range: Range<UInt64>, withFiles: Bool
    ) throws -> TakeWindow {
        let request = try #require(rig.fileRequest(.numbered(1), Self.older))
        let files = TakeFiles(
            window: Self.older, path: request.path, rollsPath: request.rollsPath,
            preFrames: request.preFrames)
        return TakeWindow(
            id: .numbered(2), fromFrame: range.lowerBound, toFrame: range.upperBound,
            barFrames: 500, sourceIndex: 0, files: withFiles ? files : nil)
    }

    /// The ring comes round, then the disk takes frames again.
    private func recover(_ rig: DiskRig) {
        for _ in 0..<40 { rig.play(400) }
        rig.files.capacityBytes = nil
        for _ in 0..<10 { rig.play(10, ms: 1_000) }
    }

    @Test("what only the ring had is not lost with it, in an older take's files or not")
    func pinned() throws {
        let range = UInt64(5_700)..<UInt64(9_900)
        for withFiles in [true, false] {
            let rig = try full()
            #expect(rig.keepPast(try wish(rig, range, withFiles: withFiles)))
            rig.play(10)
            #expect(rig.spooled == [.numbered(1)])
            recover(rig)
            #expect(rig.spooled == [.numbered(1), .numbered(2)], "\(withFiles)")
            #expect(rig.lost == [])
            let kept = try #require(rig.fileRequest(.numbered(2), range))
            let loaded = TakeLoader(files: rig.files.afterPowerCut()).load(kept)
            #expect(PastReaderTests.wrongFrames(try #require(loaded.audio), range) == 0)
            #expect(rig.desk.locked { $0.canPin(Limits.pinnedBytesMax / 8) })
        }
    }

    @Test("negative control: kept without its sound it would be silent where the spool has a gap")
    func unpinned() throws {
        let range = UInt64(5_700)..<UInt64(9_900)
        let rig = try full()
        let window = try wish(rig, range, withFiles: true)
        rig.desk.locked { $0.keep(KeptTake(window: window)) }
        recover(rig)
        let kept = try #require(rig.fileRequest(.numbered(2), range))
        let loaded = TakeLoader(files: rig.files).load(kept)
        #expect(PastReaderTests.wrongFrames(try #require(loaded.audio), range) > 1_000)
    }

    @Test(
        "what files hold takes no memory: the synced spool, or an older take's across what is gone")
    func inFiles() throws {
        let rig = try full()
        func isInFiles(_ range: Range<UInt64>, _ withFiles: Bool) throws -> Bool {
            let spool = try SpoolReader(files: rig.files, folder: rig.layout.folder)
            let window = try wish(rig, range, withFiles: withFiles)
            let inSpool = spool.held(in: range, source: 0)
            return rig.desk.locked { $0.unfiled(window, inSpool: inSpool).isEmpty }
        }
        #expect(try isInFiles(1_000..<8_500, false))
        #expect(try !isInFiles(1_000..<8_501, false))
        try rig.files.remove(rig.layout.path(ofSegmentAt: 7_000))
        #expect(try isInFiles(5_500..<7_000, false))
        #expect(try !isInFiles(5_500..<8_000, false))
        #expect(try isInFiles(5_500..<8_000, true))
        #expect(try isInFiles(5_500..<8_001, true))
        rig.desk.locked { $0.ledger.distrust(from: 7_000) }
        #expect(try !isInFiles(5_500..<8_001, true))
    }

    /// Frames of which the spool was synced and has given up a segment; the ring has them all.
    private func givenUp() throws -> (DiskRig, Range<UInt64>) {
        let rig = try full()
        try rig.files.remove(rig.layout.path(ofSegmentAt: 7_000))
        try rig.files.syncFolder(rig.layout.folder)
        return (rig, 6_500..<8_100)
    }

    @Test("what the spool has given up and the ring still has is safe with a file, and not before")
    func gone() throws {
        let (rig, range) = try givenUp()
        #expect(rig.keepPast(try wish(rig, range, withFiles: false)))
        rig.play(10)
        #expect(rig.spooled == [.numbered(1)])
        recover(rig)
        #expect(rig.spooled == [.numbered(1), .numbered(2)])
        let kept = try #require(rig.fileRequest(.numbered(2), range))
        let loaded = TakeLoader(files: rig.files.afterPowerCut()).load(kept)
        #expect(PastReaderTests.wrongFrames(try #require(loaded.audio), range) == 0)
    }

    @Test(
        "negative control: by the books alone it would be told at once, and no file would have it")
    func goneUnseen() throws {
        let (rig, range) = try givenUp()
        let window = try wish(rig, range, withFiles: false)
        rig.desk.locked { $0.keep(KeptTake(window: window)) }
        rig.play(10)
        #expect(rig.spooled == [.numbered(1), .numbered(2)])
        let spool = try SpoolReader(files: rig.files.afterPowerCut(), folder: rig.layout.folder)
        #expect(FrameRanges.joined(spool.held(in: range, source: 0)) != [range])
    }

    @Test("what memory has no room for is refused")
    func noRoom() throws {
        let rig = try full()
        var other = KeptTake(
            window: TakeWindow(
                id: .numbered(3), fromFrame: 0, toFrame: 9_999_999, barFrames: 500, sourceIndex: 0))
        other.pinned = StereoFrames(frameCount: Limits.pinnedBytesMax / 8 - 4_199)
        rig.desk.locked { $0.keep(other) }
        let refused = rig.past(try wish(rig, 5_700..<9_900, withFiles: true))
        guard
            case .takeLoaded(_, ErrorCode.loopMemory, nil) = PastReader.report(
                .numbered(2), refused)
        else {
            Issue.record("it is told as if it were not there: \(refused)")
            return
        }
        #expect(rig.keepPast(try wish(rig, 5_701..<9_900, withFiles: true)))
    }

    @Test("memory that the past holds is not promised to a capture, nor the other way round")
    func owed() throws {
        let rig = try full()
        #expect(rig.keepPast(try wish(rig, 5_700..<9_900, withFiles: true)))
        let framesMax = Limits.pinnedBytesMax / 8
        func canKeep(_ frames: Int) -> Bool { rig.desk.canKeep(frames: frames) }
        #expect(rig.states.last == .critical)
        #expect(canKeep(framesMax - 4_200))
        #expect(!canKeep(framesMax - 4_199))
        let end = UInt64(10_000)
        let capture = TakeWindow(
            id: .numbered(3), fromFrame: end, toFrame: end + UInt64(framesMax - 4_200 - 100),
            barFrames: 500, sourceIndex: 0)
        rig.desk.locked { $0.keep(KeptTake(window: capture)) }
        #expect(!rig.keepPast(numbered(4, 9_000..<9_101)))
        #expect(rig.keepPast(numbered(4, 9_000..<9_100)))
    }

    private func numbered(_ id: UInt32, _ range: Range<UInt64>) -> TakeWindow {
        TakeWindow(
            id: .numbered(id), fromFrame: range.lowerBound, toFrame: range.upperBound,
            barFrames: 500, sourceIndex: 0)
    }
}
