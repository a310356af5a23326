/// How a run's spool lies on disk: one folder of WAV segments, all sources interleaved.
///
/// With a second folder, on another disk, segments go on there while the first takes nothing; a link in
/// the first leads to it, so that whoever reads needs to know the first alone.
struct SpoolLayout: Sendable {
    /// The name of that link.
    static let secondName = "second"

    let folder: String
    /// The second folder itself; nil = nothing is written there, though something may lie there.
    let secondFolder: String?
    let channelCount: Int
    let sampleRateHz: Int
    /// Frames of a full segment.
    let segmentFrames: UInt64

    init(
        folder: String, secondFolder: String? = nil, channelCount: Int, sampleRateHz: Int,
        segmentFrames: UInt64
    ) {
        self.folder = folder
        self.secondFolder = secondFolder
        self.channelCount = channelCount
        self.sampleRateHz = sampleRateHz
        self.segmentFrames = segmentFrames
    }

    init(folder: String, secondFolder: String? = nil, feed: any SpoolFeed) {
        self.init(
            folder: folder, secondFolder: secondFolder, channelCount: feed.channelCount,
            sampleRateHz: feed.sampleRateHz,
            segmentFrames: UInt64(Limits.spoolSegmentSeconds * feed.sampleRateHz))
    }

    var bytesPerSecond: UInt64 { UInt64(channelCount * 4 * sampleRateHz) }

    /// Of a full one, header included.
    var segmentBytes: UInt64 { header(frameCount: segmentFrames).byteOffset(of: segmentFrames) }

    func header(frameCount: UInt64) -> WavHeader {
        WavHeader(channelCount: channelCount, sampleRateHz: sampleRateHz, frameCount: frameCount)
    }

    /// Where segments of the run may lie. Of two that begin with the same frame the later one counts.
    var folders: [String] { [folder, secondFolder ?? Self.second(of: folder)] }

    static func second(of folder: String) -> String { joinPath(folder, secondName) }

    /// Segments that were removed for their age, in the form of the index; the session writes it.
    static let forgottenName = "forgotten.jsonl"
}

/// `seg-000000000000.wav`: the number is the segment's first frame.
///
/// `seg-000000000000-1.wav` holds the same frames and counts instead: the file before it, on a disk that was
/// dead, could not be removed.
enum SegmentName {
    private static let prefix = "seg-"
    private static let suffix = ".wav"
    private static let digitCount = 12
    /// Nothing makes so many frames, or as many turns: sums of them are numbers.
    private static let firstFrameMax: UInt64 = 1 << 53
    private static let turnMax = 1 << 20

    static func make(firstFrame: UInt64, turn: Int = 0) -> String {
        let digits = String(firstFrame)
        let zeros = String(repeating: "0", count: max(0, digitCount - digits.count))
        return prefix + zeros + digits + (turn > 0 ? "-\(turn)" : "") + suffix
    }

    static func firstFrame(of name: String) -> UInt64? { parts(of: name)?.firstFrame }

    /// Of namesakes the one with the highest turn counts, or else that of the second folder.
    static func parts(of name: String) -> (firstFrame: UInt64, turn: Int)? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let words = name.dropFirst(prefix.count).dropLast(suffix.count)
            .split(separator: "-", omittingEmptySubsequences: false)
        guard let digits = words.first, digits.count >= digitCount, words.count <= 2,
            words.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let firstFrame = UInt64(digits), firstFrame < firstFrameMax
        else { return nil }
        if words.count == 1 { return (firstFrame, 0) }
        guard let turn = Int(words[1]), (1...turnMax).contains(turn) else { return nil }
        return (firstFrame, turn)
    }
}

func joinPath(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
