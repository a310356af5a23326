/// Gains that may move, over interleaved stereo sound.
extension Wide {
    /// Multiplies both sides by a gain that may move.
    @_noLocks @_noAllocation
    static func scale(_ sound: UnsafeMutablePointer<Float>, by gain: Ramp, frames: Int) {
        var index = 0
        while index + 4 <= frames {
            store(load(sound + 2 * index) * gain.four(index), sound + 2 * index)
            index += 4
        }
        while index < frames {
            let now = gain.value(index)
            sound[2 * index] *= now
            sound[2 * index + 1] *= now
            index += 1
        }
    }

    /// Adds a sound, both sides times a gain that may move.
    @_noLocks @_noAllocation
    static func add(
        _ from: UnsafePointer<Float>, times gain: Ramp, to sum: UnsafeMutablePointer<Float>,
        frames: Int
    ) {
        var index = 0
        if gain.isMoving() {
            while index + 4 <= frames {
                let at = 2 * index
                store(load(sum + at) + load(from + at) * gain.four(index), sum + at)
                index += 4
            }
        } else {
            let still = Frames(repeating: gain.end())
            while index + 4 <= frames {
                let at = 2 * index
                store(load(sum + at) + load(from + at) * still, sum + at)
                index += 4
            }
        }
        while index < frames {
            let now = gain.value(index)
            sum[2 * index] += from[2 * index] * now
            sum[2 * index + 1] += from[2 * index + 1] * now
            index += 1
        }
    }
}
