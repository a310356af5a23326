/// How a loop's end meets its start.
///
/// With pre-roll: what was played before the window fades in under its end, so that the attack
/// on the downbeat stays untouched. Gains are divided by √(a² + b² + 2ρab), where ρ is the
/// correlation of the two sounds, so that neither equal nor unrelated sounds change in level; each
/// side has its own, as what is heard left may repeat and what is heard right may not.
/// Without: short fades at both ends. The audio thread and the loop worker use this one type, so
/// that a loop sounds the same, bit for bit, before and after it was baked.
struct Seam: BitwiseCopyable {
    /// Frames of the crossfade, or of each fade.
    var frames: Int
    var hasPreRoll: Bool
    /// Correlation of the window's end and the pre-roll of each side, 0 ≤ ρ ≤ 1.
    var correlation: SIMD2<Double>
    /// Whether the window's end stays at its level, because its tail goes on elsewhere.
    var keepsEnd = false

    /// Measures the seam between the last `frames` frames of the window and the last `frames` frames
    /// before it, both interleaved stereo; without those only fades are left.
    @_noLocks @_noAllocation
    init(end: UnsafePointer<Float>, preRoll: UnsafePointer<Float>?, frames: Int) {
        self.frames = frames
        hasPreRoll = false
        correlation = SIMD2(0, 0)
        guard let preRoll else {
            self.frames = frames / 2
            return
        }
        hasPreRoll = true
        for side in 0..<2 {
            var both = 0.0
            var endPower = 0.0
            var prePower = 0.0
            for index in 0..<frames {
                let old = Double(end[2 * index + side])
                let new = Double(preRoll[2 * index + side])
                both += old * new
                endPower += old * old
                prePower += new * new
            }
            let power = Leaf.squareRoot(endPower * prePower)
            if power <= 0 || both <= 0 { continue }
            if side == 0 {
                correlation.x = min(1, both / power)
            } else {
                correlation.y = min(1, both / power)
            }
        }
    }

    /// Where the seam will be, before the window's end is there to be measured.
    @_noLocks @_noAllocation
    init(frames: Int, hasPreRoll: Bool) {
        self.frames = hasPreRoll ? frames : frames / 2
        self.hasPreRoll = hasPreRoll
        correlation = SIMD2(0, 0)
    }

    /// A loop without any seam: for voices that play nothing.
    @_noLocks @_noAllocation
    init() {
        frames = 0
        hasPreRoll = false
        correlation = SIMD2(0, 0)
    }

    /// Whether the frame at `position` of a loop of `length` frames differs from the window's.
    @_noLocks @_noAllocation
    func touches(position: Int, length: Int) -> Bool {
        position >= length - frames || (!hasPreRoll && position < frames)
    }

    /// Gains of window and pre-roll at `position` on a side, 0 or 1; only where `touches` holds.
    @_noLocks @_noAllocation
    func gains(position: Int, length: Int, side: Int) -> (window: Float, preRoll: Float) {
        let toEnd = Double(length - position) - 0.5
        if !hasPreRoll {
            let fromStart = Double(position) + 0.5
            let nearest = keepsEnd ? fromStart : min(toEnd, fromStart)
            return (Float(min(1, nearest / Double(frames))), 0)
        }
        let down = toEnd / Double(frames)
        let up = 1 - down
        if keepsEnd { return (1, Float(up)) }
        let likeness = side == 0 ? correlation.x : correlation.y
        let norm = Leaf.squareRoot(down * down + up * up + 2 * likeness * up * down)
        return (Float(down / norm), Float(up / norm))
    }

    @_noLocks @_noAllocation
    static func mix(
        _ window: Float, _ preRoll: Float, _ gains: (window: Float, preRoll: Float)
    ) -> Float {
        window * gains.window + preRoll * gains.preRoll
    }

    /// Frames of the seam of a loop: ten milliseconds, less for a very short one.
    @_noLocks @_noAllocation
    static func frames(rateHz: Int, loopFrames: Int) -> Int { min(rateHz / 100, loopFrames / 4) }
}
