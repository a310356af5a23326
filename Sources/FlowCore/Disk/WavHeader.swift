/// The 58 bytes before the samples: RIFF, an 18-byte `fmt ` chunk of IEEE float, `fact`, `data`.
///
/// Readers take the number of frames from the file's length, never from here: the header is
/// written when the file is made and may be older than the samples.
struct WavHeader: Equatable {
    static let byteCount = 58
    private static let formatFloat: UInt64 = 3
    private static let sampleBytes = 4

    let channelCount: Int
    let sampleRateHz: Int
    /// What the header claims; above 4 GiB it claims the most it can.
    let frameCount: UInt64

    var frameBytes: Int { channelCount * Self.sampleBytes }

    /// Whole frames in a file of this length.
    func frames(inFileOf byteCount: UInt64) -> UInt64 {
        let header = UInt64(Self.byteCount)
        return byteCount <= header ? 0 : (byteCount - header) / UInt64(frameBytes)
    }

    /// Where a frame begins in the file.
    func byteOffset(of frame: UInt64) -> UInt64 {
        UInt64(Self.byteCount) + frame * UInt64(frameBytes)
    }

    func encoded() -> [UInt8] {
        let dataBytes = min(frameCount * UInt64(frameBytes), UInt64(UInt32.max) - 50)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        func text(_ name: String) { bytes += Array(name.utf8) }
        func number(_ value: UInt64, _ count: Int) {
            for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
        }
        text("RIFF")
        number(dataBytes + UInt64(Self.byteCount - 8), 4)
        text("WAVEfmt ")
        number(18, 4)
        number(Self.formatFloat, 2)
        number(UInt64(channelCount), 2)
        number(UInt64(sampleRateHz), 4)
        number(UInt64(sampleRateHz * frameBytes), 4)
        number(UInt64(frameBytes), 2)
        number(UInt64(8 * Self.sampleBytes), 2)
        number(0, 2)
        text("fact")
        number(4, 4)
        number(dataBytes / UInt64(frameBytes), 4)
        text("data")
        number(dataBytes, 4)
        return bytes
    }

    init(channelCount: Int, sampleRateHz: Int, frameCount: UInt64) {
        self.channelCount = channelCount
        self.sampleRateHz = sampleRateHz
        self.frameCount = frameCount
    }

    /// Reads a header that `encoded` made, whatever its lengths say.
    ///
    /// - Returns: nil when the bytes are anything else.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount else { return nil }
        func number(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        func isText(_ name: String, at offset: Int) -> Bool {
            bytes[offset..<offset + name.utf8.count].elementsEqual(name.utf8)
        }
        guard isText("RIFF", at: 0), isText("WAVEfmt ", at: 8), isText("fact", at: 38),
            isText("data", at: 50), number(16, 4) == 18, number(20, 2) == Int(Self.formatFloat),
            number(34, 2) == 8 * Self.sampleBytes
        else { return nil }
        channelCount = number(22, 2)
        sampleRateHz = number(24, 4)
        let frameBytes = number(32, 2)
        guard (1...2 * Limits.sourceCountMax).contains(channelCount),
            (Limits.rateHzMin...Limits.rateHzMax).contains(sampleRateHz),
            frameBytes == channelCount * Self.sampleBytes
        else { return nil }
        frameCount = UInt64(number(54, 4) / frameBytes)
    }
}

extension RawFile {
    /// The header of this file.
    func readWavHeader() throws(FileError) -> WavHeader {
        let bytes = try readArray(of: WavHeader.byteCount, at: 0)
        guard let header = bytes.withUnsafeBytes({ WavHeader($0) }) else {
            throw FileError(.format, code: FileError.damaged)
        }
        return header
    }

    func writeWavHeader(_ header: WavHeader) throws(FileError) {
        try writeAll(header.encoded(), at: 0)
    }
}
