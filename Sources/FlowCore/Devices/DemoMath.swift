#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Arithmetic the demo player's voices share: no C call, no table that is made on first use.
enum DemoMath {
    /// sin(2π·`cycles`), within 4e-6; any `cycles` of ordinary size.
    @_noLocks @_noAllocation
    @inline(__always)
    static func sine(_ cycles: Float) -> Float {
        var x = cycles - Float(Int32(cycles))
        if x < -0.5 { x += 1 } else if x >= 0.5 { x -= 1 }
        if x > 0.25 { x = 0.5 - x } else if x < -0.25 { x = -0.5 - x }
        let z = x * 6.283_185_3
        let q = z * z
        return z
            * (1 - q * (0.166_666_67 - q * (0.008_333_333 - q * (1.984_127e-4 - q * 2.755_7e-6))))
    }

    /// A saw −1…1 at `phase`, its step rounded off over one frame on each side (polyBLEP).
    @_noLocks @_noAllocation
    @inline(__always)
    static func saw(_ phase: Float, step: Float) -> Float {
        let naive = 2 * phase - 1
        if phase < step {
            let t = phase / step
            return naive - (t + t - t * t - 1)
        }
        if phase > 1 - step {
            let t = (phase - 1) / step
            return naive - (t * t + t + t + 1)
        }
        return naive
    }

    /// Leaves |x| ≤ 0.5 alone and bends the rest, so that nothing leaves above 0.7 (−3.1 dBFS).
    @_noLocks @_noAllocation
    @inline(__always)
    static func softLimit(_ x: Float) -> Float {
        let size = x < 0 ? -x : x
        if size <= 0.5 { return x }
        let over = (size - 0.5) * 5
        let bent = 0.5 + 0.2 * over / (1 + over)
        return x < 0 ? -bent : bent
    }

    /// A gentle odd curve, for warmth; close to x when small, at most 1.
    @_noLocks @_noAllocation
    @inline(__always)
    static func warm(_ x: Float) -> Float {
        if x > 3 { return 1 }
        if x < -3 { return -1 }
        let q = x * x
        return x * (27 + q) / (27 + 9 * q)
    }

    /// Factor per frame of something that falls to 1/e in `seconds`.
    static func decay(seconds: Double, sampleRateHz: Int) -> Float {
        Float(exp(-1 / (seconds * Double(sampleRateHz))))
    }
}

/// White noise −1…1; the same sequence for the same seed.
struct DemoNoise {
    private var state: UInt32

    init(seed: UInt32) {
        state = seed | 1
    }

    @_noLocks @_noAllocation
    @inline(__always)
    mutating func next() -> Float {
        state ^= state << 13
        state ^= state >> 17
        state ^= state << 5
        return Float(Int32(bitPattern: state)) * 4.656_613e-10
    }
}

/// State-variable filter, two poles; stable under any movement of its cutoff.
struct DemoFilter {
    private var first: Float = 0
    private var second: Float = 0
    private(set) var low: Float = 0
    private(set) var band: Float = 0
    private(set) var high: Float = 0

    init() {}

    /// One frame. `g` comes from `DemoTuning`; `damping` 2 = no resonance, 0.2 = a lot.
    @_noLocks @_noAllocation
    @inline(__always)
    mutating func run(_ x: Float, g: Float, damping: Float) {
        let a1 = 1 / (1 + g * (g + damping))
        let a2 = g * a1
        let rest = x - second
        band = a1 * first + a2 * rest
        low = second + a2 * first + g * a2 * rest
        high = x - damping * band - low
        first = 2 * band - first
        second = 2 * low - second
    }
}

/// Per-frame steps and filter coefficients for every note number, made once.
///
/// Pointers into memory that the player owns: copies of this are views.
struct DemoTuning {
    static let noteCount = 140
    private let steps: UnsafeMutablePointer<Float>
    private let cutoffs: UnsafeMutablePointer<Float>

    init(sampleRateHz: Int) {
        steps = .allocate(capacity: Self.noteCount)
        cutoffs = .allocate(capacity: Self.noteCount)
        for note in 0..<Self.noteCount {
            let hz = 440 * pow(2, (Double(note) - 69) / 12)
            let cycles = hz / Double(sampleRateHz)
            steps[note] = Float(min(cycles, 0.45))
            cutoffs[note] = Float(tan(Double.pi * min(cycles, 0.45)))
        }
    }

    func deallocate() {
        steps.deallocate()
        cutoffs.deallocate()
    }

    /// Cycles per frame of a note number.
    @_noLocks @_noAllocation
    @inline(__always)
    func step(_ note: Int) -> Float {
        steps[note < 0 ? 0 : (note >= Self.noteCount ? Self.noteCount - 1 : note)]
    }

    /// Filter coefficient of a cutoff given as a note number, between notes too.
    @_noLocks @_noAllocation
    @inline(__always)
    func cutoff(_ note: Float) -> Float {
        let held =
            note < 0 ? 0 : (note > Float(Self.noteCount - 2) ? Float(Self.noteCount - 2) : note)
        let index = Int(held)
        let part = held - Float(index)
        return cutoffs[index] + part * (cutoffs[index + 1] - cutoffs[index])
    }
}

/// Takes the step out of a voice that is struck again while it still sounds.
struct DemoDeclick {
    private var residue: Float = 0
    private var last: Float = 0
    private let fall: Float

    init(sampleRateHz: Int) {
        fall = DemoMath.decay(seconds: 0.0015, sampleRateHz: sampleRateHz)
    }

    @_noLocks @_noAllocation
    mutating func restart() {
        residue = last
    }

    @_noLocks @_noAllocation
    @inline(__always)
    mutating func smooth(_ x: Float) -> Float {
        last = x + residue
        residue *= fall
        return last
    }
}
