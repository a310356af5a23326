/// Gains that may move, over interleaved stereo sound.
extension Wide {
    /// Multiplies both sides by a gain that may move.
    @_noLocks @_noAllocation
    static func scale(_ sound: UnsafeMutablePointer<Float>, by gain: Ramp, frames: Int) {
        var gains = RampLanes(gain, gain)
        var index = 0
        while index + 4 <= frames {
            store(load(sound + 2 * index) * gains.next(), sound + 2 * index)
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
            var gains = RampLanes(gain, gain)
            while index + 4 <= frames {
                let at = 2 * index
                store(load(sum + at) + load(from + at) * gains.next(), sum + at)
                index += 4
            }
        } else {
            let still = Frames(repeating: gain.end())
            var (source, target) = (from, sum)
            let pairs = from + 2 * (frames & ~7)
            while source < pairs {
                store(load(target) + load(source) * still, target)
                store(load(target + 8) + load(source + 8) * still, target + 8)
                source += 16
                target += 16
            }
            index = frames & ~7
        }
        while index < frames {
            let now = gain.value(index)
            sum[2 * index] += from[2 * index] * now
            sum[2 * index + 1] += from[2 * index + 1] * now
            index += 1
        }
    }
}
