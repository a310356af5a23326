/// One life of a plug-in host as the audio thread sees it: pointers into its two segments.
///
/// Made and freed by the supervisor; `HostPort` keeps it alive while the audio thread uses it.
struct HostLease {
    /// Which life this is; results of an earlier one carry another number.
    let epoch: UInt64
    /// Raised once after all lanes of a block are posted; the host sleeps on its low half.
    let bell: UnsafeMutablePointer<AtomicCell>
    private let toHost: UnsafeMutableRawPointer
    private let fromHost: UnsafeMutableRawPointer

    /// Both are the first byte of a segment that outlives the lease.
    init(epoch: UInt64, toHost: UnsafeMutableRawPointer, fromHost: UnsafeMutableRawPointer) {
        self.epoch = epoch
        self.toHost = toHost
        self.fromHost = fromHost
        bell = (toHost + SegmentLayout.bellOffset).assumingMemoryBound(to: AtomicCell.self)
    }

    /// The lane `index`, 0 ..< `HostLane.count`; another number is held to these bounds.
    @_noLocks @_noAllocation
    func lane(_ index: Int) -> HostLane {
        HostLane(toHost: toHost, fromHost: fromHost, index: index)
    }

    /// What blocks of a lane carry: this life, and how often the lane was flushed in it.
    @_noLocks @_noAllocation
    func laneEpoch(generation: UInt32) -> UInt64 { epoch << 32 | UInt64(generation) }

    /// Says that blocks were posted; whoever calls it then wakes the host, once a block.
    @_noLocks @_noAllocation
    func raiseBell() { bell.pointee.store(bell.pointee.loadRelaxed() &+ 1) }
}
