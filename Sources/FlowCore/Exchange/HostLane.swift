/// The byte layout of `segment.h` for the audio thread, whose proof allows no imported C.
///
/// A test compares each number with the header. In this file, since a marked function may read no
/// constant of another.
enum SegmentLayout {
    static let laneCount = 24
    static let slotCount: UInt64 = 8
    static let slotFramesMax = 4_096
    static let pointCountMax = 64
    static let noteCountMax = 64

    static let bellOffset = 64
    static let toLanesOffset = 128
    static let fromLanesOffset = 4_544
    /// A lane begins with its counter; the slots follow a line later.
    static let laneSlotsOffset = 64

    static let pointsOffset = 64
    static let notesOffset = 1_088
    static let toSamplesOffset = 2_112
    static let fromSamplesOffset = 64
    static let toSlotBytes = 34_880
    static let fromSlotBytes = 32_832
    static let toLaneBytes = 279_104
    static let fromLaneBytes = 262_720
}

/// One lane of a life: the audio of a run of neighbours in a chain.
struct HostLane {
    /// Lanes of a life.
    static let count = SegmentLayout.laneCount

    /// Newest block posted.
    let posted: UnsafeMutablePointer<AtomicCell>
    /// Newest block answered, as the host says.
    let done: UnsafeMutablePointer<AtomicCell>
    let outgoing: OutgoingSlots
    let incoming: IncomingSlots

    /// Lane `index` of the segments that begin at `toHost` and `fromHost`.
    @_noLocks @_noAllocation
    init(toHost: UnsafeMutableRawPointer, fromHost: UnsafeMutableRawPointer, index: Int) {
        let last = SegmentLayout.laneCount - 1
        let held = index < 0 ? 0 : index < last ? index : last
        let to = toHost + SegmentLayout.toLanesOffset + held * SegmentLayout.toLaneBytes
        let from = fromHost + SegmentLayout.fromLanesOffset + held * SegmentLayout.fromLaneBytes
        posted = to.assumingMemoryBound(to: AtomicCell.self)
        done = from.assumingMemoryBound(to: AtomicCell.self)
        outgoing = OutgoingSlots(base: to + SegmentLayout.laneSlotsOffset)
        incoming = IncomingSlots(base: from + SegmentLayout.laneSlotsOffset)
    }

    /// Blocks that may be on their way: one slot less, so that none is written while it is read.
    @_noLocks @_noAllocation
    @inline(__always)
    static func outstandingMax() -> UInt64 { SegmentLayout.slotCount - 1 }

    /// The longest block that plug-ins are told, and get, from an engine with such blocks.
    static func blockFramesMax(usual: Int) -> Int {
        max(512, min(usual, SegmentLayout.slotFramesMax))
    }
}

/// The blocks of a lane on their way to the host.
struct OutgoingSlots {
    private let base: UnsafeMutableRawPointer

    /// `base` is the first slot's first byte.
    @_noLocks @_noAllocation
    init(base: UnsafeMutableRawPointer) { self.base = base }

    /// The number of the block in the slot that `seq` belongs to.
    @_noLocks @_noAllocation
    @inline(__always)
    func seq(_ seq: UInt64) -> UnsafeMutablePointer<AtomicCell> {
        slot(seq).assumingMemoryBound(to: AtomicCell.self)
    }

    @_noLocks @_noAllocation
    @inline(__always)
    func head(_ seq: UInt64) -> UnsafeMutablePointer<BlockHead> {
        slot(seq).assumingMemoryBound(to: BlockHead.self)
    }

    /// `SegmentLayout.pointCountMax` of them.
    @_noLocks @_noAllocation
    @inline(__always)
    func points(_ seq: UInt64) -> UnsafeMutablePointer<BlockPoint> {
        (slot(seq) + SegmentLayout.pointsOffset).assumingMemoryBound(to: BlockPoint.self)
    }

    /// `SegmentLayout.noteCountMax` of them.
    @_noLocks @_noAllocation
    @inline(__always)
    func notes(_ seq: UInt64) -> UnsafeMutablePointer<BlockNote> {
        (slot(seq) + SegmentLayout.notesOffset).assumingMemoryBound(to: BlockNote.self)
    }

    /// Samples of channel 0 or 1.
    @_noLocks @_noAllocation
    @inline(__always)
    func samples(_ seq: UInt64, channel: Int) -> UnsafeMutablePointer<Float> {
        (slot(seq) + SegmentLayout.toSamplesOffset).assumingMemoryBound(to: Float.self)
            + channel * SegmentLayout.slotFramesMax
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func slot(_ seq: UInt64) -> UnsafeMutableRawPointer {
        base + Int(seq % SegmentLayout.slotCount) * SegmentLayout.toSlotBytes
    }
}

/// The blocks of a lane that came back; nothing in them may be believed.
struct IncomingSlots {
    private let base: UnsafeMutableRawPointer

    /// `base` is the first slot's first byte.
    @_noLocks @_noAllocation
    init(base: UnsafeMutableRawPointer) { self.base = base }

    /// The number of the block in the slot that `seq` belongs to.
    @_noLocks @_noAllocation
    @inline(__always)
    func seq(_ seq: UInt64) -> UnsafeMutablePointer<AtomicCell> {
        slot(seq).assumingMemoryBound(to: AtomicCell.self)
    }

    /// Only `epoch` and `frames` mean something.
    @_noLocks @_noAllocation
    @inline(__always)
    func head(_ seq: UInt64) -> UnsafeMutablePointer<BlockHead> {
        slot(seq).assumingMemoryBound(to: BlockHead.self)
    }

    /// Samples of channel 0 or 1.
    @_noLocks @_noAllocation
    @inline(__always)
    func samples(_ seq: UInt64, channel: Int) -> UnsafeMutablePointer<Float> {
        (slot(seq) + SegmentLayout.fromSamplesOffset).assumingMemoryBound(to: Float.self)
            + channel * SegmentLayout.slotFramesMax
    }

    @_noLocks @_noAllocation
    @inline(__always)
    private func slot(_ seq: UInt64) -> UnsafeMutableRawPointer {
        base + Int(seq % SegmentLayout.slotCount) * SegmentLayout.fromSlotBytes
    }
}
