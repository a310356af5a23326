/// How loud each of a device's stereo pairs comes in: before its source is captured and summed.
///
/// A gain is reached along a ramp. Pairs that all have gain 1 pass untouched and uncopied.
///
/// - Thread: audio for everything that is marked; `init` and `deallocate` control.
struct PairGains: BitwiseCopyable {
    private let ramps: UnsafeMutablePointer<Ramp>
    /// Planar: the pairs of a chunk, louder or softer.
    private let planes: UnsafeMutablePointer<Float>
    private let chunkFrames: Int

    init(chunkFrames: Int) {
        self.chunkFrames = chunkFrames
        ramps = .allocate(capacity: Limits.sourceCountMax)
        ramps.initialize(repeating: Ramp(1), count: Limits.sourceCountMax)
        let samples = 2 * Limits.sourceCountMax * chunkFrames
        planes = .allocate(capacity: samples)
        planes.initialize(repeating: 0, count: samples)
    }

    func deallocate() {
        ramps.deallocate()
        planes.deallocate()
    }

    @_noLocks @_noAllocation
    func set(_ pair: Int, to gain: Float, rampFrames: Int) {
        ramps[pair].go(to: gain, frames: rampFrames)
    }

    /// The pairs as they are captured, at most a chunk of them; they last until the next call.
    ///
    /// A single pair is source 0 itself and has no gain of its own. What a replay brings was
    /// captured once: its gains are in it.
    @_noLocks @_noAllocation
    func apply(to pairs: InputPairs, frames: Int) -> InputPairs {
        if pairs.hasSum || !pairs.isSeveral() || isUnity(pairs.count) { return pairs }
        for pair in 0..<pairs.count {
            for channel in 2 * pair...2 * pair + 1 {
                let (from, to) = (pairs.plane(channel), planes + channel * chunkFrames)
                if ramps[pair].isMoving() {
                    for index in 0..<frames { to[index] = from[index] * ramps[pair].value(index) }
                } else {
                    let gain = ramps[pair].end()
                    for index in 0..<frames { to[index] = from[index] * gain }
                }
            }
            ramps[pair].advance(frames)
        }
        return InputPairs(planes, count: pairs.count, strideFrames: chunkFrames)
    }

    @_noLocks @_noAllocation
    private func isUnity(_ count: Int) -> Bool {
        for pair in 0..<count where ramps[pair].isMoving() || ramps[pair].end() != 1 {
            return false
        }
        return true
    }
}
