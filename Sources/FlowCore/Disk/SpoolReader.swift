/// Reads frames of the timeline from the segments of a run, in its folder and in the second one.
///
/// A segment reaches to the end of its file or to the next segment's first frame, whichever comes
/// first: where two hold the same frames, the earlier file was distrusted and the later one counts.
///
/// Sound that is not what was synced is not read: it fails as if the file were damaged, and as far as
/// the segment's proof reaches. While the second folder cannot be read nothing else is: what counts in place
/// of the rest may lie there.
///
/// - Thread: any one at a time. Lists the folder once, so make a new one for each job.
final class SpoolReader {
    private struct Entry {
        let firstFrame: UInt64
        let endMax: UInt64
        let path: String
    }

    private struct OpenSegment {
        let entry: Entry
        let file: any RawFile
        let header: WavHeader
        let endFrame: UInt64
        /// Of the file; another segment may take over before.
        let frameCount: UInt64
        let blocks: [SegmentProof.Block]
    }

    private static let framesPerRead = 8192

    private let files: any FileSystem
    private let entries: [Entry]
    /// There is a second folder, and it cannot be read now.
    private let isSecondAway: Bool
    private var current: OpenSegment?
    /// Blocks of the current segment that are as they were written.
    private var provenBlocks: Set<Int> = []

    init(files: any FileSystem, folder: String) throws(FileError) {
        self.files = files
        let second = SpoolLayout.second(of: folder)
        let (names, later) = (try files.names(in: folder), try? files.names(in: second))
        isSecondAway = later == nil && names.contains(SpoolLayout.secondName)
        let found =
            Self.segments(of: names, in: folder)
            + Self.segments(of: later ?? [], in: second)
        // Sorting keeps those of the second folder behind their namesakes.
        let segments = found.sorted { ($0.firstFrame, $0.turn) < ($1.firstFrame, $1.turn) }
        entries = segments.indices.map { index in
            Entry(
                firstFrame: segments[index].firstFrame,
                endMax: index + 1 < segments.count ? segments[index + 1].firstFrame : .max,
                path: segments[index].path)
        }
    }

    private static func segments(
        of names: [String], in folder: String
    ) -> [(firstFrame: UInt64, turn: Int, path: String)] {
        names.compactMap { name in
            SegmentName.parts(of: name).map { ($0.firstFrame, $0.turn, joinPath(folder, name)) }
        }
    }

    /// The rate of the segment that holds a frame.
    func sampleRateHz(at frame: UInt64) throws(FileError) -> Int {
        try segment(holding: frame).header.sampleRateHz
    }

    /// How many of the frames right before `frame` there are, at most `wanted`.
    func framesBefore(_ frame: UInt64, wanted: Int) -> Int {
        var first = frame
        let least = frame - min(frame, UInt64(wanted))
        while first > least, let found = try? segment(holding: first - 1) {
            first = max(least, found.entry.firstFrame)
        }
        return Int(frame - first)
    }

    /// Header of the first segment that holds a frame of the range; nil when none does.
    func shape(in range: Range<UInt64>) -> WavHeader? {
        let first = try? segment(holding: range.lowerBound)
        if let first { return first.header }
        guard let next = start(ofSoundAfter: range.lowerBound), next < range.upperBound else {
            return nil
        }
        return (try? segment(holding: next))?.header
    }

    /// One past the last frame that can be read in one piece from `frame` on; nil when no file has it.
    func end(ofSoundAt frame: UInt64) -> UInt64? { (try? segment(holding: frame))?.endFrame }

    /// First frame of the next segment behind `frame`; nil when there is none.
    func start(ofSoundAfter frame: UInt64) -> UInt64? {
        entries.first { $0.firstFrame > frame }?.firstFrame
    }

    /// What the files hold of a range for a source; segment by segment, in order.
    func held(in range: Range<UInt64>, source: Int) -> [Range<UInt64>] {
        entries.compactMap { entry in
            let most = (entry.firstFrame..<max(entry.firstFrame, entry.endMax)).clamped(to: range)
            guard !most.isEmpty, let found = try? segment(holding: most.lowerBound),
                2 * source + 2 <= found.header.channelCount
            else { return nil }
            return (entry.firstFrame..<found.endFrame).clamped(to: range)
        }
    }

    /// Copies one source's stereo frames.
    ///
    /// Throws when any frame of the range is in no file.
    func read(
        _ range: Range<UInt64>, source: Int, into out: UnsafeMutablePointer<Float>
    ) throws(FileError) {
        var at = range.lowerBound
        while at < range.upperBound {
            let segment = try segment(holding: at)
            let end = min(range.upperBound, segment.endFrame, at + UInt64(Self.framesPerRead))
            let target = out + 2 * Int(at - range.lowerBound)
            try read(at..<end, of: segment, source: source, into: target)
            at = end
        }
    }

    private func read(
        _ range: Range<UInt64>, of segment: OpenSegment, source: Int,
        into out: UnsafeMutablePointer<Float>
    ) throws(FileError) {
        let header = segment.header
        guard 2 * source + 2 <= header.channelCount else {
            throw FileError(.read, path: segment.entry.path, code: FileError.missing)
        }
        try prove(range, of: segment)
        let count = range.count * header.frameBytes
        let offset = header.byteOffset(of: range.lowerBound - segment.entry.firstFrame)
        let bytes = try segment.file.readArray(of: count, at: offset)
        guard bytes.count == count else {
            throw FileError(.read, path: segment.entry.path, code: FileError.damaged)
        }
        bytes.withUnsafeBytes { raw in
            for frame in 0..<range.count {
                let from = frame * header.frameBytes + 8 * source
                out[2 * frame] = raw.loadUnaligned(fromByteOffset: from, as: Float.self)
                out[2 * frame + 1] = raw.loadUnaligned(fromByteOffset: from + 4, as: Float.self)
            }
        }
    }

    /// Throws when a block that holds frames of the range changed since it was synced.
    private func prove(
        _ range: Range<UInt64>, of segment: OpenSegment
    ) throws(FileError) {
        let first = segment.entry.firstFrame
        let inFile = range.lowerBound - first..<range.upperBound - first
        for (index, block) in segment.blocks.enumerated() {
            // One that the file no longer holds whole proves nothing about the rest.
            if block.frames.upperBound > segment.frameCount { break }
            if !block.frames.overlaps(inFile) || provenBlocks.contains(index) { continue }
            let (from, to) = (block.frames.lowerBound, block.frames.upperBound)
            let bytes = segment.header.byteOffset(of: from)..<segment.header.byteOffset(of: to)
            if try segment.file.checksum(of: bytes, after: block.before) != block.behind {
                throw FileError(.read, path: segment.entry.path, code: FileError.damaged)
            }
            provenBlocks.insert(index)
        }
    }

    private func segment(holding frame: UInt64) throws(FileError) -> OpenSegment {
        if let current, (current.entry.firstFrame..<current.endFrame).contains(frame) {
            return current
        }
        guard let entry = entries.last(where: { $0.firstFrame <= frame }) else {
            throw FileError(.read, code: FileError.missing)
        }
        let file = try files.open(entry.path, writable: false)
        let header = try file.readWavHeader()
        let blocks = SegmentProof(files: files, ofSegmentAt: entry.path).blocks
        var frames = header.frames(inFileOf: try file.byteCount())
        if isSecondAway { frames = min(frames, blocks.last?.frames.upperBound ?? 0) }
        let end = min(entry.endMax, entry.firstFrame + frames)
        guard frame < end else {
            throw FileError(.read, path: entry.path, code: FileError.missing)
        }
        let opened = OpenSegment(
            entry: entry, file: file, header: header, endFrame: end, frameCount: frames,
            blocks: blocks)
        current = opened
        provenBlocks = []
        return opened
    }
}
