/// The look-back strip: lowest and highest sample of source 0 in every 24th of a beat.
struct StripTap: BitwiseCopyable {
    /// Complete buckets kept, two floats each.
    private let kept: UnsafeMutablePointer<Float>
    private let keptCount: Int
    private var lowest: Float
    private var highest: Float
    private var index: Int64
    private var newestIndex: Int64
    /// Complete buckets right before and with the newest that follow each other without a hole.
    private var known: Int

    /// Thread: control; freed by `deallocate`.
    init(keptCount: Int) {
        self.keptCount = keptCount
        kept = .allocate(capacity: 2 * keptCount)
        kept.initialize(repeating: 0, count: 2 * keptCount)
        lowest = 0
        highest = 0
        index = Int64.min
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
            let into = grid.framesIntoBeat(at: at)
            let part = into * 24 / grid.framesPerBeat
            begin(24 * grid.beat(at: at) + part)
            let end = ((part + 1) * grid.framesPerBeat + 23) / 24
            let run = min(count - done, Int(end - into))
            stretchBounds(interleaved + 2 * done, count: run)
            done += run
        }
    }

    @_noLocks @_noAllocation
    private mutating func stretchBounds(_ interleaved: UnsafePointer<Float>, count: Int) {
        var low = Wide.Frames(repeating: lowest)
        var high = Wide.Frames(repeating: highest)
        let pairs = 2 * (count & ~7)
        var from = interleaved
        while from < interleaved + pairs {
            let (one, two) = (Wide.load(from), Wide.load(from + 8))
            low = Wide.smaller(two, Wide.smaller(one, low))
            high = Wide.larger(two, Wide.larger(one, high))
            from += 16
        }
        var at = pairs
        for lane in 0..<8 {
            lowest = min(lowest, low[lane])
            highest = max(highest, high[lane])
        }
        while at < 2 * count {
            lowest = min(lowest, interleaved[at])
            highest = max(highest, interleaved[at])
            at += 1
        }
    }

    /// Keeps the bucket that ended when another begins.
    @_noLocks @_noAllocation
    private mutating func begin(_ bucket: Int64) {
        if bucket == index { return }
        if index != Int64.min {
            let slot = Int(FrameMath.floorModulo(index, Int64(keptCount)))
            kept[2 * slot] = lowest
            kept[2 * slot + 1] = highest
            known = index == newestIndex + 1 ? min(keptCount, known + 1) : 1
            newestIndex = index
        }
        index = bucket
        lowest = 0
        highest = 0
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
