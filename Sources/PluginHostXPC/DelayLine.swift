import CFlowLeaf

/// Keeps the sound that a plug-in is given, for as long as the plug-in is late.
///
/// What passes in the plug-in's place comes out of here.
///
/// Thread: made and freed on main, in between audio.
struct DelayLine {
    let frames: Int
    private let left: UnsafeMutablePointer<Float>
    private let right: UnsafeMutablePointer<Float>
    private let capacity: Int
    /// Where the next frame goes.
    private let next: UnsafeMutablePointer<Int>

    /// `frames` > 0.
    init(frames: Int) {
        self.frames = frames
        var capacity = Int(FLOW_SLOT_FRAMES_MAX)
        while capacity < frames + Int(FLOW_SLOT_FRAMES_MAX) { capacity *= 2 }
        self.capacity = capacity
        left = .allocate(capacity: 2 * capacity)
        left.initialize(repeating: 0, count: 2 * capacity)
        right = left + capacity
        next = .allocate(capacity: 1)
        next.initialize(to: 0)
    }

    func deallocate() {
        left.deallocate()
        next.deallocate()
    }

    /// What comes now has no past.
    func clear() { left.update(repeating: 0, count: 2 * capacity) }

    /// Takes `sound` in; `room` gets what went in `frames` earlier.
    func pass(_ sound: StereoSound, _ count: Int, into room: StereoRoom) {
        let mask = capacity - 1
        for index in 0..<count {
            let at = (next.pointee + index) & mask
            left[at] = sound.left[index]
            right[at] = sound.right[index]
            let from = (at - frames) & mask
            room.left[index] = left[from]
            room.right[index] = right[from]
        }
        next.pointee = (next.pointee + count) & mask
    }
}
