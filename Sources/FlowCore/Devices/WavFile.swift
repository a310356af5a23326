import Foundation

/// The sound of a PCM (16, 24, 32 bit) or Float32 WAV file as stereo pairs.
///
/// Mono goes to both sides; of an odd number of channels above one the first two are taken, and of
/// very many so many that each pair can be a source. Header sizes are not trusted: the data ends where the file does.
struct WavFile {
    let sampleRateHz: Int
    /// Left and right of the first pair, then of the second.
    let pairs: [[Float]]
    var left: [Float] { pairs[0] }
    var right: [Float] { pairs[1] }

    /// Why a file is not one.
    struct Fault: Error {
        let says: String
    }

    private struct Format {
        var isFloat = false
        var channels = 0
        var rateHz = 0
        var bits = 0
    }

    init(_ data: Data) throws(Fault) {
        let bytes = [UInt8](data)
        guard bytes.count >= 12, WavFile.tag(bytes, 0) == "RIFF", WavFile.tag(bytes, 8) == "WAVE"
        else { throw Fault(says: "not a WAV file") }
        var format: Format?
        var sound: Range<Int>?
        var at = 12
        while at + 8 <= bytes.count, sound == nil {
            let size = Int(WavFile.number(bytes, at + 4, 4))
            let body = at + 8
            let end = min(bytes.count, body + size)
            switch WavFile.tag(bytes, at) {
            case "fmt ": format = WavFile.format(bytes, body..<end)
            case "data": sound = body..<(size == 0 ? bytes.count : end)
            default: break
            }
            at = body + size + size % 2
        }
        guard let format, let sound else { throw Fault(says: "no format or no data chunk") }
        guard WavFile.isPlayable(format) else {
            throw Fault(says: "neither PCM 16, 24, 32 nor Float32")
        }
        let stride = format.channels * format.bits / 8
        let frames = sound.count / stride
        guard frames > 0 else { throw Fault(says: "no sound in it") }
        sampleRateHz = format.rateHz
        let isPaired = format.channels >= 2 && format.channels.isMultiple(of: 2)
        let taken = isPaired ? min(format.channels, 2 * (Limits.sourceCountMax - 1)) : 2
        pairs = (0..<taken).map { channel in
            let offset = min(channel, format.channels - 1) * format.bits / 8
            return WavFile.samples(
                bytes, from: sound.lowerBound + offset, stride, count: frames, format)
        }
    }

    private static func format(_ bytes: [UInt8], _ chunk: Range<Int>) -> Format? {
        guard chunk.count >= 16 else { return nil }
        let at = chunk.lowerBound
        var kind = number(bytes, at, 2)
        // The extensible kind names the real one at the start of its GUID.
        if kind == 0xfffe, chunk.count >= 26 { kind = number(bytes, at + 24, 2) }
        guard kind == 1 || kind == 3 else { return nil }
        return Format(
            isFloat: kind == 3, channels: Int(number(bytes, at + 2, 2)),
            rateHz: Int(number(bytes, at + 4, 4)), bits: Int(number(bytes, at + 14, 2)))
    }

    private static func isPlayable(_ format: Format) -> Bool {
        let depths = format.isFloat ? [32] : [16, 24, 32]
        return depths.contains(format.bits) && (1...64).contains(format.channels)
            && (4_000...768_000).contains(format.rateHz)
    }

    /// One channel; the last sample lies within `bytes`.
    private static func samples(
        _ bytes: [UInt8], from start: Int, _ stride: Int, count: Int, _ format: Format
    ) -> [Float] {
        let width = format.bits / 8
        return bytes.withUnsafeBytes { raw in
            [Float](unsafeUninitializedCapacity: count) { samples, filled in
                var at = start
                for index in 0..<count {
                    var word: UInt32 = 0
                    for byte in 0..<width { word |= UInt32(raw[at + byte]) << UInt32(8 * byte) }
                    let aligned = Int32(bitPattern: word << (32 - UInt32(format.bits)))
                    samples[index] =
                        format.isFloat ? Float(bitPattern: word) : Float(aligned) / 2_147_483_648
                    at += stride
                }
                filled = count
            }
        }
    }

    private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
    }

    private static func tag(_ bytes: [UInt8], _ at: Int) -> String {
        String(bytes[at..<at + 4].map { Character(UnicodeScalar($0)) })
    }
}
