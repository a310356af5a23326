import CFlowLeaf

/// Lets the system's audio thread into the core, or not; and what that thread tells.
///
/// A class of cells: supervisor and audio thread share it, and neither waits for the other longer than
/// a block lasts.
final class PortGate: @unchecked Sendable {
    private static let cellCount = 4
    /// A thread that never comes out is dead.
    private static let waitNsMax: Int64 = 2_000_000_000
    private let cells: UnsafeMutablePointer<AtomicCell>
    private var isOpen: UnsafeMutablePointer<AtomicCell> { cells }
    private var insideCount: UnsafeMutablePointer<AtomicCell> { cells + 1 }
    /// Frames since the input was last anything but zero.
    let zeroFrames: UnsafeMutablePointer<AtomicCell>
    /// Frames from the microphone to the loudspeaker by the system's own times; 0 = not known.
    let turnaroundFrames: UnsafeMutablePointer<AtomicCell>

    init() {
        cells = .allocate(capacity: Self.cellCount)
        for index in 0..<Self.cellCount { (cells + index).initialize(to: AtomicCell(0)) }
        zeroFrames = cells + 2
        turnaroundFrames = cells + 3
    }

    deinit {
        cells.deinitialize(count: Self.cellCount)
        cells.deallocate()
    }

    /// Whether the core may be called until `leave`, which follows in any case. Thread: audio.
    @_noLocks @_noAllocation
    func enter() -> Bool {
        insideCount.pointee.add(1)
        // Whoever closes looks in the other order: one of both sees the other.
        AtomicCell.fence()
        return isOpen.pointee.load() == 1
    }

    /// Thread: audio.
    @_noLocks @_noAllocation
    func leave() {
        AtomicCell.fence()
        insideCount.pointee.add(UInt64.max)
    }

    func open() { isOpen.pointee.store(1) }

    /// After it nobody is in the core, nor will be. Thread: any but audio.
    func close() {
        isOpen.pointee.store(0)
        AtomicCell.fence()
        let deadlineNs = flow_monotonic_ns() + Self.waitNsMax
        while insideCount.pointee.load() != 0, flow_monotonic_ns() < deadlineNs {
            flow_sleep_until(flow_monotonic_ns() + 200_000)
        }
    }
}
