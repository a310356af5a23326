/// What a block needs of a slot in which nothing moves: its one loop, and its meter.
///
/// One cache line: the audio thread wakes into a cold cache, and a slot costs more in what it touches
/// than in what it computes.
struct SlotLine: BitwiseCopyable {
    var meter: LevelMeter
    /// Frames of the loop; 0 = the slot is not settled: it has to be looked at as a whole.
    private var frames: Int32
    private var samples: UnsafePointer<Float>
    private var gains: SIMD2<Float>
    private var position: Int32
    /// Whether every voice is idle: there is nothing to render and nothing to give back.
    var isQuiet: Bool

    /// `samples` is any address, it is never read.
    init(samples: UnsafePointer<Float>) {
        meter = LevelMeter()
        frames = 0
        self.samples = samples
        gains = SIMD2(0, 0)
        position = 0
        isQuiet = true
    }

    /// Whether the loop is all there is to render, until something changes in the engine.
    @_noLocks @_noAllocation @inline(__always)
    func isSettled() -> Bool { frames != 0 }

    /// Whether a voice may have to be given back or may lose its sound.
    @_noLocks @_noAllocation @inline(__always)
    func isAttended() -> Bool { !isQuiet && frames == 0 }

    @_noLocks @_noAllocation @inline(__always)
    mutating func unsettle() { frames = 0 }

    /// From here on the slot is this loop with these gains, at its own tempo.
    @_noLocks @_noAllocation
    mutating func settle(_ voice: Voice, position: Int, gains: SIMD2<Float>) {
        // Longer loops than this count are longer than the cache of loops; they stay unsettled.
        frames = Int32(exactly: voice.frames) ?? 0
        samples = voice.samples
        self.position = Int32(truncatingIfNeeded: position)
        self.gains = gains
    }

    /// Adds the next frames of the loop to the bus; only where it is settled.
    ///
    /// Stretches follow each other without a hole.
    @_noLocks @_noAllocation @inline(__always)
    mutating func render(to bus: UnsafeMutablePointer<Float>, count: Int) {
        let end = Int(position) &+ count
        if end >= Int(frames) {
            renderRound(to: bus, count: count)
            return
        }
        meter.add(samples + 2 * Int(position), frames: count, gains: gains, to: bus)
        meter.frames &+= Int32(truncatingIfNeeded: count)
        position = Int32(truncatingIfNeeded: end)
    }

    /// The same where the loop begins anew within the stretch, or right after it.
    @_noLocks @_noAllocation @inline(never)
    private mutating func renderRound(to bus: UnsafeMutablePointer<Float>, count: Int) {
        var done = 0
        while done < count {
            let run = min(count - done, Int(frames - position))
            meter.add(samples + 2 * Int(position), frames: run, gains: gains, to: bus + 2 * done)
            done += run
            position += Int32(truncatingIfNeeded: run)
            if position == frames { position = 0 }
        }
        meter.frames &+= Int32(truncatingIfNeeded: count)
    }
}
