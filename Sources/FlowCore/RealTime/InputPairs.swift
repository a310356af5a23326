/// The device's stereo pairs for a stretch of frames, or none: silence.
///
/// Planar: left and right of the first pair, then of the second. What one plays through several
/// pairs is source 0, the sum of those that are switched on; the pairs are sources 1, 2, 3. A single
/// pair is source 0 itself. A replay also brings the sum as it was heard.
struct InputPairs: BitwiseCopyable {
    let count: Int
    /// Whether the sum lies before the first pair.
    let hasSum: Bool
    /// Address of the first plane; each is `strideFrames` further on.
    private var planes: UInt
    private let strideFrames: Int

    /// Silence.
    @_noLocks @_noAllocation
    init() {
        count = 0
        hasSum = false
        planes = 0
        strideFrames = 0
    }

    /// Of `count` pairs the first may be the sum of the others.
    @_noLocks @_noAllocation
    init(_ planes: UnsafePointer<Float>, count: Int, strideFrames: Int, hasSum: Bool = false) {
        self.planes = UInt(bitPattern: planes)
        self.count = hasSum ? count - 1 : count
        self.hasSum = hasSum
        self.strideFrames = strideFrames
    }

    @_noLocks @_noAllocation
    func isSeveral() -> Bool { count > 1 }

    /// The same from frame `frames` on.
    @_noLocks @_noAllocation
    func advanced(by frames: Int) -> InputPairs {
        var ahead = self
        ahead.planes += UInt(frames * MemoryLayout<Float>.stride)
        return ahead
    }

    /// One sample; `channel` counts left and right of every pair.
    @_noLocks @_noAllocation
    func sample(_ channel: Int, _ index: Int) -> Float { plane(channel)[index] }

    /// Channels of the sources that these pairs are, source 0 among them.
    @_noLocks @_noAllocation
    func channelCount() -> Int { isSeveral() ? 2 + 2 * count : 2 }

    /// What lies first: a single pair or the sum as it was heard, interleaved.
    @_noLocks @_noAllocation
    func first(into out: UnsafeMutablePointer<Float>, frames: Int) {
        let channel = hasSum ? -2 : 0
        Wide.join(left: plane(channel), right: plane(channel + 1), to: out, frames: frames)
    }

    /// Left or right of a pair.
    @_noLocks @_noAllocation
    func plane(_ channel: Int) -> UnsafePointer<Float> {
        let index = hasSum ? channel + 2 : channel
        return UnsafePointer<Float>(bitPattern: planes).unsafelyUnwrapped + index * strideFrames
    }
}
