/// The newest seconds of the master for those who follow it: a log, or a page that listens.
///
/// The audio thread writes each frame once, while anybody follows, and never waits: a reader that is too
/// late is told.
struct MasterTap: @unchecked Sendable {
    /// A power of two.
    private static let capacityFrames = 1 << 19

    private let samples: UnsafeMutablePointer<Float>
    private let cells: UnsafeMutablePointer<AtomicCell>
    private let blockFramesMax: Int
    private var handed: UnsafeMutablePointer<AtomicCell> { cells }
    private var followers: UnsafeMutablePointer<AtomicCell> { cells + 1 }
    private var isTouched: UnsafeMutablePointer<AtomicCell> { cells + 2 }
    private static let cellCount = 3

    /// Memory is taken with the first follower.
    ///
    /// - Parameters:
    ///   - isOn: Somebody follows from the first frame on.
    ///   - blockFramesMax: Of the longest block.
    init(isOn: Bool, blockFramesMax: Int) {
        self.blockFramesMax = blockFramesMax
        samples = .allocate(capacity: 2 * MasterTap.capacityFrames)
        cells = .allocate(capacity: MasterTap.cellCount)
        for index in 0..<MasterTap.cellCount { (cells + index).initialize(to: AtomicCell(0)) }
        if isOn { follow() }
    }

    func deallocate() {
        samples.deallocate()
        cells.deallocate()
    }

    /// One more follows. Thread: any but audio, one at a time.
    func follow() {
        // Not on the audio thread: the first touch of a page takes its time.
        if isTouched.pointee.exchange(1) == 0 {
            samples.initialize(repeating: 0, count: 2 * MasterTap.capacityFrames)
        }
        followers.pointee.add(1)
    }

    /// One less. Thread: any but audio, one at a time.
    func unfollow() { followers.pointee.add(.max) }

    /// Takes the next frames of the master. Thread: audio.
    @_noLocks @_noAllocation
    func hand(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>, count: Int
    ) {
        if followers.pointee.load() == 0 { return }
        let start = handed.pointee.loadRelaxed()
        for index in 0..<count {
            let place = Int((start &+ UInt64(index)) & UInt64(MasterTap.capacityFrames - 1))
            samples[2 * place] = left[index]
            samples[2 * place + 1] = right[index]
        }
        handed.pointee.store(start &+ UInt64(count))
    }

    /// Frames handed since the engine was made, while anybody followed. Thread: any.
    func handedFrames() -> UInt64 { handed.pointee.load() }

    /// Copies a part, interleaved; `from` counts as `handedFrames` does. Thread: any but audio.
    ///
    /// - Returns: false when a part of it was overwritten.
    func copy(from: UInt64, frames: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
        for index in 0..<frames {
            let place = Int((from &+ UInt64(index)) & UInt64(MasterTap.capacityFrames - 1))
            out[2 * index] = samples[2 * place]
            out[2 * index + 1] = samples[2 * place + 1]
        }
        AtomicCell.fence()
        // A block more may be in the making.
        let kept = UInt64(MasterTap.capacityFrames - blockFramesMax)
        return handedFrames() &- from <= kept
    }
}
