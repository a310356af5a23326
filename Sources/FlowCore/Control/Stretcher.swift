import CFlowLeaf
import Foundation

/// Rubber Band, wherever it is.
struct StretchLibrary: @unchecked Sendable {
    fileprivate let library: OpaquePointer?

    /// The one this machine has, if it has one.
    static let installed = StretchLibrary(library: flow_stretchlib_installed())

    private init(library: OpaquePointer?) { self.library = library }

    /// The one in this file; none when that is none.
    init(path: String) { library = flow_stretchlib_open(path) }

    var isHere: Bool { library != nil }

    /// CRC-32 of its file; 0 = none, or one that cannot be read.
    ///
    /// It tells no version of itself, and distributions build the same version differently.
    ///
    /// - Thread: any but audio; reads the file.
    var mark: UInt32 {
        guard let library, let path = flow_stretchlib_path(library),
            let bytes = FileManager.default.contents(atPath: String(cString: path))
        else { return 0 }
        var crc = Crc32()
        bytes.withUnsafeBytes { crc.add($0) }
        return crc.value
    }
}

/// Makes a loop longer or shorter at the same pitch, with Rubber Band's finer engine.
///
/// The loop is stretched in the middle of its own repetitions, so that its start and end are heard
/// as they are in the music; where they meet is the same seam as that of a capture.
struct Stretcher {
    let rateHz: Int
    /// Frames of the result per frame of the loop.
    let ratio: Double
    var library = StretchLibrary.installed

    /// Repetition on each side: longer than what the stretcher's windows reach.
    private static let surroundingFrames = 16_384
    /// As Rubber Band's own program feeds it: the engine's steps hang on it, a little.
    private static let blockFrames = 1_024
    /// The first of its two passes takes about so much of the time.
    private static let studyShare = 0.1

    /// One round of the stretched loop, to the nearest frame.
    ///
    /// `goesOn` is told how much of it is done, 0…1, and says whether the rest is wanted.
    ///
    /// - Returns: nil when it is not.
    func stretch(
        _ loop: LoopView, _ goesOn: (Double) -> Bool
    ) throws(EngineError) -> LoopAudio? {
        let length = max(1, Int((Double(loop.frames) * ratio).rounded()))
        // The ratio with which a round is a whole number of frames.
        let exact = Double(length) / Double(loop.frames)
        let before = Self.surroundingFrames
        let total = loop.frames + 2 * before
        let input = PlanarSound(frames: total) { index in
            let place = FrameMath.floorModulo(Int64(index - before), Int64(loop.frames))
            return (loop.samples[2 * Int(place)], loop.samples[2 * Int(place) + 1])
        }
        guard let output = try run(input, exact, goesOn) else { return nil }
        let start = Int((Double(before) * exact).rounded())
        let level = SeamLevel(rateHz: rateHz, ratio: exact)
        level.apply(to: output, at: start, from: input, at: before)
        level.apply(to: output, at: start + length, from: input, at: before + loop.frames)
        return cut(output, from: start, frames: length)
    }

    /// All of `input` through the stretcher.
    func run(
        _ input: PlanarSound, _ ratio: Double, _ goesOn: (Double) -> Bool
    ) throws(EngineError) -> PlanarSound? {
        let block = UInt32(Self.blockFrames)
        guard let library = library.library,
            let stretcher = flow_stretcher_open(
                library, UInt32(rateHz), ratio, UInt32(input.frames), block)
        else {
            throw EngineError(code: ErrorCode.stretcherMissing, detail: "no librubberband")
        }
        defer { flow_stretcher_close(stretcher) }
        let wanted = Int((Double(input.frames) * ratio).rounded())
        let output = PlanarSound(frames: wanted) { _ in (0, 0) }
        for at in stride(from: 0, to: input.frames, by: Self.blockFrames) {
            let share = Double(at) / Double(input.frames)
            if !goesOn(Self.studyShare * share) { return nil }
            let count = min(Self.blockFrames, input.frames - at)
            let isLast: Int32 = at + count == input.frames ? 1 : 0
            flow_stretcher_study(
                stretcher, input.left + at, input.right + at, UInt32(count), isLast)
        }
        var done = 0
        for at in stride(from: 0, to: input.frames, by: Self.blockFrames) {
            let share = Double(at) / Double(input.frames)
            if !goesOn(Self.studyShare + (1 - Self.studyShare) * share) { return nil }
            let count = min(Self.blockFrames, input.frames - at)
            let isLast: Int32 = at + count == input.frames ? 1 : 0
            flow_stretcher_process(
                stretcher, input.left + at, input.right + at, UInt32(count), isLast)
            done += take(from: stretcher, into: output, at: done)
        }
        return output
    }

    private func take(
        from stretcher: OpaquePointer, into output: PlanarSound, at start: Int
    ) -> Int {
        var done = 0
        while start + done < output.frames {
            let room = UInt32(output.frames - start - done)
            let at = start + done
            let taken = flow_stretcher_take(stretcher, output.left + at, output.right + at, room)
            if taken <= 0 { break }
            done += Int(taken)
        }
        return done
    }

    /// One round out of the middle; what was before it fades in under its end.
    func cut(_ sound: PlanarSound, from start: Int, frames: Int) -> LoopAudio {
        let loop = UnsafeMutablePointer<Float>.allocate(capacity: 2 * frames)
        sound.interleave(from: start, frames: frames, into: loop)
        let audio = LoopAudio(samples: loop, frameCount: frames, preRoll: nil, preRollFrames: 0)
        let fade = min(Seam.frames(rateHz: rateHz, loopFrames: frames), start)
        guard fade > 1 else { return audio }
        let preRoll = UnsafeMutablePointer<Float>.allocate(capacity: 2 * fade)
        defer { preRoll.deallocate() }
        sound.interleave(from: start - fade, frames: fade, into: preRoll)
        let end = UnsafePointer(loop + 2 * (frames - fade))
        let seam = Seam(end: end, preRoll: preRoll, frames: fade)
        LoopBaker.mix(seam, into: loop, length: frames, preRoll: preRoll)
        return audio
    }
}

/// Stereo sound with each side for itself.
final class PlanarSound {
    let frames: Int
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>

    init(frames: Int, _ frame: (Int) -> (Float, Float)) {
        self.frames = frames
        left = .allocate(capacity: frames)
        right = .allocate(capacity: frames)
        for index in 0..<frames { (left[index], right[index]) = frame(index) }
    }

    deinit {
        left.deallocate()
        right.deallocate()
    }

    func interleave(from start: Int, frames count: Int, into out: UnsafeMutablePointer<Float>) {
        for index in 0..<count {
            out[2 * index] = left[start + index]
            out[2 * index + 1] = right[start + index]
        }
    }
}
