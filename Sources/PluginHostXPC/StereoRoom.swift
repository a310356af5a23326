import CFlowLeaf

/// Two channels of a block to read from.
struct StereoSound {
    let left: UnsafePointer<Float>
    let right: UnsafePointer<Float>
}

/// Room for two channels of the longest block.
///
/// Copies are views of the same memory.
struct StereoRoom {
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>

    var sound: StereoSound { StereoSound(left: left, right: right) }

    /// Memory of its own, silent, for the life of the process.
    init() {
        let frames = Int(FLOW_SLOT_FRAMES_MAX)
        left = .allocate(capacity: 2 * frames)
        left.initialize(repeating: 0, count: 2 * frames)
        right = left + frames
    }

    func take(_ sound: StereoSound, _ frames: Int) {
        left.update(from: sound.left, count: frames)
        right.update(from: sound.right, count: frames)
    }
}
