/// Read and write position of a ring between exactly one writing and one reading thread.
///
/// A handle: copies share the positions. Whoever made it frees it when both threads are gone.
/// Positions only grow; the slot is the position modulo the capacity.
struct RingIndex: @unchecked Sendable {
    let capacity: Int
    private let written: UnsafeMutablePointer<AtomicCell>
    private let read: UnsafeMutablePointer<AtomicCell>
    private let cells: UnsafeMutablePointer<AtomicCell>

    /// Cells between the two positions, so that they lie in different cache lines.
    private static let spacing = 16

    init(capacity: Int) {
        self.capacity = capacity
        let count = 2 * RingIndex.spacing
        cells = .allocate(capacity: count)
        for index in 0..<count { (cells + index).initialize(to: AtomicCell(0)) }
        written = cells
        read = cells + RingIndex.spacing
    }

    func deallocate() { cells.deallocate() }

    /// Slots that may be written now. Writer only.
    @_noLocks @_noAllocation
    func writable() -> Int {
        capacity - Int(written.pointee.loadRelaxed() &- read.pointee.load())
    }

    /// Slot of the `offset`-th entry after the published ones. Writer only.
    @_noLocks @_noAllocation
    func writeSlot(_ offset: Int) -> Int {
        Int((written.pointee.loadRelaxed() &+ UInt64(offset)) % UInt64(capacity))
    }

    /// Makes the next `count` written slots visible, all at once. Writer only.
    @_noLocks @_noAllocation
    func publish(_ count: Int) {
        written.pointee.store(written.pointee.loadRelaxed() &+ UInt64(count))
    }

    /// Slots that may be read now. Reader only.
    @_noLocks @_noAllocation
    func readable() -> Int {
        Int(written.pointee.load() &- read.pointee.loadRelaxed())
    }

    /// Slot of the `offset`-th unread entry. Reader only.
    @_noLocks @_noAllocation
    func readSlot(_ offset: Int) -> Int {
        Int((read.pointee.loadRelaxed() &+ UInt64(offset)) % UInt64(capacity))
    }

    /// Gives `count` read slots back to the writer. Reader only.
    @_noLocks @_noAllocation
    func release(_ count: Int) {
        read.pointee.store(read.pointee.loadRelaxed() &+ UInt64(count))
    }
}
