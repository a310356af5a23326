/// The device's stereo pairs for a stretch of frames, or none: silence.
///
/// Planar: left and right of the first pair, then of the second. What one plays through several
/// pairs is source 0, their sum; the pairs are sources 1, 2, 3. A single pair is source 0 itself. In
/// a replay the pairs are the sources, sum and all.
struct InputPairs: BitwiseCopyable {
    let count: Int
    /// Whether the first pair is the sum already.
    private let areSources: Bool
    /// Address of the first plane; each is `strideFrames` further on.
    private let planes: UInt
    private let strideFrames: Int

    /// Silence.
    @_noLocks @_noAllocation
    init() {
        count = 0
        areSources = false
        planes = 0
        strideFrames = 0
    }

    @_noLocks @_noAllocation
    init(
        _ planes: UnsafePointer<Float>, count: Int, strideFrames: Int, areSources: Bool = false
    ) {
        self.areSources = areSources
        self.planes = UInt(bitPattern: planes)
        self.count = count
        self.strideFrames = strideFrames
    }

    @_noLocks @_noAllocation
    func isSeveral() -> Bool { count > 1 }

    /// The same from frame `frames` on.
    @_noLocks @_noAllocation
    func advanced(by frames: Int) -> InputPairs {
        if count == 0 { return self }
        return InputPairs(
            plane(0) + frames, count: count, strideFrames: strideFrames, areSources: areSources)
    }

    /// One sample; `channel` counts left and right of every pair.
    @_noLocks @_noAllocation
    func sample(_ channel: Int, _ index: Int) -> Float { plane(channel)[index] }

    /// Where the channels of the sources begin that source 0 is the sum of.
    @_noLocks @_noAllocation
    func firstChannel() -> Int { areSources ? 2 : 0 }

    /// The source that a pair is; only of several.
    @_noLocks @_noAllocation
    func source(of pair: Int) -> Int { areSources ? pair : pair + 1 }

    /// Channels of the sources that these pairs are, source 0 among them.
    @_noLocks @_noAllocation
    func channelCount() -> Int { isSeveral() && !areSources ? 2 + 2 * count : max(2, 2 * count) }

    /// The sum of all pairs, interleaved.
    @_noLocks @_noAllocation
    func sum(into out: UnsafeMutablePointer<Float>, frames: Int) {
        if count == 0 {
            Wide.clear(out, frames: frames)
            return
        }
        Wide.join(left: plane(0), right: plane(1), to: out, frames: frames)
        for side in 0..<2 {
            for pair in 1..<(areSources ? 1 : count) {
                let more = plane(2 * pair + side)
                for index in 0..<frames { out[2 * index + side] += more[index] }
            }
        }
    }

    @_noLocks @_noAllocation
    private func plane(_ channel: Int) -> UnsafePointer<Float> {
        UnsafePointer<Float>(bitPattern: planes).unsafelyUnwrapped + channel * strideFrames
    }
}
