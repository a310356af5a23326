/// A straight line from one gain to another in a fixed number of frames.
///
/// The length is counted in frames, not in blocks: any block size gives the same values.
struct Ramp: BitwiseCopyable {
    private var start: Float
    private var target: Float
    private var lengthFrames: Int32
    private var doneFrames: Int32

    @_noLocks @_noAllocation
    init(_ value: Float) {
        start = value
        target = value
        lengthFrames = 0
        doneFrames = 0
    }

    @_noLocks @_noAllocation
    func isMoving() -> Bool { doneFrames < lengthFrames }

    @_noLocks @_noAllocation
    func end() -> Float { target }

    /// The gain of the frame `offset` frames ahead; after the last step exactly the target.
    @_noLocks @_noAllocation
    func value(_ offset: Int) -> Float {
        let step = doneFrames &+ Int32(truncatingIfNeeded: offset) &+ 1
        if step >= lengthFrames { return target }
        return start + (target - start) * (Float(step) / Float(lengthFrames))
    }

    /// The gains of four frames from `offset` ahead on, each twice, for left and right: the same bits as
    /// `value`.
    @_noLocks @_noAllocation @inline(__always)
    func four(_ offset: Int) -> SIMD8<Float> {
        let first = Float(doneFrames &+ Int32(truncatingIfNeeded: offset) &+ 1)
        let steps = SIMD8<Float>(0, 0, 1, 1, 2, 2, 3, 3) + first
        let length = Float(lengthFrames)
        let way = start + (target - start) * (steps / length)
        return way.replacing(with: target, where: steps .>= length)
    }

    /// The gain of the frame before the next one.
    @_noLocks @_noAllocation
    func now() -> Float { value(-1) }

    /// Moves to `value` in `frames` frames from here on. The way it was on is left.
    @_noLocks @_noAllocation
    mutating func go(to value: Float, frames: Int) {
        if value == target { return }
        start = now()
        target = value
        lengthFrames = Int32(truncatingIfNeeded: frames)
        doneFrames = 0
    }

    @_noLocks @_noAllocation
    mutating func advance(_ frames: Int) {
        if !isMoving() { return }
        doneFrames = min(lengthFrames, doneFrames &+ Int32(truncatingIfNeeded: frames))
    }
}
