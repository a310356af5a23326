/// The newest seconds of the master for whoever follows it; off unless a log is written.
///
/// The audio thread writes each frame once and never waits: a reader that is too late is told.
struct MasterTap: @unchecked Sendable {
    /// A power of two.
    private static let capacityFrames = 1 << 19

    private let samples: UnsafeMutablePointer<Float>
    private let handed: UnsafeMutablePointer<AtomicCell>
    private let isOn: Bool
    private let blockFramesMax: Int

    init(isOn: Bool, blockFramesMax: Int) {
        self.isOn = isOn
        self.blockFramesMax = blockFramesMax
        let count = isOn ? 2 * MasterTap.capacityFrames : 2
        samples = .allocate(capacity: count)
        samples.initialize(repeating: 0, count: count)
        handed = .allocate(capacity: 1)
        handed.initialize(to: AtomicCell(0))
    }

    func deallocate() {
        samples.deallocate()
        handed.deallocate()
    }

    /// Takes the next frames of the master. Thread: audio.
    @_noLocks @_noAllocation
    func hand(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>, count: Int
    ) {
        if !isOn { return }
        let start = handed.pointee.loadRelaxed()
        for index in 0..<count {
            let place = Int((start &+ UInt64(index)) & UInt64(MasterTap.capacityFrames - 1))
            samples[2 * place] = left[index]
            samples[2 * place + 1] = right[index]
        }
        handed.pointee.store(start &+ UInt64(count))
    }

    /// Frames handed since the engine was made. Thread: any.
    func handedFrames() -> UInt64 { handed.pointee.load() }

    /// Copies a part, interleaved; `from` counts frames since the engine was made. Thread: log.
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
