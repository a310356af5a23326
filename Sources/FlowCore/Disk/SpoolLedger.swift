/// Where every frame of the run is: durable, written, queued or declared lost.
///
/// `framesIn = durable + written + queued + gap` holds after every call. The four are counted
/// apart as frames move, so that `isConserved` can fail when a move was booked wrongly; that is all a
/// wrong move does: none ends the engine.
///
/// Positions are frames of the run. Everything before `durableEnd` survives a power cut, what
/// lies between it and `writtenEnd` is in files, and `heldEnd` is ahead of it while a write is
/// under way with frames already copied out of the ring.
struct SpoolLedger {
    let startFrame: UInt64
    private(set) var durableEnd: UInt64
    private(set) var writtenEnd: UInt64
    private(set) var heldEnd: UInt64

    private(set) var durableFrames: UInt64 = 0
    private(set) var writtenFrames: UInt64 = 0
    private(set) var gapFrames: UInt64 = 0

    /// Frames that no file will ever hold; in order, apart, and silence where files have them.
    private(set) var gaps: [SpoolGap] = []

    init(startFrame: UInt64) {
        self.startFrame = startFrame
        durableEnd = startFrame
        writtenEnd = startFrame
        heldEnd = startFrame
    }

    /// The run as files left by an engine before this one hold it, all synced.
    ///
    /// - Parameters:
    ///   - startFrame: First frame of the first file.
    ///   - durableEnd: One past the last frame of the last file.
    ///   - gaps: What that engine declared lost.
    ///   - undeclared: What it lost without being able to say so.
    init(
        startFrame: UInt64, durableEnd: UInt64, gaps: [Range<UInt64>],
        undeclared: [Range<UInt64>]
    ) {
        self.init(startFrame: startFrame)
        let known = gaps.map { SpoolGap(range: $0, reason: .diskStalled, isReported: true) }
        let new = undeclared.map { SpoolGap(range: $0, reason: .diskStalled, isReported: false) }
        self.gaps = (known + new).sorted { $0.range.lowerBound < $1.range.lowerBound }
        gapFrames = lostFrames(in: startFrame..<durableEnd)
        durableFrames = soundFrames(in: startFrame..<durableEnd)
        self.durableEnd = durableEnd
        writtenEnd = durableEnd
        heldEnd = durableEnd
    }

    /// Frames the ring still has to give, up to `newest`.
    func queuedFrames(newest: UInt64) -> UInt64 {
        guard newest > writtenEnd else { return 0 }
        return soundFrames(in: writtenEnd..<newest)
    }

    /// Whether the equation holds.
    func isConserved(newest: UInt64) -> Bool {
        let framesIn = max(newest, writtenEnd) - startFrame
        return framesIn
            == durableFrames + writtenFrames + queuedFrames(newest: newest) + gapFrames
    }

    /// How many frames of a range were declared lost.
    func lostFrames(in range: Range<UInt64>) -> UInt64 {
        gaps.reduce(0) { $0 + UInt64($1.range.clamped(to: range).count) }
    }

    private func soundFrames(in range: Range<UInt64>) -> UInt64 {
        Self.less(UInt64(range.count), lostFrames(in: range))
    }

    /// What is left of a count; never less than none.
    private static func less(_ count: UInt64, _ taken: UInt64) -> UInt64 {
        count - min(count, taken)
    }

    /// Declares lost what the ring has overwritten before it was copied.
    ///
    /// - Parameters:
    ///   - oldest: The oldest frame of the ring.
    ///   - kept: Frames that the overflow has.
    ///   - reason: Why they could not be written in time.
    mutating func lose(
        upTo oldest: UInt64, kept: [Range<UInt64>] = [], reason: GapReason = .diskStalled
    ) {
        guard heldEnd < oldest else { return }
        let from = heldEnd
        let known = gaps.filter { $0.range.upperBound > from }.map(\.range)
        for lost in FrameRanges.without([from..<oldest], kept + known) {
            declare(lost, reason)
        }
    }

    /// What comes next in the file: sound to copy, or the silence of a gap.
    ///
    /// - Parameters:
    ///   - newest: One past the newest frame of the ring.
    ///   - soundMax: The most frames of sound.
    ///   - silenceMax: The most frames of silence.
    /// - Returns: nil when there is nothing yet.
    func nextSpan(newest: UInt64, soundMax: UInt64, silenceMax: UInt64) -> SpoolSpan? {
        let from = writtenEnd
        let next = gaps.first { $0.range.upperBound > from }
        if let next, next.range.contains(from) {
            let end = min(next.range.upperBound, from + silenceMax)
            return SpoolSpan(range: from..<end, isSilence: true)
        }
        let end = min(newest, from + soundMax, next?.range.lowerBound ?? .max)
        return end > from ? SpoolSpan(range: from..<end, isSilence: false) : nil
    }

    /// The span is out of the ring and about to be written.
    mutating func hold(_ span: SpoolSpan) {
        heldEnd = span.range.upperBound
    }

    /// The write did not happen; the ring may overwrite the span.
    mutating func release() {
        heldEnd = writtenEnd
    }

    /// The span is in a file.
    ///
    /// - Returns: false when it is not what comes next: frames before it were queued again meanwhile.
    mutating func wrote(_ span: SpoolSpan) -> Bool {
        guard span.range.lowerBound == writtenEnd else { return false }
        writtenFrames += soundFrames(in: span.range)
        writtenEnd = span.range.upperBound
        heldEnd = writtenEnd
        return true
    }

    /// To where files are believed that survive a power cut up to `end`: of a gap all or nothing, so that
    /// no engine takes a part of its silence for sound.
    func wholeEnd(upTo end: UInt64) -> UInt64 {
        let gap = gaps.first { $0.range.lowerBound < end && $0.range.upperBound > end }
        return gap?.range.lowerBound ?? end
    }

    /// Files and folders up to here survive a power cut.
    mutating func synced(to syncedEnd: UInt64) {
        let end = min(syncedEnd, writtenEnd)
        guard end > durableEnd else { return }
        let frames = soundFrames(in: durableEnd..<end)
        writtenFrames = Self.less(writtenFrames, frames)
        durableFrames += frames
        durableEnd = end
    }

    /// Nothing that is written and not durable may be trusted: it is queued again.
    mutating func distrustUnsynced() {
        writtenFrames = Self.less(writtenFrames, soundFrames(in: durableEnd..<writtenEnd))
        writtenEnd = durableEnd
        heldEnd = durableEnd
    }

    /// A file went away that had been durable from `frame` on: that is queued again too.
    mutating func distrust(from frame: UInt64) {
        distrustUnsynced()
        guard frame < durableEnd else { return }
        durableFrames = Self.less(durableFrames, soundFrames(in: frame..<durableEnd))
        durableEnd = frame
        writtenEnd = frame
        heldEnd = frame
    }

    /// The gaps that ended since the last call: their silence is in the file, they grow no more.
    mutating func takeEndedGaps(upTo end: UInt64) -> [SpoolGap] {
        var ended: [SpoolGap] = []
        for index in gaps.indices
        where !gaps[index].isReported && gaps[index].range.upperBound <= end {
            gaps[index].isReported = true
            ended.append(gaps[index])
        }
        return ended
    }

    private mutating func declare(_ lost: Range<UInt64>, _ reason: GapReason) {
        gapFrames += UInt64(lost.count)
        let index = gaps.firstIndex { $0.range.lowerBound >= lost.upperBound } ?? gaps.count
        let last = index - 1
        if last >= 0, !gaps[last].isReported, gaps[last].reason == reason,
            gaps[last].range.upperBound == lost.lowerBound
        {
            gaps[last].range = gaps[last].range.lowerBound..<lost.upperBound
        } else {
            gaps.insert(SpoolGap(range: lost, reason: reason, isReported: false), at: index)
        }
    }
}

/// Frames declared lost.
struct SpoolGap: Equatable {
    var range: Range<UInt64>
    let reason: GapReason
    var isReported: Bool
}

/// The next frames of the spool: sound from the ring, or the silence of a gap.
struct SpoolSpan: Equatable {
    let range: Range<UInt64>
    let isSilence: Bool
}
