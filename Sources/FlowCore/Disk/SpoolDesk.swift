/// What the disk threads share, under one lock.
struct SpoolBook {
    var ledger: SpoolLedger
    /// The files of an engine before this one have been read; until then nothing is decided.
    var isRecovered = false
    var isStopping = false
    /// At the end: the next engine has the ring and writes what this one could not.
    var isRingKept = false
    var stage = DiskStage.running

    /// The segment that takes the next frames.
    var openSegment: SpoolSegment?
    /// Oldest first; the open one is the last.
    var unsyncedSegments: [SpoolSegment] = []
    /// To be cut or removed before a new segment is made.
    var condemnedSegments: [SpoolSegment] = []
    /// To be removed like them: silence of a gap that is written anew.
    var condemnedPlaces: [SegmentMend.Place] = []
    /// Closed and on disk, and not counted yet: silence of a gap that is not whole.
    private var silentPlaces: [SegmentMend.Place] = []
    /// Files of an engine before this one that do not count and do not go.
    private var leftovers: [SegmentMend.Place] = []
    private var unseen: UnseenSecond?
    private var secondTurn = 0
    /// A segment was made since the folder was synced.
    var isFolderUnsynced = false
    /// Where the next segments go.
    var places: SpoolPlaces
    /// What is not synced is in a folder that is no longer used: it is written anew in the other one.
    var isMoving = false

    /// Frames that may be written and not synced.
    let unsyncedFramesMax: UInt64
    /// Windows held in memory at a time.
    let pinnedBytesMax: Int

    /// The equation held when it was looked at last.
    private var isBalanced = true

    var health = DiskHealth()
    var isSpaceLow = false
    var syncTimes = SyncTimes(boundsSeconds: Limits.diskBoundsSeconds)
    var keptTakes: [KeptTake] = []
    fileprivate var outbox: [DiskReport] = []

    init(
        startFrame: UInt64, places: SpoolPlaces, unsyncedFramesMax: UInt64, pinnedBytesMax: Int
    ) {
        self.places = places
        self.pinnedBytesMax = pinnedBytesMax
        ledger = SpoolLedger(startFrame: startFrame)
        self.unsyncedFramesMax = unsyncedFramesMax
    }

    /// Begins where the files of an engine before this one end.
    mutating func takeOver(_ found: RecoveredSpool) {
        ledger = SpoolLedger(
            startFrame: found.startFrame, durableEnd: found.endFrame, gaps: found.gaps,
            undeclared: found.holes)
        leftovers = found.leftovers
        unseen = found.unseen
        secondTurn = found.secondTurn
        isRecovered = true
        // That engine may have ended before anybody else had heard of them.
        for gap in found.gaps {
            tell(
                .gap(
                    fromFrame: gap.lowerBound, toFrame: gap.upperBound, reason: .diskStalled,
                    isOld: true))
        }
        tellSpooledTakes()
    }

    mutating func tell(_ report: DiskReport) { outbox.append(report) }

    /// Looks whether every frame is somewhere; tells when that ends, in the running product too.
    ///
    /// - Returns: Whether it is so.
    @discardableResult
    mutating func audit(newest: UInt64) -> Bool {
        let wasBalanced = isBalanced
        isBalanced = ledger.isConserved(newest: newest)
        if wasBalanced && !isBalanced { tell(.unbalanced) }
        return isBalanced
    }

    /// The folder takes nothing: the other one is next, where there is one.
    ///
    /// Write and sync thread find that out for themselves. Whoever comes second has nothing to tell of
    /// the folder that is in use by then.
    mutating func failed(in folder: String, nowMs: UInt64) {
        guard folder == places.folder else { return }
        let hasOther = places.fail()
        isMoving = places.hasSecond && !unsyncedSegments.isEmpty
        changeHealth { $0.failed(nowMs: nowMs, hasOther: hasOther) }
    }

    /// The folder in use takes frames.
    mutating func probed() {
        changeHealth { $0.probed() }
        if places.takeNews() { tellHealth() }
    }

    /// Changes the health and tells when the state became another.
    mutating func changeHealth(_ change: (inout DiskHealth) -> Void) {
        let before = health.state
        change(&health)
        if health.state != before { tellHealth() }
    }

    mutating func tellHealth() {
        tell(.state(health.state, isSpaceLow: isSpaceLow, isSecond: places.isToldSecond))
    }

    /// Nothing in this segment that is not durable counts.
    mutating func condemn(_ segment: SpoolSegment) {
        segment.isCondemned = true
        unsyncedSegments.removeAll { $0 === segment }
        condemnedSegments.append(segment)
        if openSegment === segment { openSegment = nil }
    }

    /// A closed segment is on disk with all it has.
    mutating func settle(_ segment: SpoolSegment) {
        unsyncedSegments.removeAll { $0 === segment }
        silentPlaces.append(segment.place)
        silentPlaces.removeAll { $0.firstFrame < ledger.durableEnd }
    }

    /// All behind `durableEnd` is written anew, and what has it already must take over from none of that.
    mutating func distrustUncounted() {
        condemnedPlaces += silentPlaces
        silentPlaces = []
        for segment in unsyncedSegments where segment.firstFrame >= ledger.durableEnd {
            segment.durableCount = 0
        }
    }

    /// Frames that a power cut would take now and that are not declared lost.
    func backlogFrames(newest: UInt64) -> UInt64 {
        ledger.writtenFrames + ledger.queuedFrames(newest: newest)
    }

    /// Files without a frame that counts.
    var doomedPlaces: [SegmentMend.Place] {
        condemnedPlaces + condemnedSegments.filter { $0.durableCount == 0 }.map(\.place)
    }

    /// They are gone, for good.
    mutating func removed(_ places: [SegmentMend.Place]) {
        condemnedPlaces.removeAll(where: places.contains)
        condemnedSegments.removeAll { $0.durableCount == 0 && places.contains($0.place) }
    }

    /// Of frames that count elsewhere, and that a dead disk does not let go.
    private var stalePlaces: [SegmentMend.Place] { doomedPlaces + leftovers }

    /// The turn of a segment that begins with a frame.
    func turn(at frame: UInt64) -> Int {
        let isSilence = gap(at: frame) != nil
        let least = places.isSecond ? secondTurn : isSilence ? 0 : unseen?.turn ?? 0
        let stale = stalePlaces.filter { $0.firstFrame == frame }.map { $0.turn + 1 }
        return max(least, stale.max() ?? 0)
    }

    private func gap(at frame: UInt64) -> Range<UInt64>? {
        ledger.gaps.lazy.map(\.range).first { $0.contains(frame) }
    }

    /// Where a segment ends that begins with a frame: where a stale one begins another has to take over.
    func segmentEnd(from frame: UInt64, framesMax: UInt64) -> UInt64 {
        let stale = stalePlaces.map(\.firstFrame).filter { $0 > frame }
        let end = min(frame + framesMax, stale.min() ?? .max)
        guard let unseen else { return end }
        let silence = gap(at: frame)?.upperBound ?? .max
        return min(end, silence, unseen.segmentEnd(of: frame, segmentFrames: framesMax))
    }

    /// Why frames are lost now.
    var gapReason: GapReason { health.isRefusing ? .diskFailed : .diskStalled }

    /// As much is written ahead of the syncs as may be.
    var isFarAhead: Bool { ledger.writtenFrames >= unsyncedFramesMax }

    /// To where a sync is awaited: by a writer that is far ahead, or by a kept take that is in files; nil =
    /// by nobody.
    var syncWantedTo: UInt64? {
        if isFarAhead { return ledger.writtenEnd }
        return keptTakes.lazy.filter { $0.phase == .waiting }.map(\.window.toFrame).filter {
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

    init(
        feed: SpoolMemory, layout: SpoolLayout, sizes: DiskSizes = DiskSizes(),
        report: @escaping @Sendable (DiskReport) -> Void
    ) {
        self.feed = feed
        self.report = report
        let unsyncedFramesMax = max(1, sizes.unsyncedBytesMax / (4 * feed.channelCount))
        book = SpoolBook(
            startFrame: feed.diskCursor, places: SpoolPlaces(layout),
            unsyncedFramesMax: UInt64(unsyncedFramesMax), pinnedBytesMax: sizes.pinnedBytesMax)
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
            let (kept, holes) = (feed.overflow.ranges, feed.holes())
            let reason = book.gapReason
            for hole in holes where hole.lowerBound < oldest {
                book.ledger.lose(upTo: hole.lowerBound, kept: kept, reason: reason)
                book.ledger.lose(
                    upTo: min(hole.upperBound, oldest), kept: kept, reason: .engineRestart)
            }
            book.ledger.lose(upTo: oldest, kept: kept, reason: reason)
            let isBalanced = book.audit(newest: feed.newestFrame())
            assert(isBalanced, "framesIn = durable + written + queued + gap")
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
                bufferFrames: feed.capacityFrames, state: book.health.state,
                isSecond: book.places.isToldSecond, syncTimes: book.syncTimes)
        }
    }
}
