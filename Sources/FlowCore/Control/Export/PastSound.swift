/// Where an export's sound comes from: tracks of stereo frames that can be asked for in order.
///
/// - Thread: export.
protocol ExportSound: AnyObject {
    var trackCount: Int { get }
    var sampleRateHz: Int { get }

    /// Makes what has to be made before the first frame can be read.
    ///
    /// `goesOn` is asked now and then; false ends it with `cancelled`.
    func prepare(_ goesOn: () -> Bool) throws(ExportError)

    /// One past the last frame that can be read now.
    func availableEnd() -> UInt64

    /// Interleaved frames of one track.
    func read(
        _ track: Int, _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(ExportError)

    /// What of the exported range was nowhere to be found and is silence in the files.
    var missing: [Range<UInt64>] { get }
}

/// What the sources were played, from the ring and from the spool's segments.
///
/// The ring first: it holds what no file has yet. What neither has is silence, and is told.
final class PastSound: ExportSound {
    /// Nil for a run that has ended.
    private let ring: RingReader?
    private let files: any FileSystem
    private let spoolFolder: String
    private var spool: SpoolReader?
    private(set) var trackCount: Int
    private(set) var sampleRateHz: Int
    private(set) var missing: [Range<UInt64>] = []

    /// The run that is being played.
    init(feed: any SpoolFeed, files: any FileSystem, spoolFolder: String) {
        ring = RingReader(feed: feed)
        trackCount = feed.channelCount / 2
        sampleRateHz = feed.sampleRateHz
        self.files = files
        self.spoolFolder = spoolFolder
    }

    /// A run that has ended; nil when no segment of it holds a frame of the range.
    init?(of range: Range<UInt64>, files: any FileSystem, spoolFolder: String) {
        guard let reader = try? SpoolReader(files: files, folder: spoolFolder),
            let shape = reader.shape(in: range)
        else { return nil }
        ring = nil
        spool = reader
        trackCount = shape.channelCount / 2
        sampleRateHz = shape.sampleRateHz
        self.files = files
        self.spoolFolder = spoolFolder
    }

    func prepare(_ goesOn: () -> Bool) {}

    func availableEnd() -> UInt64 { ring?.feed.newestFrame() ?? .max }

    func read(
        _ track: Int, _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) throws(ExportError) {
        if let ring, ring.read(range, source: track, into: out) { return }
        var at = range.lowerBound
        while at < range.upperBound {
            let rest = at..<range.upperBound
            let target = out + 2 * Int(at - range.lowerBound)
            if let end = readFiles(track, rest, into: target) {
                at = end
            } else if let end = readRing(track, rest, into: target) {
                at = end
            } else {
                let end = soundAgain(after: rest)
                target.update(repeating: 0, count: 2 * Int(end - at))
                note(at..<end)
                at = end
            }
        }
    }

    /// Reads what the segments hold at the start of the range.
    ///
    /// - Returns: Where it ends; nil when they do not have its first frame, also not since now.
    private func readFiles(
        _ track: Int, _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) -> UInt64? {
        for isFresh in [false, true] {
            if isFresh || spool == nil {
                spool = try? SpoolReader(files: files, folder: spoolFolder)
            }
            guard let reader = spool, let end = reader.end(ofSoundAt: range.lowerBound) else {
                continue
            }
            let part = range.lowerBound..<min(end, range.upperBound)
            if (try? reader.read(part, source: track, into: out)) != nil { return part.upperBound }
        }
        return nil
    }

    /// Reads what the ring still holds at the start of the range.
    private func readRing(
        _ track: Int, _ range: Range<UInt64>, into out: UnsafeMutablePointer<Float>
    ) -> UInt64? {
        guard let ring else { return nil }
        let end = min(range.upperBound, ring.feed.newestFrame())
        guard range.lowerBound < end else { return nil }
        return ring.read(range.lowerBound..<end, source: track, into: out) ? end : nil
    }

    /// Where sound begins again that is nowhere at the start of the range.
    private func soundAgain(after range: Range<UInt64>) -> UInt64 {
        let inFiles = spool?.start(ofSoundAfter: range.lowerBound) ?? .max
        let oldest = ring?.feed.oldestFrame() ?? 0
        let inRing = oldest > range.lowerBound ? oldest : .max
        return min(range.upperBound, inFiles, inRing)
    }

    private func note(_ range: Range<UInt64>) {
        missing = FrameRanges.joined(missing + [range])
    }
}
