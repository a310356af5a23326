/// Peak and power of a stereo sound since the last reading.
struct LevelMeter: BitwiseCopyable {
    /// Left and right, of every other frame.
    private var peaks: SIMD4<Float>
    private var powers: SIMD4<Float>
    var frames: Int32

    @_noLocks @_noAllocation
    init() {
        peaks = SIMD4(repeating: 0)
        powers = SIMD4(repeating: 0)
        frames = 0
    }

    /// Measures interleaved frames.
    @_noLocks @_noAllocation
    mutating func measure(_ interleaved: UnsafePointer<Float>, frames count: Int) {
        var sum = Sum()
        let pairs = interleaved + 2 * (count & ~7)
        var from = interleaved
        while from < pairs {
            sum.add(Wide.load(from))
            sum.add(Wide.load(from + 8))
            from += 16
        }
        take(sum)
        let end = interleaved + 2 * count
        while from < end {
            note(from[0], from[1])
            from += 2
        }
        frames &+= Int32(truncatingIfNeeded: count)
    }

    /// Adds interleaved frames times standing gains to the bus and measures what was added.
    @_noLocks @_noAllocation @inline(__always)
    mutating func add(
        _ first: UnsafePointer<Float>, frames count: Int, gains: SIMD2<Float>,
        to bus: UnsafeMutablePointer<Float>
    ) {
        let wide = Wide.gains(gains.x, gains.y)
        var sum = Sum()
        var (from, to) = (first, bus)
        let pairs = first + 2 * (count & ~7)
        while from < pairs {
            let (one, two) = (Wide.load(from) * wide, Wide.load(from + 8) * wide)
            Wide.store(Wide.load(to) + one, to)
            Wide.store(Wide.load(to + 8) + two, to + 8)
            sum.add(one)
            sum.add(two)
            from += 16
            to += 16
        }
        take(sum)
        let end = first + 2 * count
        while from < end {
            addOne(from, gains.x, gains.y, to: to)
            from += 2
            to += 2
        }
    }

    /// The same with gains that may move.
    @_noLocks @_noAllocation
    mutating func add(
        _ from: UnsafePointer<Float>, frames count: Int, left: Ramp, right: Ramp,
        to bus: UnsafeMutablePointer<Float>
    ) {
        if !left.isMoving(), !right.isMoving() {
            add(from, frames: count, gains: SIMD2(left.end(), right.end()), to: bus)
            return
        }
        var gains = RampLanes(left, right)
        var sum = Sum()
        var index = 0
        while index + 4 <= count {
            let sound = Wide.load(from + 2 * index) * gains.next()
            Wide.store(Wide.load(bus + 2 * index) + sound, bus + 2 * index)
            sum.add(sound)
            index += 4
        }
        take(sum)
        while index < count {
            addOne(from + 2 * index, left.value(index), right.value(index), to: bus + 2 * index)
            index += 1
        }
    }

    /// What a loop over four frames at a time has measured.
    private struct Sum: BitwiseCopyable {
        var peaks = Wide.Frames(repeating: 0)
        var powers = Wide.Frames(repeating: 0)

        @_noLocks @_noAllocation @inline(__always)
        init() {}

        @_noLocks @_noAllocation @inline(__always)
        mutating func add(_ sound: Wide.Frames) {
            peaks = Wide.larger(Wide.magnitude(sound), peaks)
            powers += sound * sound
        }
    }

    @_noLocks @_noAllocation @inline(__always)
    private mutating func take(_ sum: Sum) {
        let (peaksOf, powersOf) = (Wide.halves(sum.peaks), Wide.halves(sum.powers))
        peaks = Wide.larger(Wide.larger(peaksOf.0, peaksOf.1), peaks)
        powers += powersOf.0 + powersOf.1
    }

    @_noLocks @_noAllocation
    private mutating func addOne(
        _ from: UnsafePointer<Float>, _ left: Float, _ right: Float,
        to bus: UnsafeMutablePointer<Float>
    ) {
        let sound = SIMD2<Float>(from[0] * left, from[1] * right)
        bus[0] += sound.x
        bus[1] += sound.y
        note(sound.x, sound.y)
    }

    @_noLocks @_noAllocation
    private mutating func note(_ left: Float, _ right: Float) {
        peaks[0] = max(peaks[0], abs(left))
        peaks[1] = max(peaks[1], abs(right))
        powers[0] += left * left
        powers[1] += right * right
    }

    /// Adds what another meter measured.
    @_noLocks @_noAllocation
    mutating func join(_ other: LevelMeter) {
        peaks = Wide.larger(other.peaks, peaks)
        powers += other.powers
        frames &+= other.frames
    }

    /// Left and right.
    @_noLocks @_noAllocation
    func peak() -> SIMD2<Float> { SIMD2(max(peaks[0], peaks[2]), max(peaks[1], peaks[3])) }

    /// Left and right.
    @_noLocks @_noAllocation
    func power() -> SIMD2<Float> {
        SIMD2(powers[0] + powers[2], powers[1] + powers[3])
    }

    /// The louder side's peak.
    @_noLocks @_noAllocation
    func loudest() -> Float {
        let peak = peak()
        return max(peak.x, peak.y)
    }

    /// Root of the mean square of one side, or of both together.
    @_noLocks @_noAllocation
    func rms(_ power: Float, sides: Int) -> Float {
        frames == 0 ? 0 : Float(Leaf.squareRoot(Double(power) / Double(Int(frames) * sides)))
    }

    @_noLocks @_noAllocation
    mutating func clear() { self = LevelMeter() }
}
