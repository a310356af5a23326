import Foundation

/// What a headless device plays as its input.
protocol HeadlessInput: AnyObject {
    /// Stereo pairs that it plays.
    var pairCount: Int { get }
    /// Sources that they make.
    var sourceCount: Int { get }
    var frameCount: Int { get }

    /// Copies what frames from `frame` on hear, each channel `strideFrames` after the one before.
    /// Thread: the device's.
    func read(
        from frame: Int64, frames: Int, into out: UnsafeMutablePointer<Float>, strideFrames: Int)
}

/// A WAV file in memory, played in a loop: each two of its channels are a stereo pair.
///
/// Frame `n` of the engine's timeline hears frame `n` modulo the file's length, always.
final class InputSound: HeadlessInput, @unchecked Sendable {
    /// Planar: left and right of the first pair, then of the second.
    private let planes: UnsafeMutablePointer<Float>
    let pairCount: Int
    let frameCount: Int
    /// Whether the file had another rate than the engine.
    let isResampled: Bool

    /// Source 0 is what is played, the sum of several pairs; then each of those.
    var sourceCount: Int { pairCount > 1 ? 1 + pairCount : 1 }

    /// The first pair.
    var left: UnsafePointer<Float> { UnsafePointer(planes) }
    var right: UnsafePointer<Float> { UnsafePointer(planes + frameCount) }

    /// Reads the whole file. Thread: control; it may take seconds for a long file.
    init(path: String, sampleRateHz: Int) throws(DeviceError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DeviceError(code: ErrorCode.inputFile, detail: "\(path) cannot be read")
        }
        let wav: WavFile
        do throws(WavFile.Fault) {
            wav = try WavFile(data)
        } catch {
            throw DeviceError(code: ErrorCode.inputFile, detail: "\(path): \(error.says)")
        }
        isResampled = wav.sampleRateHz != sampleRateHz
        let rate = wav.sampleRateHz
        let sides = wav.pairs.map { side in
            rate == sampleRateHz ? side : Resampler.convert(side, from: rate, to: sampleRateHz)
        }
        pairCount = sides.count / 2
        frameCount = sides[0].count
        planes = .allocate(capacity: sides.count * frameCount)
        for (index, side) in sides.enumerated() {
            (planes + index * frameCount).initialize(from: side, count: frameCount)
        }
    }

    deinit { planes.deallocate() }

    func read(
        from frame: Int64, frames: Int, into out: UnsafeMutablePointer<Float>, strideFrames: Int
    ) {
        for channel in 0..<2 * pairCount {
            let side = planes + channel * frameCount
            var place = Int(frame % Int64(frameCount))
            var done = 0
            while done < frames {
                let run = min(frames - done, frameCount - place)
                (out + channel * strideFrames + done).update(from: side + place, count: run)
                done += run
                place = place + run == frameCount ? 0 : place + run
            }
        }
    }
}
