/// Interleaved stereo frames in memory, freed with their last holder unless handed on.
final class StereoFrames: @unchecked Sendable {
    let samples: UnsafeMutablePointer<Float>
    let frameCount: Int
    private var isHandedOn = false

    init(frameCount: Int) {
        self.frameCount = frameCount
        samples = .allocate(capacity: 2 * max(1, frameCount))
    }

    /// What a loop is made of, before it is made one.
    convenience init(copyOf audio: LoopAudio) {
        self.init(frameCount: audio.frameCount)
        samples.update(from: audio.samples, count: 2 * audio.frameCount)
    }

    func copy() -> StereoFrames {
        let copy = StereoFrames(frameCount: frameCount)
        copy.samples.update(from: samples, count: 2 * frameCount)
        return copy
    }

    deinit {
        if !isHandedOn { samples.deallocate() }
    }

    var byteCount: Int { 8 * frameCount }

    var bytes: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: samples, count: byteCount)
    }

    /// Leaves the memory to the caller, who frees it.
    func handOn() -> UnsafeMutablePointer<Float> {
        isHandedOn = true
        return samples
    }
}
