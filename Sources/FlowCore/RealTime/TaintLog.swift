/// Frames in which the recorded sound was damaged: dropouts, gaps, clips.
///
/// Damages nearer to each other than any window is long are one; when there are too many, the two
/// oldest become one. So a damaged window is never called whole, and a whole one is called damaged
/// only where the sound was damaged hundreds of times since.
struct TaintLog: BitwiseCopyable {
    /// Ends exclusive; the oldest first.
    private let ranges: UnsafeMutablePointer<SIMD2<Int64>>
    private let capacity: Int
    private let joinFrames: Int64
    private var count = 0
    /// What was not told yet, and when something was.
    private var untold = SIMD2<Int64>(0, 0)
    private var toldFrame = Int64.min / 2

    /// Thread: control; freed by `deallocate`. No window is as short as `joinFrames`.
    init(capacity: Int, joinFrames: Int) {
        self.capacity = capacity
        self.joinFrames = Int64(joinFrames)
        ranges = .allocate(capacity: capacity)
        ranges.initialize(repeating: SIMD2(0, 0), count: capacity)
    }

    func deallocate() { ranges.deallocate() }

    /// Notes a damage that is to be told; none begins long before the one noted last, and one without
    /// frames is none.
    @_noLocks @_noAllocation
    mutating func add(from start: Int64, to end: Int64) {
        if start >= end { return }
        untold = isOwed() ? SIMD2(min(untold.x, start), max(untold.y, end)) : SIMD2(start, end)
        know(from: start, to: end)
    }

    /// Notes a damage without a word of it.
    @_noLocks @_noAllocation
    mutating func know(from start: Int64, to end: Int64) {
        if count > 0, start <= ranges[count - 1].y + joinFrames {
            ranges[count - 1].x = min(ranges[count - 1].x, start)
            ranges[count - 1].y = max(ranges[count - 1].y, end)
            return
        }
        if count == capacity {
            ranges[1].x = ranges[0].x
            for index in 1..<count { ranges[index - 1] = ranges[index] }
            count -= 1
        }
        ranges[count] = SIMD2(start, end)
        count += 1
    }

    /// Whether some damage was not told yet.
    @_noLocks @_noAllocation
    func isOwed() -> Bool { untold.x < untold.y }

    /// The damage that was not told yet, as one range; empty when there is none, or when less than
    /// `restFrames` have passed since some was told.
    @_noLocks @_noAllocation
    mutating func takeUntold(at frame: Int64, restFrames: Int64) -> SIMD2<Int64> {
        if !isOwed() || frame - toldFrame < restFrames { return SIMD2(0, 0) }
        let told = untold
        untold = SIMD2(0, 0)
        toldFrame = frame
        return told
    }

    @_noLocks @_noAllocation
    func touches(from start: Int64, to end: Int64) -> Bool {
        for index in 0..<count where ranges[index].x < end && ranges[index].y > start {
            return true
        }
        return false
    }
}
