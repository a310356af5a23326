#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The disk room's door: spools the ring, keeps takes, loads them again.
///
/// Five threads, so that no stall spreads: *drain* touches memory only, *write* and *sync* follow
/// each other through the segments, *take* makes the takes' own files, *load* reads. The audio
/// thread knows nothing of them: it fills the ring, whatever happens here.
///
/// - Thread: control, for every call; none waits for the disk except `start` and `stop`.
final class DiskService: @unchecked Sendable {
    private static let drainMs = 250
    private static let takeMs = 500

    private let desk: SpoolDesk
    private let files: any FileSystem
    private let layout: SpoolLayout
    private let dry: (any SpoolFeed)?
    private let index: SpoolIndex
    private let drain: SpoolDrain
    private let writer: SpoolWriter
    private let sync: SpoolSync
    private let maker: TakeFileMaker
    private let keeper: TakeKeeper
    private let loads = LoadQueue()

    convenience init(
        feed: any SpoolFeed, dry: (any SpoolFeed)? = nil, spoolFolder: String,
        secondFolder: String? = nil, audioFolder: String,
        sizes: DiskSizes = DiskSizes(), shelf: OverflowShelf? = nil,
        report: @escaping @Sendable (DiskReport) -> Void
    ) {
        self.init(
            feed: feed, dry: dry,
            layout: SpoolLayout(folder: spoolFolder, secondFolder: secondFolder, feed: feed),
            audioFolder: audioFolder, files: PosixFileSystem(), sizes: sizes, shelf: shelf,
            report: report)
    }

    init(
        feed: any SpoolFeed, dry: (any SpoolFeed)? = nil, layout: SpoolLayout, audioFolder: String,
        files: any FileSystem,
        sizes: DiskSizes = DiskSizes(), shelf: OverflowShelf? = nil,
        report: @escaping @Sendable (DiskReport) -> Void
    ) {
        self.files = files
        self.layout = layout
        self.dry = dry
        let overflow = SpoolOverflow(
            channelCount: feed.channelCount, sizes: sizes, shelf: shelf,
            newestFrame: feed.newestFrame())
        desk = SpoolDesk(
            feed: SpoolMemory(ring: feed, overflow: overflow), layout: layout, sizes: sizes,
            report: report)
        index = SpoolIndex(files: files)
        drain = SpoolDrain(desk: desk)
        writer = SpoolWriter(desk: desk, files: files, layout: layout, sizes: sizes)
        sync = SpoolSync(desk: desk, files: files, layout: layout, index: index)
        maker = TakeFileMaker(files: files, folder: audioFolder)
        keeper = TakeKeeper(
            desk: desk, files: files, spoolFolder: layout.folder, maker: maker, dry: dry)
    }

    /// Makes the folders and begins to spool where the ring's disk cursor or the files end.
    func start() throws(DiskError) {
        do throws(FileError) {
            try files.makeFolderPair(layout.folder)
            try files.makeFolder(maker.folder)
        } catch  where error.isFull {
            // What is played goes on in memory; the write thread says so and tries again.
        } catch {
            throw DiskError(code: ErrorCode.diskCritical, detail: error.description)
        }
        maker.removeTemporaries()
        // A file-size limit shall be an error of the write, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let threads: [(String, @Sendable (DiskService) -> Void)] = [
            ("fz-drain", { $0.runDrain() }), ("fz-write", { $0.runWrite() }),
            ("fz-sync", { $0.runSync() }), ("fz-take", { $0.runTakes() }),
            ("fz-load", { $0.runLoads() }),
        ]
        for (name, run) in threads where !startDiskThread(name, { run(self) }) {
            throw DiskError(code: ErrorCode.diskCritical, detail: "no thread for \(name)")
        }
    }

    /// Keeps a captured window: told when the spool has it, then given files of its own.
    ///
    /// The window may end ahead. Asked twice for the same take, the second is ignored.
    func keep(_ window: TakeWindow) {
        guard window.fromFrame < window.toFrame,
            (0..<layout.channelCount / 2).contains(window.sourceIndex)
        else { return }
        desk.locked { $0.keep(KeptTake(window: window)) }
        desk.monitor.ring()
    }

    /// Gives a window that is not spooled files of its own.
    ///
    /// - Returns: false when memory has no room for it until then.
    func keepAside(
        _ window: TakeWindow, _ sound: StereoFrames, before: StereoFrames? = nil
    ) -> Bool {
        guard desk.keepAside(window, sound, before: before) else { return false }
        desk.monitor.ring()
        return true
    }

    /// Makes frames of the past a take: into memory and, as `keep` does, onto disk.
    ///
    /// Answered by `takeLoaded`, or by `rangeNotKept`; it waits for what an earlier engine left to be
    /// read.
    func keepPast(_ window: TakeWindow) {
        desk.locked { _ in loads.ranges.append(window) }
        desk.monitor.ring()
    }

    /// Reads a take into memory; answered by `takeLoaded`.
    func load(_ request: TakeLoadRequest) {
        desk.locked { _ in loads.requests.append(request) }
        desk.monitor.ring()
    }

    /// Writes, syncs and files what is owed, then ends; at the deadline whatever is left.
    ///
    /// Call it when the ring takes no more frames. The threads are left to themselves when they
    /// hang in a dead disk: the feed must live as long as they hold it.
    ///
    /// - Parameters:
    ///   - deadlineMs: How long it may take.
    ///   - isRingKept: The ring outlives this engine: what the disk does not take now the next one writes.
    ///     Otherwise it is declared lost.
    /// - Returns: whether all is on disk or declared.
    @discardableResult
    func stop(deadlineMs: Int, isRingKept: Bool = false) -> Bool {
        desk.locked { book in
            book.isStopping = true
            book.isRingKept = isRingKept
        }
        desk.monitor.ring()
        guard wait(deadlineMs: deadlineMs, until: { $0.stage == .allDone }) else { return false }
        let newest = desk.feed.newestFrame()
        return !isRingKept || desk.locked { $0.ledger.durableEnd >= newest }
    }

    /// After an end at which all was written: nothing is left beside the ring.
    func close() { desk.feed.overflow.close() }

    /// Every frame that is in memory.
    var memory: any SpoolFeed { desk.feed }

    /// What the overflow has.
    var overflowRanges: [Range<UInt64>] { desk.feed.overflow.ranges }

    /// Whether sound that no file has ends with this process.
    var holdsPrivate: Bool {
        desk.feed.overflow.holdsPrivate || desk.locked { $0.holdsPrivate }
    }

    /// Waits, not longer than that, until files have every frame before `end`.
    func awaitDurable(upTo end: UInt64, deadlineMs: Int) {
        _ = wait(deadlineMs: deadlineMs) { $0.ledger.durableEnd >= end || $0.health.isRefusing }
    }

    /// - Returns: false when the deadline came first.
    private func wait(deadlineMs: Int, until isReached: (SpoolBook) -> Bool) -> Bool {
        let deadline = monotonicMs() + UInt64(max(0, deadlineMs))
        while true {
            let seen = desk.monitor.ringCount
            let now = monotonicMs()
            if desk.locked({ isReached($0) }) { return true }
            if now >= deadline { return false }
            desk.monitor.wait(after: seen, timeoutMs: Int(deadline - now))
        }
    }

    /// Whether another take of so many frames would be safe until it is on disk.
    func canKeep(frames: Int) -> Bool {
        desk.canKeep(frames: frames)
    }

    /// The books at this moment.
    func counts() -> DiskCounts { desk.counts() }

    /// Takes whose windows are held in memory until a file has them.
    var pinnedTakeCount: Int {
        desk.locked { book in book.keptTakes.count { $0.pinned != nil } }
    }

    private func runDrain() {
        while desk.locked({ $0.stage }) != .allDone {
            let seen = desk.monitor.ringCount
            drain.step(nowMs: monotonicMs())
            desk.monitor.wait(after: seen, timeoutMs: Self.drainMs)
        }
    }

    private func runWrite() {
        while !recover() {
            if desk.locked({ $0.isStopping }) { return finish(.written) }
            desk.monitor.wait(after: desk.monitor.ringCount, timeoutMs: Int(DiskHealth.retryMs))
        }
        while !desk.locked({ $0.isStopping }) {
            let seen = desk.monitor.ringCount
            writer.step(nowMs: monotonicMs())
            desk.monitor.wait(after: seen, timeoutMs: writer.restMs)
        }
        writer.finish(nowMs: monotonicMs())
        finish(.written)
    }

    private func runSync() {
        while desk.locked({ $0.stage }) == .running {
            let seen = desk.monitor.ringCount
            sync.step(nowMs: monotonicMs())
            desk.monitor.wait(after: seen, timeoutMs: sync.sleepMs(nowMs: monotonicMs()))
        }
        sync.step(nowMs: monotonicMs(), isForced: true)
        sync.declareOpenGaps()
        finish(.synced)
    }

    private func runTakes() {
        while desk.locked({ $0.stage }) < .synced {
            let seen = desk.monitor.ringCount
            keeper.step(nowMs: monotonicMs())
            desk.monitor.wait(after: seen, timeoutMs: keeper.isIdle ? 10_000 : Self.takeMs)
        }
        keeper.step(nowMs: monotonicMs(), isLast: true)
        finish(.allDone)
    }

    private func runLoads() {
        let loader = TakeLoader(files: files)
        while !desk.locked({ $0.isStopping }) {
            let seen = desk.monitor.ringCount
            while let request = desk.locked({ _ in loads.next() }) {
                let (code, audio) = loader.load(request)
                desk.sendAside(.takeLoaded(id: request.id, code: code, audio: audio))
            }
            while let window = desk.locked({ $0.isRecovered ? loads.nextRange() : nil }) {
                readPast(window)
                desk.sendReports()
            }
            desk.monitor.wait(after: seen, timeoutMs: 10_000)
        }
    }

    private func readPast(_ window: TakeWindow) {
        desk.account()
        let gaps = desk.locked { book in book.ledger.gaps.map(\.range) }
        let reader = PastReader(
            files: files, folder: layout.folder, feed: desk.feed, dry: dry, gaps: gaps)
        // First of all: whoever is told makes a loop of this very sound.
        let answer = desk.keep(reader.read(window), as: window)
        desk.monitor.ring()
        desk.sendAside(PastReader.report(window.id, answer))
    }

    private func finish(_ stage: DiskStage) {
        desk.locked { $0.stage = stage }
        desk.monitor.ring()
    }

    /// - Returns: false when the files cannot be read now.
    private func recover() -> Bool {
        let isRecovered = writer.recover(nowMs: monotonicMs(), index: index)
        desk.sendReports()
        desk.monitor.ring()
        return isRecovered
    }
}

/// How far the end has come.
enum DiskStage: Int, Comparable {
    case running
    case written
    case synced
    case allDone

    static func < (left: DiskStage, right: DiskStage) -> Bool { left.rawValue < right.rawValue }
}

/// Loads not yet begun; touched under the desk's lock.
private final class LoadQueue: @unchecked Sendable {
    var requests: [TakeLoadRequest] = []
    var ranges: [TakeWindow] = []

    func nextRange() -> TakeWindow? { ranges.isEmpty ? nil : ranges.removeFirst() }

    func next() -> TakeLoadRequest? {
        requests.isEmpty ? nil : requests.removeFirst()
    }
}
