/// The sync thread's work: makes what is written survive a power cut, and says so.
///
/// - Thread: sync. One call can take seconds while `write` looks perfect, hence its own thread.
final class SpoolSync: @unchecked Sendable {
    private static let spaceCheckMs: UInt64 = 5000
    /// With room for less sound than this the player is warned.
    static let spaceSecondsMin: UInt64 = 600

    private let desk: SpoolDesk
    private let files: any FileSystem
    private let layout: SpoolLayout
    private let index: SpoolIndex
    private let clockNs: @Sendable () -> Int64
    private var nextSyncMs: UInt64 = 0
    private var hasCredited = false
    private var nextSpaceCheckMs: UInt64 = 0

    /// - Parameters:
    ///   - desk: What the disk threads share.
    ///   - files: The file system.
    ///   - layout: Where the run is spooled.
    ///   - index: Of its segments and gaps.
    ///   - clockNs: How long a sync took is told by it.
    init(
        desk: SpoolDesk, files: any FileSystem, layout: SpoolLayout, index: SpoolIndex,
        clockNs: @escaping @Sendable () -> Int64 = monotonicNs
    ) {
        self.desk = desk
        self.files = files
        self.layout = layout
        self.index = index
        self.clockNs = clockNs
    }

    /// Syncs when it is time or a kept take waits for it.
    ///
    /// - Parameters:
    ///   - nowMs: Time of the monotonic clock.
    ///   - isForced: At the end: whatever the time.
    func step(nowMs: UInt64, isForced: Bool = false) {
        let isDue = desk.locked { book in
            book.isRecovered
                && (isForced || nowMs >= nextSyncMs || book.syncWantedTo != nil || book.isMoving)
        }
        if !isDue { return }
        // The first file comes when it comes: what is in it does not wait a whole interval more.
        let isRefusing = desk.locked { $0.health.isRefusing }
        let isFirst = !hasCredited && !isRefusing
        nextSyncMs = nowMs + UInt64(isFirst ? Limits.spoolRestMs : Limits.spoolSyncMs)
        if desk.locked({ $0.isMoving }) { distrust() }
        // A disk that refuses is tried by the write thread, with a probe.
        if isForced || !isRefusing {
            if let failed = syncAll() {
                distrust()
                desk.locked { $0.failed(in: failed, nowMs: nowMs) }
            }
        }
        for gap in desk.locked({ $0.ledger.takeEndedGaps(upTo: $0.ledger.durableEnd) }) {
            declare(gap)
        }
        index.flush(in: folder)
        checkSpace(nowMs: nowMs)
        desk.sendReports()
    }

    private var folder: String { desk.locked { $0.places.folder } }

    /// How long the thread may sleep.
    func sleepMs(nowMs: UInt64) -> Int {
        // Whoever recovers the files rings when there is something to do.
        guard desk.locked({ $0.isRecovered }) else { return Limits.spoolSyncMs }
        return nextSyncMs > nowMs ? Int(nextSyncMs - nowMs) : 0
    }

    /// Declares gaps whose silence never reached a file: nothing comes after them. What no file has and no
    /// ring keeps is one of them.
    func declareOpenGaps() {
        let newest = desk.feed.newestFrame()
        desk.locked { book in
            if !book.isRingKept { book.ledger.lose(upTo: newest, reason: book.gapReason) }
        }
        for gap in desk.locked({ $0.ledger.takeEndedGaps(upTo: .max) }) { declare(gap) }
        index.flush(in: folder)
        desk.sendReports()
    }

    private struct SyncWork {
        let segment: SpoolSegment
        let frameCount: UInt64
        let crc: Crc32
        let isClosed: Bool
    }

    /// - Returns: The folder that took nothing; nil when all is synced.
    private func syncAll() -> String? {
        var tried = folder
        do throws(FileError) {
            try syncAll(from: &tried)
            return nil
        } catch {
            return tried
        }
    }

    /// `folder` becomes that of the file at hand.
    private func syncAll(from folder: inout String) throws(FileError) {
        let (work, isFolderUnsynced) = desk.locked { book in
            defer { book.isFolderUnsynced = false }
            let work = book.unsyncedSegments.map {
                SyncWork(
                    segment: $0, frameCount: $0.frameCount, crc: $0.crc, isClosed: $0.isClosed)
            }
            return (work, book.isFolderUnsynced)
        }
        if isFolderUnsynced {
            for item in work {
                item.segment.proof.open(files: files, ofSegmentAt: item.segment.path)
            }
            try files.syncFolder(folder)
        }
        for item in work {
            folder = item.segment.folder
            // Only this thread changes the durable count.
            if item.frameCount == item.segment.durableCount && !item.isClosed { continue }
            try sync(item.segment.file)
            if !item.segment.file.isAt(item.segment.path) {
                desk.locked { _ in item.segment.durableCount = 0 }
                throw FileError(.sync, path: item.segment.path, code: FileError.missing)
            }
            if item.frameCount > item.segment.durableCount {
                item.segment.proof.add(.init(frames: item.frameCount, crc: item.crc))
            }
            try credit(item)
            // Saved sound does not wait for what only proves it.
            item.segment.proof.sync()
        }
    }

    /// Also one that fails has taken its time.
    private func sync(_ file: any RawFile) throws(FileError) {
        let startNs = clockNs()
        defer { desk.locked { $0.syncTimes.add(ns: clockNs() - startNs) } }
        try file.sync()
    }

    private func credit(_ item: SyncWork) throws(FileError) {
        hasCredited = true
        let segment = item.segment
        // At once: a gap that grows in between would end behind what is called durable.
        let (end, ended) = desk.locked { book in
            let end = book.ledger.wholeEnd(upTo: segment.firstFrame + item.frameCount)
            return (end, book.ledger.takeEndedGaps(upTo: end))
        }
        for gap in ended { declare(gap) }
        // An engine that adopts these files must be able to tell silence from sound.
        if index.hasUnwrittenGap { try index.write(in: folder) }
        desk.locked { book in
            segment.durableCount = item.frameCount
            segment.durableCrc = item.crc
            book.ledger.synced(to: end)
            if item.isClosed {
                book.settle(segment)
                if item.frameCount > 0 { indexSegment(segment, &book) }
            }
            // An engine that adopts the ring believes this alone: first of all.
            desk.feed.setDiskCursor(book.ledger.durableEnd)
            book.tellSpooledTakes()
            book.places.succeed()
            book.changeHealth { $0.succeeded() }
        }
        desk.monitor.ring()
    }

    /// After a failed sync the files must not be believed, not even if a second sync succeeds; nor are those
    /// in a folder that takes nothing.
    private func distrust() {
        desk.locked { book in
            // One that is gone took with it what had been durable in it.
            let gone = book.unsyncedSegments.first { $0.durableCount == 0 }
            book.ledger.distrust(from: gone?.firstFrame ?? .max)
            book.distrustUncounted()
            desk.feed.setDiskCursor(book.ledger.durableEnd)
            for segment in book.unsyncedSegments {
                segment.isCondemned = true
                if segment.durableCount > 0 { indexSegment(segment, &book) }
            }
            book.condemnedSegments += book.unsyncedSegments
            book.unsyncedSegments = []
            book.openSegment = nil
            book.isFolderUnsynced = true
            book.isMoving = false
        }
        desk.monitor.ring()
    }

    private func indexSegment(_ segment: SpoolSegment, _ book: inout SpoolBook) {
        let crc = segment.durableCrc.value
        index.add(.segment(first: segment.firstFrame, frames: segment.durableCount, crc: crc))
        book.tell(
            .segmentClosed(
                firstFrame: segment.firstFrame,
                toFrame: segment.firstFrame + segment.durableCount, crc: crc))
    }

    private func declare(_ gap: SpoolGap) {
        index.add(.gap(gap.range))
        desk.locked { book in
            book.tell(
                .gap(
                    fromFrame: gap.range.lowerBound, toFrame: gap.range.upperBound,
                    reason: gap.reason, isOld: false))
        }
    }

    /// Warns while there is still time to make room.
    private func checkSpace(nowMs: UInt64) {
        if nowMs < nextSpaceCheckMs { return }
        nextSpaceCheckMs = nowMs + Self.spaceCheckMs
        guard let free = try? files.freeBytes(in: folder) else { return }
        let wanted = layout.bytesPerSecond * Self.spaceSecondsMin
        desk.locked { book in
            // Once warned, it takes a tenth more to call it off.
            let isLow = free < (book.isSpaceLow ? wanted + wanted / 10 : wanted)
            if isLow == book.isSpaceLow { return }
            book.isSpaceLow = isLow
            book.tellHealth()
        }
    }
}
