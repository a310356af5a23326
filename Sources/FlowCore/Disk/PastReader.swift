/// Reads any frames of the past that are still there: out of the ring, and what that has lost out of
/// the spool; or out of the spool of an earlier run.
///
/// Frames that nobody heard, or that were declared lost, are silence in the files; they are not
/// taken for sound.
///
/// - Thread: load.
struct PastReader: Sendable {
    /// What the seam may need of the sound before the window.
    private static let preRollMs = 50
    private static let framesPerRead: UInt64 = 16_384

    let files: any FileSystem
    /// The spool of this run; empty when nothing is spooled.
    let folder: String
    let feed: any SpoolFeed
    /// Frames of this run that no file will ever hold.
    let gaps: [Range<UInt64>]

    enum Answer {
        case kept(LoopAudio)
        /// Not all of it is there; the longest part that is, empty when there is none.
        case partly(Range<UInt64>)
        case unreadable
    }

    func read(_ window: TakeWindow) -> Answer {
        let held = held(around: window)
        guard let piece = held.first(where: { $0.clamped(to: window.frames) == window.frames })
        else {
            let parts = held.map { $0.clamped(to: window.frames) }
            return .partly(parts.max { $0.count < $1.count } ?? window.fromFrame..<window.fromFrame)
        }
        do throws(FileError) {
            let sound = Sound(of: self, window)
            let rate = try sound.sampleRateHz(at: window.fromFrame)
            let wanted = UInt64(rate * Self.preRollMs / 1_000)
            let before = window.fromFrame - min(wanted, window.fromFrame - piece.lowerBound)
            let preRoll = try sound.read(before..<window.fromFrame)
            let frames = try sound.read(window.frames)
            return .kept(
                LoopAudio(
                    samples: frames.handOn(), frameCount: frames.frameCount,
                    preRoll: preRoll.handOn(), preRollFrames: preRoll.frameCount))
        } catch {
            return .unreadable
        }
    }

    static func report(_ id: TakeID, _ answer: Answer) -> DiskReport {
        switch answer {
        case .kept(let audio): .takeLoaded(id: id, code: 0, audio: audio)
        case .partly(let range): .rangeNotKept(id: id, kept: range)
        case .unreadable: .takeLoaded(id: id, code: ErrorCode.takeUnreadable, audio: nil)
        }
    }

    /// What is there of the window and of what the seam needs before it; in order and apart.
    private func held(around window: TakeWindow) -> [Range<UInt64>] {
        let isPast = !window.spoolFolder.isEmpty
        let from = window.fromFrame - min(window.fromFrame, UInt64(Limits.rateHzMax))
        let range = from..<window.toFrame
        let folder = isPast ? window.spoolFolder : folder
        let lines = SpoolIndex.lines(files: files, path: joinPath(folder, "index.jsonl"))
        let declared = lines.compactMap { line in
            if case .gap(let gap) = line { gap } else { nil }
        }
        let reader = folder.isEmpty ? nil : try? SpoolReader(files: files, folder: folder)
        var held = reader?.held(in: range, source: window.sourceIndex) ?? []
        held = FrameRanges.without(held, declared + (isPast ? [] : gaps))
        if isPast { return FrameRanges.joined(held) }
        let newest = feed.newestFrame()
        held.append((min(feed.oldestFrame(), newest)..<newest).clamped(to: range))
        return FrameRanges.without(FrameRanges.joined(held), feed.holes())
    }

    /// One source's frames, wherever they are.
    private final class Sound {
        private let past: PastReader
        private let source: Int
        private let folder: String
        private let isPast: Bool
        private var spool: SpoolReader?

        init(of past: PastReader, _ window: TakeWindow) {
            self.past = past
            source = window.sourceIndex
            isPast = !window.spoolFolder.isEmpty
            folder = isPast ? window.spoolFolder : past.folder
        }

        func sampleRateHz(at frame: UInt64) throws(FileError) -> Int {
            isPast ? try opened().sampleRateHz(at: frame) : past.feed.sampleRateHz
        }

        func read(_ range: Range<UInt64>) throws(FileError) -> StereoFrames {
            let frames = StereoFrames(frameCount: range.count)
            var at = range.lowerBound
            while at < range.upperBound {
                let end = min(range.upperBound, at + PastReader.framesPerRead)
                let out = frames.samples + 2 * Int(at - range.lowerBound)
                try read(at..<end, into: out)
                at = end
            }
            return frames
        }

        private func read(
            _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
        ) throws(FileError) {
            let ring = RingReader(feed: past.feed)
            if !isPast, ring.read(range, source: source, into: out) { return }
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
            let opened = try SpoolReader(files: past.files, folder: folder)
            spool = opened
            return opened
        }
    }
}

/// Sums and differences of frame ranges.
enum FrameRanges {
    /// In order and apart; what touches is one.
    static func joined(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        let sorted = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        return sorted.reduce(into: []) { list, range in
            guard let last = list.last, range.lowerBound <= last.upperBound else {
                list.append(range)
                return
            }
            list[list.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        }
    }

    /// What is in `ranges` and in none of `holes`.
    static func without(
        _ ranges: [Range<UInt64>], _ holes: [Range<UInt64>]
    ) -> [Range<UInt64>] {
        holes.reduce(ranges) { left, hole in
            left.flatMap { range in
                let cut = hole.clamped(to: range)
                guard !cut.isEmpty else { return [range] }
                return [range.lowerBound..<cut.lowerBound, cut.upperBound..<range.upperBound]
                    .filter { !$0.isEmpty }
            }
        }
    }
}
