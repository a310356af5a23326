/// What the disk threads share, under one lock.
struct SpoolBook {
    var ledger: SpoolLedger
    /// The files of an engine before this one have been read; until then nothing is decided.
    var isRecovered = false
    var isStopping = false
    var stage = DiskStage.running

    /// The segment that takes the next frames.
    var openSegment: SpoolSegment?
    /// Oldest first; the open one is the last.
    var unsyncedSegments: [SpoolSegment] = []
    /// To be cut or removed before a new segment is made.
    var condemnedSegments: [SpoolSegment] = []
    /// A segment was made since the folder was synced.
    var isFolderUnsynced = false

    var health = DiskHealth()
    var isSpaceLow = false
    var keptTakes: [KeptTake] = []
    fileprivate var outbox: [DiskReport] = []

    init(startFrame: UInt64) {
        ledger = SpoolLedger(startFrame: startFrame)
    }

    /// Begins where the files of an engine before this one end.
    mutating func takeOver(_ found: RecoveredSpool) {
        if let start = found.startFrame {
            ledger = SpoolLedger(
                startFrame: start, durableEnd: found.endFrame, gaps: found.gaps,
                undeclared: found.holes)
        }
        isRecovered = true
        tellSpooledTakes()
    }

    mutating func tell(_ report: DiskReport) { outbox.append(report) }

    mutating func failed(nowMs: UInt64) {
        changeHealth { $0.failed(nowMs: nowMs) }
    }

    /// Changes the health and tells when the state became another.
    mutating func changeHealth(_ change: (inout DiskHealth) -> Void) {
        let before = health.state
        change(&health)
        if health.state != before { tellHealth() }
    }

    mutating func tellHealth() { tell(.state(health.state, isSpaceLow: isSpaceLow)) }

    /// Frames that a power cut would take now and that are not declared lost.
    func backlogFrames(newest: UInt64) -> UInt64 {
        ledger.writtenFrames + ledger.queuedFrames(newest: newest)
    }

    /// End of the last kept take that is in files and waits only to be synced; nil = there is none.
    var syncWantedTo: UInt64? {
        keptTakes.lazy.filter { $0.phase == .waiting }.map(\.window.toFrame).filter {
            $0 > ledger.durableEnd && $0 <= ledger.writtenEnd
        }.max()
    }
}

/// Lends the book to one thread at a time and sends its reports in the order they were made.
final class SpoolDesk: @unchecked Sendable {
    let monitor = DiskMonitor()
    let feed: SpoolMemory
    private let sending = DiskMonitor()
    private let report: @Sendable (DiskReport) -> Void
    private var book: SpoolBook

    init(feed: SpoolMemory, report: @escaping @Sendable (DiskReport) -> Void) {
        self.feed = feed
        self.report = report
        book = SpoolBook(startFrame: feed.diskCursor)
    }

    func locked<Result>(_ body: (inout SpoolBook) -> Result) -> Result {
        monitor.locked { body(&book) }
    }

    /// Sends what was told; called by every thread after its step, never under the lock.
    func sendReports() {
        sending.locked {
            let reports = locked { book in
                defer { book.outbox = [] }
                return book.outbox
            }
            for item in reports { report(item) }
        }
    }

    /// Sends one at once, beside those: what becomes of a loaded take may last, and neither writing nor
    /// syncing waits for it.
    func sendAside(_ item: DiskReport) { report(item) }

    /// Brings the ledger up to what the ring has overwritten and nothing else has kept.
    func account() {
        let oldest = feed.oldestFrame()
        locked { book in
            guard book.isRecovered else { return }
            book.ledger.lose(
                upTo: oldest, kept: feed.overflow.ranges,
                reason: book.health.isRefusing ? .diskFailed : .diskStalled)
            assert(
                book.ledger.isConserved(newest: feed.newestFrame()),
                "framesIn = durable + written + queued + gap")
        }
    }

    func counts() -> DiskCounts {
        account()
        return locked { book in
            let newest = max(feed.newestFrame(), book.ledger.writtenEnd)
            return DiskCounts(
                framesIn: newest - book.ledger.startFrame, durable: book.ledger.durableFrames,
                written: book.ledger.writtenFrames,
                queued: book.ledger.queuedFrames(newest: newest), gap: book.ledger.gapFrames,
                overflowBytes: UInt64(feed.overflow.usedBytes),
                bufferFrames: feed.capacityFrames, state: book.health.state)
        }
    }
}
