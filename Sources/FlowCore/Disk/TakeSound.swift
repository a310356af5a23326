/// One source's frames from wherever they are: memory, the ring, the files of a take, or the spool.
///
/// - Thread: any one at a time.
final class TakeSound {
    private static let framesPerRead: UInt64 = 16_384

    private let window: TakeWindow
    /// The window in memory.
    private let pinned: StereoFrames?
    /// What was heard right before it.
    private let before: StereoFrames?
    /// Memory that has its source; nil = none.
    private let feed: (any SpoolFeed)?
    private let source: Int
    private let rateHz: Int
    private let files: any FileSystem
    private let folder: String
    private let take: TakeFileReader?
    private var spool: SpoolReader?

    /// Of a window; `spoolFolder` is that of the run that is being played, empty when nothing is spooled.
    /// `dry` has what `feed` has not: source 0 without its plug-ins, which is never spooled.
    init(
        of window: TakeWindow, pinned: StereoFrames? = nil, before: StereoFrames? = nil,
        feed: any SpoolFeed, dry: (any SpoolFeed)? = nil, files: any FileSystem, spoolFolder: String
    ) {
        self.window = window
        self.pinned = pinned
        self.before = before
        self.feed = window.isSpooled ? feed : window.isDry ? dry : nil
        source = window.isSpooled ? window.sourceIndex : 0
        rateHz = feed.sampleRateHz
        self.files = files
        let spool = window.isOfEarlierRun ? window.spoolFolder : spoolFolder
        folder = window.isSpooled ? spool : ""
        take = window.files.map { TakeFileReader(files: files, $0) }
    }

    func sampleRateHz() throws(FileError) -> Int {
        if !window.isOfEarlierRun { return rateHz }
        if let rate = take?.sampleRateHz { return rate }
        return try opened().sampleRateHz(at: window.fromFrame)
    }

    /// What is there of a range, in order and apart: `spooled` is what `spooled(in:)` says of it, `gaps` are
    /// frames of this run that no file will hold.
    ///
    /// Frames that nobody heard, or that were declared lost, are silence in spool and ring; they are
    /// not taken for sound.
    func held(
        in range: Range<UInt64>, spooled: [Range<UInt64>], without gaps: [Range<UInt64>]
    ) -> [Range<UInt64>] {
        var held = FrameRanges.without(spooled, window.isOfEarlierRun ? [] : gaps)
        if !window.isOfEarlierRun, let feed {
            held += feed.heldRanges().map { $0.clamped(to: range) }
            held = FrameRanges.without(held, feed.holes())
        }
        if let take { held.append(take.frames.clamped(to: range)) }
        if before != nil { held.append(beforeFrames.clamped(to: range)) }
        return FrameRanges.joined(held)
    }

    func frames(_ range: Range<UInt64>) throws(FileError) -> StereoFrames {
        let frames = StereoFrames(frameCount: range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            let end = min(range.upperBound, at + Self.framesPerRead)
            try read(at..<end, into: frames.samples + 2 * Int(at - range.lowerBound))
            at = end
        }
        return frames
    }

    func read(
        _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(FileError) {
        if let pinned, range.clamped(to: window.frames) == range {
            let from = pinned.samples + 2 * Int(range.lowerBound - window.fromFrame)
            out.update(from: from, count: 2 * range.count)
            return
        }
        if let before, range.clamped(to: beforeFrames) == range {
            let from = before.samples + 2 * Int(range.lowerBound - beforeFrames.lowerBound)
            out.update(from: from, count: 2 * range.count)
            return
        }
        if !window.isOfEarlierRun, readRing(range, into: out) { return }
        guard let take, !take.frames.clamped(to: range).isEmpty else {
            return try readTimeline(range, into: out)
        }
        let inside = take.frames.clamped(to: range)
        try readTimeline(range.lowerBound..<inside.lowerBound, into: out)
        try take.read(inside, into: out + 2 * Int(inside.lowerBound - range.lowerBound))
        try readTimeline(
            inside.upperBound..<range.upperBound,
            into: out + 2 * Int(inside.upperBound - range.lowerBound))
    }

    private var beforeFrames: Range<UInt64> {
        window.fromFrame - UInt64(before?.frameCount ?? 0)..<window.fromFrame
    }

    /// Out of memory, and what that has lost out of the spool.
    private func readTimeline(
        _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(FileError) {
        if window.isOfEarlierRun { return try readSpool(range, into: out) }
        guard let feed else { return try readSpool(range, into: out) }
        let oldest = min(max(range.lowerBound, feed.heldFrom), range.upperBound)
        try readSpool(range.lowerBound..<oldest, into: out)
        let rest = oldest..<range.upperBound
        let end = out + 2 * Int(oldest - range.lowerBound)
        if rest.isEmpty || readRing(rest, into: end) { return }
        // It came round meanwhile.
        if feed.heldFrom > oldest { return try readTimeline(rest, into: end) }
        try readSpool(rest, into: end)
    }

    private func readRing(
        _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) -> Bool {
        feed.map { RingReader(feed: $0).read(range, source: source, into: out) } ?? false
    }

    /// What the spool's files have of a range, synced or not; older ones are removed to make room.
    func spooled(in range: Range<UInt64>) -> [Range<UInt64>] {
        guard !folder.isEmpty, let reader = try? SpoolReader(files: files, folder: folder) else {
            return []
        }
        let lines = SpoolIndex.lines(files: files, folder: folder)
        let declared = lines.compactMap { line in
            if case .gap(let gap) = line { gap } else { nil }
        }
        return FrameRanges.without(reader.held(in: range, source: source), declared)
    }

    private func readSpool(
        _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(FileError) {
        if range.isEmpty { return }
        guard window.isSpooled else { throw FileError(.read, code: FileError.missing) }
        do {
            try opened().read(range, source: source, into: out)
        } catch {
            // The files have grown since they were listed: the ring gave these frames to them.
            spool = nil
            try opened().read(range, source: source, into: out)
        }
    }

    private func opened() throws(FileError) -> SpoolReader {
        if let spool { return spool }
        let opened = try SpoolReader(files: files, folder: folder)
        spool = opened
        return opened
    }
}
