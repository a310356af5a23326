/// How a run's spool lies on disk: one folder of WAV segments, all sources interleaved.
struct SpoolLayout: Sendable {
    let folder: String
    let channelCount: Int
    let sampleRateHz: Int
    /// Frames of a full segment.
    let segmentFrames: UInt64

    init(folder: String, channelCount: Int, sampleRateHz: Int, segmentFrames: UInt64) {
        self.folder = folder
        self.channelCount = channelCount
        self.sampleRateHz = sampleRateHz
        self.segmentFrames = segmentFrames
    }

    init(folder: String, feed: any SpoolFeed) {
        self.init(
            folder: folder, channelCount: feed.channelCount, sampleRateHz: feed.sampleRateHz,
            segmentFrames: UInt64(Limits.spoolSegmentSeconds * feed.sampleRateHz))
    }

    var bytesPerSecond: UInt64 { UInt64(channelCount * 4 * sampleRateHz) }

    func header(frameCount: UInt64) -> WavHeader {
        WavHeader(channelCount: channelCount, sampleRateHz: sampleRateHz, frameCount: frameCount)
    }

    func path(ofSegmentAt firstFrame: UInt64) -> String {
        joinPath(folder, SegmentName.make(firstFrame: firstFrame))
    }

    var indexPath: String { joinPath(folder, "index.jsonl") }

    /// Segments that were removed for their age, in the form of the index; the session writes it.
    var forgottenPath: String { joinPath(folder, "forgotten.jsonl") }
}

/// `seg-000000000000.wav`: the number is the segment's first frame.
enum SegmentName {
    private static let prefix = "seg-"
    private static let suffix = ".wav"
    private static let digitCount = 12

    static func make(firstFrame: UInt64) -> String {
        let digits = String(firstFrame)
        let zeros = String(repeating: "0", count: max(0, digitCount - digits.count))
        return prefix + zeros + digits + suffix
    }

    static func firstFrame(of name: String) -> UInt64? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard digits.count >= digitCount, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        return UInt64(digits)
    }
}

func joinPath(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
