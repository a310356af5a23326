import Foundation

/// A WAV file in memory, played in a loop as source 0.
///
/// Frame `n` of the engine's timeline hears frame `n` modulo the file's length, always.
final class InputSound: @unchecked Sendable {
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>
    let frameCount: Int
    /// Whether the file had another rate than the engine.
    let isResampled: Bool

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
        var sides = [wav.left, wav.right]
        if isResampled {
            sides = sides.map {
                Resampler.convert($0, from: wav.sampleRateHz, to: sampleRateHz)
            }
        }
        frameCount = sides[0].count
        left = InputSound.copy(sides[0])
        right = InputSound.copy(sides[1])
    }

    deinit {
        left.deallocate()
        right.deallocate()
    }

    /// Copies what frames from `frame` on hear. Thread: the device's.
    func read(
        from frame: Int64, frames: Int,
        left outLeft: UnsafeMutablePointer<Float>, right outRight: UnsafeMutablePointer<Float>
    ) {
        var place = Int(frame % Int64(frameCount))
        var done = 0
        while done < frames {
            let run = min(frames - done, frameCount - place)
            (outLeft + done).update(from: left + place, count: run)
            (outRight + done).update(from: right + place, count: run)
            done += run
            place = place + run == frameCount ? 0 : place + run
        }
    }

    private static func copy(_ samples: [Float]) -> UnsafeMutablePointer<Float> {
        let copy = UnsafeMutablePointer<Float>.allocate(capacity: samples.count)
        copy.initialize(from: samples, count: samples.count)
        return copy
    }
}
