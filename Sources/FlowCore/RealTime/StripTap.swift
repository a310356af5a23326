/// The look-back strip: lowest and highest sample of source 0 in every 24th of a beat.
struct StripTap: BitwiseCopyable {
    /// Complete buckets kept, two floats each.
    private let kept: UnsafeMutablePointer<Float>
    private let keptCount: Int
    /// In lanes, so that only a bucket's end looks for the one lowest.
    private var lowest: SIMD4<Float>
    private var highest: SIMD4<Float>
    private var index: Int64
    /// The frames of the present bucket that were not seen yet, by the grid they were counted by.
    private var nextFrame: Int64
    private var endFrame: Int64
    private var grid: Grid
    private var newestIndex: Int64
    /// Complete buckets right before and with the newest that follow each other without a hole.
    private var known: Int

    /// Thread: control; freed by `deallocate`.
    init(keptCount: Int) {
        self.keptCount = keptCount
        kept = .allocate(capacity: 2 * keptCount)
        kept.initialize(repeating: 0, count: 2 * keptCount)
        lowest = SIMD4(repeating: 0)
        highest = SIMD4(repeating: 0)
        index = Int64.min
        nextFrame = 0
        endFrame = 0
        grid = Grid()
        newestIndex = 0
        known = 0
    }

    func deallocate() { kept.deallocate() }

    @_noLocks @_noAllocation
    mutating func add(
        _ interleaved: UnsafePointer<Float>, count: Int, at frame: Int64, _ grid: Grid
    ) {
        var done = 0
        while done < count {
            let at = frame + Int64(done)
            if at != nextFrame || at >= endFrame || !grid.places(as: self.grid) {
                enter(at, grid)
            }
            let run = min(count - done, Int(endFrame - at))
            stretchBounds(interleaved + 2 * done, count: run)
            done += run
            nextFrame = at + Int64(run)
        }
    }

    /// Finds the bucket in which a frame lies.
    @_noLocks @_noAllocation @inline(never)
    private mutating func enter(_ frame: Int64, _ grid: Grid) {
        let into = grid.framesIntoBeat(at: frame)
        let part = into * 24 / grid.framesPerBeat
        begin(24 * grid.beat(at: frame) + part)
        endFrame = frame + ((part + 1) * grid.framesPerBeat + 23) / 24 - into
        self.grid = grid
    }

    @_noLocks @_noAllocation
    private mutating func stretchBounds(_ interleaved: UnsafePointer<Float>, count: Int) {
        var low = Wide.Frames(repeating: 0)
        var high = Wide.Frames(repeating: 0)
        let pairs = interleaved + 2 * (count & ~7)
        var from = interleaved
        while from < pairs {
            let (one, two) = (Wide.load(from), Wide.load(from + 8))
            low = Wide.smaller(two, Wide.smaller(one, low))
            high = Wide.larger(two, Wide.larger(one, high))
            from += 16
        }
        let (lows, highs) = (Wide.halves(low), Wide.halves(high))
        lowest = Wide.smaller(Wide.smaller(lows.0, lows.1), lowest)
        highest = Wide.larger(Wide.larger(highs.0, highs.1), highest)
        let end = interleaved + 2 * count
        while from < end {
            lowest[0] = min(lowest[0], from[0])
            highest[0] = max(highest[0], from[0])
            from += 1
        }
    }

    /// Keeps the bucket that ended when another begins.
    @_noLocks @_noAllocation
    private mutating func begin(_ bucket: Int64) {
        if bucket == index { return }
        if index != Int64.min {
            let slot = Int(FrameMath.floorModulo(index, Int64(keptCount)))
            kept[2 * slot] = min(min(lowest[0], lowest[1]), min(lowest[2], lowest[3]))
            kept[2 * slot + 1] = max(max(highest[0], highest[1]), max(highest[2], highest[3]))
            known = index == newestIndex + 1 ? min(keptCount, known + 1) : 1
            newestIndex = index
        }
        index = bucket
        lowest = SIMD4(repeating: 0)
        highest = SIMD4(repeating: 0)
    }

    /// Absolute index of the newest complete bucket: 24 × beat + part.
    @_noLocks @_noAllocation
    func newest() -> Int64 { newestIndex }

    /// Writes the newest buckets, oldest first, and returns how many.
    @_noLocks @_noAllocation
    func write(to out: UnsafeMutablePointer<Float>, atMost limit: Int) -> Int {
        let count = min(limit, known)
        for place in 0..<count {
            let bucket = newestIndex - Int64(count - 1 - place)
            let slot = Int(FrameMath.floorModulo(bucket, Int64(keptCount)))
            out[2 * place] = kept[2 * slot]
            out[2 * place + 1] = kept[2 * slot + 1]
        }
        return count
    }
}
