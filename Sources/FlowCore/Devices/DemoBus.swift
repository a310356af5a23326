/// Where the demo's voices add their sound: the stereo sum and the sends to echo and room.
///
/// Pointers into memory that the player owns, `capacity` frames each.
struct DemoBus {
    /// Frames of each line.
    let capacity = 256
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>
    let echo: UnsafeMutablePointer<Float>
    let room: UnsafeMutablePointer<Float>

    init() {
        left = .allocate(capacity: 4 * capacity)
        left.initialize(repeating: 0, count: 4 * capacity)
        right = left + capacity
        echo = right + capacity
        room = echo + capacity
    }

    func deallocate() {
        left.deallocate()
    }

    @_noLocks @_noAllocation
    func clear(frames: Int) {
        for i in 0..<frames {
            left[i] = 0
            right[i] = 0
            echo[i] = 0
            room[i] = 0
        }
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func add(_ x: Float, at i: Int, with mix: DemoMix) {
        left[i] += x * mix.left
        right[i] += x * mix.right
        echo[i] += x * mix.echo
        room[i] += x * mix.room
    }
}

/// Gains of one voice into the bus.
struct DemoMix {
    let left: Float
    let right: Float
    let echo: Float
    let room: Float

    /// `pan` is −1 left … 1 right; the louder side keeps `gain`.
    init(gain: Float, pan: Float = 0, echo: Float = 0, room: Float = 0) {
        left = gain * (pan > 0 ? 1 - pan : 1)
        right = gain * (pan < 0 ? 1 + pan : 1)
        self.echo = gain * echo
        self.room = gain * room
    }
}
