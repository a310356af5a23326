/// The newest of what went into a chain: a ring of interleaved frames.
struct PlayedLine: BitwiseCopyable {
    private let samples: UnsafeMutablePointer<Float>
    private let mask: Int
    /// The next frame to come.
    private var position = 0

    /// Room for so many frames and more, all silent. Thread: control; freed by `deallocate`.
    init(frames: Int) {
        var length = 1
        while length < frames { length *= 2 }
        mask = length - 1
        samples = .allocate(capacity: 2 * length)
        samples.initialize(repeating: 0, count: 2 * length)
    }

    func deallocate() { samples.deallocate() }

    /// Takes the next frames in.
    @_noLocks @_noAllocation
    mutating func write(_ sound: UnsafePointer<Float>, _ count: Int) {
        Wide.copy(sound, toRing: samples, at: position & mask, length: mask + 1, frames: count)
        position += count
    }

    /// Puts what came `late` frames before the newest `count` ones on a tape, from `frame` on.
    @_noLocks @_noAllocation
    func hand(_ count: Int, late: Int, to tape: DryTape, at frame: Int64) {
        let at = (position - count - late) & mask
        let first = min(count, mask + 1 - at)
        tape.write(samples + 2 * at, frames: first, at: frame)
        tape.write(samples, frames: count - first, at: frame + Int64(first))
    }

    /// What came `ago` frames before the next one, 0 when that is too long ago; `side` is 0 or 1.
    @_noLocks @_noAllocation
    func sample(ago: Int, side: Int) -> Float {
        ago > mask ? 0 : samples[2 * ((position - ago) & mask) + side]
    }

    /// Sets that.
    @_noLocks @_noAllocation
    func set(ago: Int, _ left: Float, _ right: Float) {
        let at = 2 * ((position - ago) & mask)
        samples[at] = left
        samples[at + 1] = right
    }
}
