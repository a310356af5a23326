/// Where the audio thread finds the present life of a plug-in host, and leaves its counts.
///
/// The supervisor swaps lives under a running audio thread: it waits for nobody, the supervisor
/// waits until the block that used the old life is over. Cells in memory that `init` makes and
/// `deallocate` frees; copies are views.
struct HostPort: @unchecked Sendable, BitwiseCopyable {
    private let cells: UnsafeMutablePointer<AtomicCell>

    /// Life, mark of its use, mark of its being asked for, and four counts for each lane.
    private static let cellCount = 3 + 4 * HostLane.count
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
        cells[2].store(1)
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

    /// Tells what the last block of a lane was made of. Thread: audio.
    @_noLocks @_noAllocation
    func count(lane: Int, isWet: Bool, isMissed: Bool) {
        let counts = cells + 3 + 4 * lane
        counts[0].store(isWet ? 1 : 0)
        if isWet { counts[1].add(1) }
        if isMissed { counts[2].add(1) }
    }

    /// A result of a lane with samples that no plug-in may send. Thread: audio.
    @_noLocks @_noAllocation
    func countScrubbed(lane: Int) { cells[6 + 4 * lane].add(1) }

    /// Whether a block has ever asked for a life: the chain is in its place.
    var isAsked: Bool { cells[2].load() == 1 }
    /// Whether the last block of a lane was the host's.
    func isWet(lane: Int) -> Bool { counts(lane)[0].load() == 1 }
    /// Blocks of a lane that were the host's.
    func wetBlocks(lane: Int) -> UInt64 { counts(lane)[1].load() }
    /// Blocks of a lane whose result was not there, while a host was that had its time.
    func missedBlocks(lane: Int) -> UInt64 { counts(lane)[2].load() }
    /// Results of a lane refused for samples that are not finite or far too loud.
    func scrubbedBlocks(lane: Int) -> UInt64 { counts(lane)[3].load() }

    /// The sums over all lanes.
    var wetBlocks: UInt64 { sum(wetBlocks(lane:)) }
    var missedBlocks: UInt64 { sum(missedBlocks(lane:)) }
    var scrubbedBlocks: UInt64 { sum(scrubbedBlocks(lane:)) }

    private func counts(_ lane: Int) -> UnsafeMutablePointer<AtomicCell> { cells + 3 + 4 * lane }

    private func sum(_ count: (Int) -> UInt64) -> UInt64 {
        (0..<HostLane.count).reduce(0) { $0 + count($1) }
    }

    /// Puts another life (or none) in place; after it returns the audio thread has let go of the
    /// old one. Thread: supervisor; waits for at most one block.
    func replace(with lease: UnsafeMutablePointer<HostLease>?, rest: () -> Void) {
        let old = put(lease)
        while isHeld(old) { rest() }
    }

    /// Puts another life (or none) in place, and returns the old one, which may be in use for the rest
    /// of a block. Thread: supervisor.
    @discardableResult
    func put(_ lease: UnsafeMutablePointer<HostLease>?) -> UnsafeMutablePointer<HostLease>? {
        let old = current.pointee.exchange(UInt64(UInt(bitPattern: lease)))
        AtomicCell.fence()
        return UnsafeMutablePointer(bitPattern: UInt(old))
    }

    /// Whether a block still uses a life that was put away. Thread: supervisor.
    func isHeld(_ lease: UnsafeMutablePointer<HostLease>?) -> Bool {
        guard let lease else { return false }
        return inUse.pointee.load() == UInt64(UInt(bitPattern: lease))
    }

    /// Makes it as it was at first, for another hop; no chain may have it. Thread: supervisor.
    func clear() {
        for index in 0..<Self.cellCount { (cells + index).pointee.store(0) }
    }
}
