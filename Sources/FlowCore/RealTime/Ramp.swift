/// A straight line from one gain to another in a fixed number of frames.
///
/// The length is counted in frames, not in blocks: any block size gives the same values.
struct Ramp: BitwiseCopyable {
    fileprivate var start: Float
    fileprivate var target: Float
    fileprivate var lengthFrames: Int32
    fileprivate var doneFrames: Int32

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

    /// Whether it goes from and to the same gains, however far each is.
    @_noLocks @_noAllocation
    func isSameWay(as other: Ramp) -> Bool {
        start == other.start && target == other.target && lengthFrames == other.lengthFrames
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

/// The gains of both sides, four frames at a time: the same bits as `value` of their ramps.
struct RampLanes: BitwiseCopyable {
    private var steps: SIMD8<Float>
    private let lengths: SIMD8<Float>
    private let starts: SIMD8<Float>
    private let ways: SIMD8<Float>
    private let targets: SIMD8<Float>

    @_noLocks @_noAllocation @inline(__always)
    init(_ left: Ramp, _ right: Ramp) {
        let done = Wide.gains(Float(left.doneFrames), Float(right.doneFrames))
        steps = done + SIMD8<Float>(1, 1, 2, 2, 3, 3, 4, 4)
        lengths = Wide.gains(Float(left.lengthFrames), Float(right.lengthFrames))
        starts = Wide.gains(left.start, right.start)
        targets = Wide.gains(left.target, right.target)
        ways = targets - starts
    }

    /// Those of the next four frames.
    @_noLocks @_noAllocation @inline(__always)
    mutating func next() -> SIMD8<Float> {
        let gains = starts + ways * (steps / lengths)
        let isOver = steps .>= lengths
        steps += SIMD8<Float>(repeating: 4)
        return gains.replacing(with: targets, where: isOver)
    }
}
