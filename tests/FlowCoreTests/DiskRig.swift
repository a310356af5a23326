import Testing

@testable import FlowCore

/// The disk room without threads: a test is the clock and the scheduler.
final class DiskRig: @unchecked Sendable {
    static let spool = "/spool/run"
    static let second = "/spool/run/second"
    static let audio = "/audio"

    let feed: DiskFakeFeed
    let files: DiskFakeFiles
    let disk: any FileSystem
    let layout: SpoolLayout
    let desk: SpoolDesk
    let index: SpoolIndex
    let drain: SpoolDrain
    let writer: SpoolWriter
    let sync: SpoolSync
    let keeper: TakeKeeper
    var nowMs: UInt64 = 1000
    private(set) var windows: [TakeID: Range<UInt64>] = [:]
    private let mailbox = DiskMailbox()

    var reports: [DiskReport] { mailbox.reports }

    /// - Parameters:
    ///   - feed: The ring.
    ///   - files: The file system in memory.
    ///   - real: Instead of that, folders on a real disk.
    ///   - folder: Where the run is spooled.
    ///   - hasSecond: Whether it may go on in another folder.
    ///   - sizes: Of overflow and probe.
    ///   - shelf: Where the overflow lies in shared memory.
    ///   - makeBlock: Where the overflow has its memory from.
    ///   - clockNs: By which syncs are timed.
    init(
        feed: DiskFakeFeed, files: DiskFakeFiles, real: DiskFolder? = nil,
        folder: String = DiskRig.spool, hasSecond: Bool = false, sizes: DiskSizes = DiskRig.sizes(),
        shelf: OverflowShelf? = nil,
        makeBlock: @escaping SpoolOverflow.MakeBlock = {
            OverflowBlock(bytes: $0, channelCount: $1)
        },
        clockNs: @escaping @Sendable () -> Int64 = { 0 }
    ) {
        self.feed = feed
        self.files = files
        let disk: any FileSystem = real == nil ? files : PosixFileSystem()
        self.disk = disk
        let spool = real?.spool ?? folder
        layout = SpoolLayout(
            folder: spool, secondFolder: hasSecond ? SpoolLayout.second(of: spool) : nil,
            channelCount: feed.channelCount, sampleRateHz: feed.sampleRateHz,
            segmentFrames: 1000)
        let mailbox = mailbox
        let overflow = SpoolOverflow(
            channelCount: feed.channelCount, sizes: sizes, shelf: shelf,
            newestFrame: feed.newestFrame(), makeBlock: makeBlock)
        desk = SpoolDesk(
            feed: SpoolMemory(ring: feed, overflow: overflow), layout: layout, sizes: sizes
        ) {
            mailbox.reports.append($0)
        }
        index = SpoolIndex(files: disk)
        drain = SpoolDrain(desk: desk)
        writer = SpoolWriter(desk: desk, files: disk, layout: layout, sizes: sizes)
        sync = SpoolSync(
            desk: desk, files: disk, layout: layout, index: index, clockNs: clockNs)
        keeper = TakeKeeper(
            desk: desk, files: disk, spoolFolder: spool,
            maker: TakeFileMaker(files: disk, folder: real?.audio ?? Self.audio))
    }

    /// No overflow unless asked for, in blocks of 500 stereo frames, and a disk of any size.
    static func sizes(blocks: Int = 0) -> DiskSizes {
        DiskSizes(
            overflowBlockBytes: 4000, overflowBlockCount: blocks, probeBytes: 1000,
            resumeSeconds: 0)
    }

    /// A rig that has begun to spool.
    static func started(
        feed: DiskFakeFeed = DiskFakeFeed(), files: DiskFakeFiles = DiskFakeFiles(),
        hasSecond: Bool = false, sizes: DiskSizes = DiskRig.sizes()
    ) throws -> DiskRig {
        let rig = DiskRig(feed: feed, files: files, hasSecond: hasSecond, sizes: sizes)
        try files.makeFolder(audio)
        try #require(rig.writer.recover(nowMs: rig.nowMs, index: rig.index))
        return rig
    }

    /// What cannot be read for as long as that is waited for is done without.
    func recover(at startMs: UInt64) -> Bool {
        nowMs = startMs
        if writer.recover(nowMs: nowMs, index: index) { return true }
        nowMs += SpoolWriter.patienceMs
        return writer.recover(nowMs: nowMs, index: index)
    }

    /// Frames come in, then every thread takes a step.
    func play(_ frames: UInt64, ms: UInt64 = 20) {
        feed.advance(frames)
        nowMs += ms
        drain.step(nowMs: nowMs)
        writer.step(nowMs: nowMs)
        sync.step(nowMs: nowMs)
        keeper.step(nowMs: nowMs)
    }

    /// Ends as `stop` does.
    func finish() {
        writer.finish(nowMs: nowMs)
        sync.step(nowMs: nowMs, isForced: true)
        sync.declareOpenGaps()
        keeper.step(nowMs: nowMs, isLast: true)
    }

    func keep(_ number: UInt32, _ range: Range<UInt64>, bar: Int = 500, source: Int = 0) {
        let window = TakeWindow(
            id: .numbered(number), fromFrame: range.lowerBound, toFrame: range.upperBound,
            barFrames: bar, sourceIndex: source)
        windows[window.id] = range
        desk.locked { $0.keep(KeptTake(window: window)) }
    }

    /// The equation, from the counts that the engine shows.
    var isConserved: Bool {
        let counts = desk.counts()
        return counts.framesIn == counts.durable + counts.written + counts.queued + counts.gap
            && desk.locked { $0.ledger.isConserved(newest: feed.newest) }
    }

    /// The first frame up to `end` that the files do not hold as it was played, or as silence where
    /// a gap was declared.
    func firstWrongFrame(in range: Range<UInt64>, source: Int = 0) throws -> UInt64? {
        let reader = try SpoolReader(files: disk, folder: layout.folder)
        let sound = StereoFrames(frameCount: range.count)
        try reader.read(range, source: source, into: sound.samples)
        let gaps = desk.locked { $0.ledger.gaps }
        for (offset, frame) in range.enumerated() {
            let isLost = gaps.contains { $0.range.contains(frame) }
            for side in 0..<2 {
                let right = isLost ? 0 : DiskFakeFeed.sample(frame, 2 * source + side)
                if sound.samples[2 * offset + side] != right { return frame }
            }
        }
        return nil
    }

    /// What this engine declared.
    var gapReports: [Range<UInt64>] { gapReports(areOld: false) }

    func gapReports(areOld: Bool) -> [Range<UInt64>] {
        reports.compactMap { report in
            if case .gap(let from, let to, _, areOld) = report { from..<to } else { nil }
        }
    }

    /// How the disk was, one after the other.
    var states: [DiskState] {
        reports.reduce(into: []) { list, report in
            if case .state(let state, _, _) = report, state != list.last ?? .ok {
                list.append(state)
            }
        }
    }

    /// What was told about the room on the disk: too little, or enough.
    var spaceNews: [Bool] {
        reports.compactMap { report in
            if case .state(_, let isSpaceLow, _) = report { isSpaceLow } else { nil }
        }
    }

    var spooled: [TakeID] {
        reports.compactMap { report in
            if case .takeSpooled(let id) = report { id } else { nil }
        }
    }

    var lost: [TakeID] {
        reports.compactMap { report in
            if case .takeLost(let id) = report { id } else { nil }
        }
    }

    var damaged: [TakeID] {
        reports.compactMap { report in
            if case .takeDamaged(let id) = report { id } else { nil }
        }
    }

    func takeFile(_ number: UInt32, _ part: TakePart) -> (sha: TakeSha, preRollFrames: Int)? {
        for case .takeFile(let id, let sha, _, part, let preRollFrames) in reports
        where id == .numbered(number) {
            return (sha, preRollFrames)
        }
        return nil
    }
}

extension DiskRig {
    /// A load of the take from the spool, which must agree with the take's file.
    func request(_ id: TakeID, _ range: Range<UInt64>, file: String = "") -> TakeLoadRequest {
        TakeLoadRequest(
            id: id, fromFrame: range.lowerBound, toFrame: range.upperBound,
            origin: TakeOrigin.spool, path: Self.spool, rollsPath: file, preFrames: 0)
    }

    /// A load of the take from its own files.
    func fileRequest(_ id: TakeID, _ range: Range<UInt64>) -> TakeLoadRequest? {
        guard let window = takeFile(id.w3, .window) else { return nil }
        let rolls = takeFile(id.w3, .rolls)
        return TakeLoadRequest(
            id: id, fromFrame: range.lowerBound, toFrame: range.upperBound,
            origin: TakeOrigin.file, path: Self.audio + "/\(window.sha.hex).wav",
            rollsPath: rolls.map { Self.audio + "/\($0.sha.hex).wav" } ?? "",
            preFrames: rolls?.preRollFrames ?? 0)
    }

    /// A run in which take 1 has been kept with all its files, and the load of it.
    static func withTake(_ range: Range<UInt64>) throws -> (DiskRig, TakeLoadRequest) {
        let rig = try DiskRig.started()
        rig.play(900)
        rig.keep(1, range)
        rig.play(600)
        rig.play(10)
        return (rig, try #require(rig.fileRequest(.numbered(1), range)))
    }

    /// Whether the audio is what the feed played.
    func isRight(_ audio: LoopAudio?, _ range: Range<UInt64>) -> Bool {
        guard let audio, audio.frameCount == range.count else { return false }
        return range.enumerated().allSatisfy { offset, frame in
            (0..<2).allSatisfy {
                audio.samples[2 * offset + $0] == DiskFakeFeed.sample(frame, $0)
            }
        }
    }
}

private final class DiskMailbox: @unchecked Sendable {
    var reports: [DiskReport] = []
}

extension TakeID {
    static func numbered(_ number: UInt32) -> TakeID { TakeID(w0: 0, w1: 0, w2: 7, w3: number) }
}

extension SpoolLayout {
    func path(ofSegmentAt firstFrame: UInt64) -> String {
        joinPath(folder, SegmentName.make(firstFrame: firstFrame))
    }

    var indexPath: String { joinPath(folder, SpoolIndex.name) }
}
