import Foundation

/// The input of a logged run, read from its file as it is played; silence after its end.
///
/// Its pairs are the sources, source 0 first.
final class LoggedInput: HeadlessInput {
    let pairCount: Int
    let frameCount: Int
    private let data: Data

    var sourceCount: Int { pairCount }

    /// Thread: control.
    init(path: String, sampleRateHz: Int, sourceCount: Int) throws(DeviceError) {
        pairCount = sourceCount
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw DeviceError(code: ErrorCode.logFile, detail: "\(path) cannot be read")
        }
        let header = LoggedInput.header(rateHz: sampleRateHz, channels: 2 * sourceCount)
        guard data.prefix(header.count) == header else {
            throw DeviceError(
                code: ErrorCode.logFile,
                detail: "\(path) is not the input of a run with \(sourceCount) sources "
                    + "at \(sampleRateHz) Hz")
        }
        frameCount = (data.count - header.count) / (8 * sourceCount)
    }

    func read(
        from frame: Int64, frames: Int, into out: UnsafeMutablePointer<Float>, strideFrames: Int
    ) {
        let channels = 2 * pairCount
        let start = Int(min(frame, Int64(frameCount)))
        let known = min(frames, frameCount - start)
        data.withUnsafeBytes { bytes in
            var at = LoggedInput.headerBytes + 4 * channels * start
            for index in 0..<known {
                for channel in 0..<channels {
                    out[channel * strideFrames + index] = bytes.loadUnaligned(
                        fromByteOffset: at, as: Float.self)
                    at += 4
                }
            }
        }
        for channel in 0..<channels {
            (out + channel * strideFrames + known).update(repeating: 0, count: frames - known)
        }
    }

    static let headerBytes = 44

    /// Of a Float32 WAV whose data goes on to the end of the file.
    static func header(rateHz: Int, channels: Int) -> Data {
        var header = Data("RIFF".utf8)
        func add(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        func add(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        add(UInt32.max)
        header += Data("WAVEfmt ".utf8)
        add(UInt32(16))
        add(UInt16(3))
        add(UInt16(channels))
        add(UInt32(rateHz))
        add(UInt32(4 * channels * rateHz))
        add(UInt16(4 * channels))
        add(UInt16(32))
        header += Data("data".utf8)
        add(UInt32(0))
        return header
    }
}
