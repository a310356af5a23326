/// The bytes before the samples of an exported WAV, its length known beforehand.
///
/// RIFF as long as the file's length fits into 32 bits, RF64 with a `ds64` chunk above (EBU Tech
/// 3306). Float32 RIFF has the `fact` chunk that readers ask for; in RF64 `ds64` says
/// the same. 24 bit is plain PCM.
struct ExportHeader {
    /// The largest file that is still RIFF; tests lower it.
    static let riffBytesMax = UInt64(UInt32.max)

    let isFloat: Bool
    let sampleRateHz: Int
    let frameCount: UInt64
    var riffBytesMax = Self.riffBytesMax

    private static let channelCount = 2
    private static let formatPcm: UInt64 = 1
    private static let formatFloat: UInt64 = 3
    private static let unknown = UInt64(UInt32.max)

    var frameBytes: Int { isFloat ? 8 : 6 }

    var dataBytes: UInt64 { frameCount * UInt64(frameBytes) }

    var isRf64: Bool { dataBytes + 128 > riffBytesMax }

    func encoded() -> [UInt8] {
        let chunks = formatChunk() + (isFloat && !isRf64 ? factChunk() : [])
        var bytes: [UInt8] = []
        // What follows the first eight bytes of the file.
        let riffBytes = 4 + (isRf64 ? 36 : 0) + UInt64(chunks.count) + 8 + dataBytes
        bytes += text(isRf64 ? "RF64" : "RIFF")
        bytes += number(isRf64 ? Self.unknown : riffBytes, 4)
        bytes += text("WAVE")
        if isRf64 {
            bytes += text("ds64") + number(28, 4) + number(riffBytes, 8) + number(dataBytes, 8)
            bytes += number(frameCount, 8) + number(0, 4)
        }
        bytes += chunks
        bytes += text("data") + number(isRf64 ? Self.unknown : dataBytes, 4)
        return bytes
    }

    private func formatChunk() -> [UInt8] {
        let sampleBytes = frameBytes / Self.channelCount
        var bytes = text("fmt ") + number(isFloat ? 18 : 16, 4)
        bytes += number(isFloat ? Self.formatFloat : Self.formatPcm, 2)
        bytes += number(UInt64(Self.channelCount), 2)
        bytes += number(UInt64(sampleRateHz), 4)
        bytes += number(UInt64(sampleRateHz * frameBytes), 4)
        bytes += number(UInt64(frameBytes), 2)
        bytes += number(UInt64(8 * sampleBytes), 2)
        return isFloat ? bytes + number(0, 2) : bytes
    }

    private func factChunk() -> [UInt8] {
        text("fact") + number(4, 4) + number(frameCount, 4)
    }

    private func text(_ name: String) -> [UInt8] { Array(name.utf8) }

    private func number(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
