/// Peak and power of a stereo sound since the last reading.
struct LevelMeter: BitwiseCopyable {
    var peak: SIMD2<Float>
    var power: SIMD2<Float>
    var frames: Int

    @_noLocks @_noAllocation
    init() {
        peak = SIMD2<Float>(0, 0)
        power = SIMD2<Float>(0, 0)
        frames = 0
    }

    /// Adds interleaved frames.
    @_noLocks @_noAllocation
    mutating func measure(_ interleaved: UnsafePointer<Float>, frames count: Int) {
        for index in 0..<count {
            let left = interleaved[2 * index]
            let right = interleaved[2 * index + 1]
            peak.x = max(peak.x, abs(left))
            peak.y = max(peak.y, abs(right))
            power.x += left * left
            power.y += right * right
        }
        frames += count
    }

    /// Adds what another meter measured.
    @_noLocks @_noAllocation
    mutating func join(_ other: LevelMeter) {
        peak.x = max(peak.x, other.peak.x)
        peak.y = max(peak.y, other.peak.y)
        power.x += other.power.x
        power.y += other.power.y
        frames += other.frames
    }

    /// The louder side's peak.
    @_noLocks @_noAllocation
    func loudest() -> Float { max(peak.x, peak.y) }

    /// Root of the mean square of one side, or of both together.
    @_noLocks @_noAllocation
    func rms(_ power: Float, sides: Int) -> Float {
        frames == 0 ? 0 : Float(Leaf.squareRoot(Double(power) / Double(frames * sides)))
    }

    @_noLocks @_noAllocation
    mutating func clear() { self = LevelMeter() }
}
