/// Where the audio thread finds the present life of a plug-in host, and leaves its counts.
///
/// The supervisor swaps lives under a running audio thread: it waits for nobody, the supervisor
/// waits until the block that used the old life is over. Cells in memory that `init` makes and
/// `deallocate` frees; copies are views.
struct HostPort: @unchecked Sendable {
    private let cells: UnsafeMutablePointer<AtomicCell>

    private static let cellCount = 5
    private var current: UnsafeMutablePointer<AtomicCell> { cells }
    private var inUse: UnsafeMutablePointer<AtomicCell> { cells + 1 }

    init() {
        cells = .allocate(capacity: Self.cellCount)
        for index in 0..<Self.cellCount { (cells + index).initialize(to: AtomicCell(0)) }
    }

    func deallocate() {
        cells.deinitialize(count: Self.cellCount)
        cells.deallocate()
    }

    /// The present life, or nil; valid until `release`. Thread: audio.
    @_noLocks @_noAllocation
    func acquire() -> UnsafeMutablePointer<HostLease>? {
        let bits = cells[0].load()
        guard bits != 0 else { return nil }
        cells[1].store(bits)
        // The mark must be seen before the second look: else both sides could miss each other.
        AtomicCell.fence()
        guard cells[0].load() == bits else {
            cells[1].store(0)
            return nil
        }
        return UnsafeMutablePointer(bitPattern: UInt(bits))
    }

    /// The block is over. Thread: audio.
    @_noLocks @_noAllocation
    func release() { cells[1].store(0) }

    /// Tells what the last block was made of. Thread: audio.
    @_noLocks @_noAllocation
    func count(isWet: Bool, isMissed: Bool) {
        cells[2].store(isWet ? 1 : 0)
        if isMissed { cells[3].add(1) }
    }

    /// A result with samples that no plug-in may send. Thread: audio.
    @_noLocks @_noAllocation
    func countScrubbed() { cells[4].add(1) }

    /// Whether the last block was the host's.
    var isWet: Bool { cells[2].load() == 1 }
    /// Blocks whose result was not there in time, while a host was.
    var missedBlocks: UInt64 { cells[3].load() }
    /// Results refused for samples that are not finite or far too loud.
    var scrubbedBlocks: UInt64 { cells[4].load() }

    /// Puts another life (or none) in place; after it returns the audio thread has let go of the
    /// old one. Thread: supervisor; waits for at most one block.
    func replace(with lease: UnsafeMutablePointer<HostLease>?, rest: () -> Void) {
        let old = current.pointee.exchange(UInt64(UInt(bitPattern: lease)))
        guard old != 0 else { return }
        AtomicCell.fence()
        while inUse.pointee.load() == old { rest() }
    }
}
