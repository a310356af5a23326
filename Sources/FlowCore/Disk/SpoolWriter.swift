/// The write thread's work: moves frames from the ring into the open segment.
///
/// - Thread: write. It may hang in the disk for as long as that is frozen; nothing waits for it.
final class SpoolWriter: @unchecked Sendable {
    /// A write is small enough to leave the ring soon and large enough for a slow disk.
    private static let writeBytes = 1_048_576
    private static let writeFramesMin = 16_384
    /// Spans per step, so that the thread looks at the clock now and then.
    private static let spansPerStep = 64
    /// A file of before that cannot be read is tried again for so long; the rest goes on without it then.
    static let patienceMs = 2 * DiskHealth.retryMs

    private let desk: SpoolDesk
    private let files: any FileSystem
    private let layout: SpoolLayout
    private let probe: SpoolProbe
    private let opener: SegmentOpener
    private let soundFramesMax: UInt64
    private let buffer: UnsafeMutablePointer<Float>
    /// What the sync thread was woken for.
    private var wokenSyncTo: UInt64?
    private var recoveryBeganMs: UInt64?

    init(desk: SpoolDesk, files: any FileSystem, layout: SpoolLayout, sizes: DiskSizes) {
        self.desk = desk
        self.files = files
        self.layout = layout
        probe = SpoolProbe(files: files, layout: layout, sizes: sizes)
        opener = SegmentOpener(desk: desk, files: files, layout: layout)
        let frames = max(Self.writeFramesMin, Self.writeBytes / (4 * layout.channelCount))
        soundFramesMax = UInt64(frames)
        buffer = .allocate(capacity: frames * layout.channelCount)
    }

    deinit { buffer.deallocate() }

    /// Writes what the ring holds and the files do not.
    ///
    /// - Parameters:
    ///   - nowMs: Time of the monotonic clock.
    ///   - isForced: At the end: even when a refusing disk should be left alone for a while.
    /// - Returns: Whether all of it is written.
    @discardableResult
    func step(nowMs: UInt64, isForced: Bool = false) -> Bool {
        guard isForced || mayWrite(nowMs: nowMs) else { return false }
        for _ in 0..<Self.spansPerStep {
            desk.account()
            guard let plan = makePlan(isForced: isForced) else { break }
            do throws(FileError) {
                guard let segment = try segment(for: plan) else { continue }
                if let crc = try write(plan.span, to: segment) {
                    book(plan.span, in: segment, crc: crc)
                } else {
                    desk.locked { $0.ledger.release() }
                }
            } catch {
                giveUp(after: error, nowMs: nowMs)
                break
            }
        }
        let (isDone, syncWantedTo) = desk.locked { book in
            (
                book.ledger.queuedFrames(newest: desk.feed.newestFrame()) == 0,
                book.syncWantedTo
            )
        }
        // Once: the bell wakes this thread too, and would keep it running while a sync takes its time.
        if let syncWantedTo, syncWantedTo != wokenSyncTo { desk.monitor.ring() }
        wokenSyncTo = syncWantedTo
        desk.sendReports()
        return isDone
    }

    /// How long the thread may rest: while a kept take waits for its last frames, not long.
    var restMs: Int {
        let isAwaited = desk.locked { book in book.keptTakes.contains { $0.phase == .waiting } }
        return isAwaited ? Limits.spoolWriteMs : Limits.spoolRestMs
    }

    /// Takes over what an engine before this one left in the folder.
    ///
    /// - Returns: false when the files cannot be read or synced now.
    func recover(nowMs: UInt64, index: SpoolIndex) -> Bool {
        let beganMs = recoveryBeganMs ?? nowMs
        recoveryBeganMs = beganMs
        let isPatient = nowMs < beganMs + Self.patienceMs
        let recovery = SpoolRecovery(
            files: files, layout: layout, durableEnd: desk.feed.diskCursor,
            held: desk.feed.heldFrom..<desk.feed.newestFrame(), isPatient: isPatient)
        guard let found = try? recovery.run() else {
            if !isPatient { desk.locked { book in book.changeHealth { $0.failed(nowMs: nowMs) } } }
            return false
        }
        for line in found.newLines { index.add(line) }
        // Before the cursor falls behind what is there, as it may.
        if found.unseen != nil { index.flush(in: layout.folder) }
        desk.locked { book in
            book.takeOver(found)
            desk.feed.setDiskCursor(book.ledger.durableEnd)
        }
        ReservedRoom(files: files).release(besideRun: layout.folder)
        return true
    }

    /// Writes what is left, as far as the disk takes it, and ends the open segment.
    func finish(nowMs: UInt64) {
        var before: UInt64 = .max
        while !step(nowMs: nowMs, isForced: true) {
            let end = desk.locked { $0.ledger.writtenEnd }
            if end == before { break }
            before = end
        }
        closeSegment()
    }

    /// Ends the open segment, with the header its length deserves.
    private func closeSegment() {
        let open = desk.locked { book -> SpoolSegment? in
            defer { book.openSegment = nil }
            return book.openSegment
        }
        guard let open else { return }
        finish(open)
    }

    private struct WritePlan {
        let span: SpoolSpan
        let segment: SpoolSegment?
    }

    /// A disk that refused is tried with a probe, so that no sound goes where it may not stay.
    private func mayWrite(nowMs: UInt64) -> Bool {
        let (isRefusing, retryAtMs) = desk.locked { ($0.health.isRefusing, $0.health.retryAtMs) }
        guard isRefusing, desk.locked({ $0.isRecovered }) else { return true }
        guard nowMs >= retryAtMs, !desk.locked({ $0.isMoving }) else { return false }
        let folder = desk.locked { $0.places.folder }
        let isPassed = probe.isPassed(in: folder)
        desk.locked { isPassed ? $0.probed() : $0.failed(in: folder, nowMs: nowMs) }
        return isPassed
    }

    private func makePlan(isForced: Bool) -> WritePlan? {
        let newest = desk.feed.newestFrame()
        return desk.locked { book in
            guard book.isRecovered, !book.isMoving,
                isForced || !book.health.isRefusing && !book.isFarAhead
            else { return nil }
            let at = book.ledger.writtenEnd
            let end = book.segmentEnd(
                from: book.openSegment?.firstFrame ?? at, framesMax: layout.segmentFrames)
            let room = end - min(at, end)
            let span = book.ledger.nextSpan(
                newest: newest, soundMax: min(room, soundFramesMax), silenceMax: room)
            guard let span else { return nil }
            book.ledger.hold(span)
            return WritePlan(span: span, segment: book.openSegment)
        }
    }

    /// Writes the span behind what the segment has.
    ///
    /// - Returns: The checksum of the segment with it; nil when the ring came round meanwhile.
    private func write(_ span: SpoolSpan, to segment: SpoolSegment) throws(FileError) -> Crc32? {
        let header = layout.header(frameCount: layout.segmentFrames)
        let frame = span.range.lowerBound - segment.firstFrame
        let offset = header.byteOffset(of: frame)
        let count = span.range.count
        var crc = desk.locked { _ in segment.crc }
        if span.isSilence {
            // What a broken-off write may have left behind the end must not be heard.
            try segment.file.truncate(to: offset)
            try segment.file.truncate(to: header.byteOffset(of: frame + UInt64(count)))
            crc.addZeros(count * header.frameBytes)
            return crc
        }
        guard desk.feed.copy(from: span.range.lowerBound, frames: count, into: buffer) else {
            return nil
        }
        let bytes = UnsafeRawBufferPointer(start: buffer, count: count * header.frameBytes)
        try segment.file.writeAll(bytes, at: offset)
        crc.add(bytes)
        return crc
    }

    private func book(_ span: SpoolSpan, in segment: SpoolSegment, crc: Crc32) {
        let isFull = desk.locked { book in
            // A sync that failed meanwhile has queued these frames again.
            if segment.isCondemned { return false }
            guard book.ledger.wrote(span) else {
                book.condemn(segment)
                return false
            }
            book.changeHealth { $0.wrote() }
            segment.frameCount = span.range.upperBound - segment.firstFrame
            segment.crc = crc
            let end = book.segmentEnd(
                from: segment.firstFrame, framesMax: layout.segmentFrames)
            if segment.endFrame < end { return false }
            book.openSegment = nil
            return true
        }
        if isFull { finish(segment) }
    }

    private func giveUp(after error: FileError, nowMs: UInt64) {
        let broken = desk.locked { book -> SpoolSegment? in
            book.ledger.release()
            // One bad file is replaced; a disk that is full, read-only or away has no better place.
            let isOneFile = error.operation == .write && error.code == FileError.inputOutput
            let folder = book.openSegment?.folder ?? book.places.folder
            if !isOneFile || book.health.stumbled() { book.failed(in: folder, nowMs: nowMs) }
            // It is not touched again: what comes next goes into a new segment.
            defer { book.openSegment = nil }
            return book.openSegment
        }
        if let broken { finish(broken) }
        if desk.locked({ $0.isMoving }) { desk.monitor.ring() }
    }

    private func finish(_ segment: SpoolSegment) {
        let count = desk.locked { _ in segment.frameCount }
        if count < layout.segmentFrames {
            // Readers go by the file's length; a header that cannot be mended now is mended later.
            let header = layout.header(frameCount: count)
            try? segment.file.writeWavHeader(header)
            try? segment.file.truncate(to: header.byteOffset(of: count))
        }
        desk.locked { book in
            segment.isClosed = true
            // With nothing in it, it must take over from no other file of these frames.
            if count == 0 { book.condemn(segment) }
        }
    }

    /// - Returns: nil when the plan is out of date: a sync failed meanwhile.
    private func segment(for plan: WritePlan) throws(FileError) -> SpoolSegment? {
        if let segment = plan.segment { return segment }
        return try opener.open(at: plan.span.range.lowerBound)
    }
}
