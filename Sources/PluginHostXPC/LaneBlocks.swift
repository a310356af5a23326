import CFlowLeaf

/// One block of a lane that is due, and those before it that are left out.
struct LaneBlocks {
    private let lane: UnsafePointer<flow_to_lane>
    /// The block to play.
    let seq: UInt64
    /// First block that is left out; `seq` when none is.
    private let firstLate: UInt64
    /// The block's head, read once.
    let head: flow_block

    /// - Parameters:
    ///   - lane: The lane as the engine writes it.
    ///   - seq: A block that was posted.
    ///   - firstLate: At most `seq`; what is too old to lie in a slot still is given up.
    init(_ lane: UnsafePointer<flow_to_lane>, seq: UInt64, firstLate: UInt64) {
        self.lane = lane
        self.seq = seq
        let oldest = seq - min(seq, UInt64(FLOW_SLOT_COUNT) - 1)
        self.firstLate = max(firstLate, oldest)
        var head = Self.head(flow_slot_at(lane, seq))
        head.frames = min(head.frames, UInt32(FLOW_SLOT_FRAMES_MAX))
        self.head = head
    }

    var sound: StereoSound {
        let slot = flow_slot_at(lane, seq)
        return StereoSound(left: flow_slot_samples(slot, 0), right: flow_slot_samples(slot, 1))
    }

    /// The sound begins anew with this block.
    var isDiscontinuous: Bool {
        firstLate < seq || head.flags & UInt32(FLOW_BLOCK_DISCONTINUITY) != 0
    }

    /// Gathers what these blocks have for an instance.
    func gather(_ seat: AudioSeat, into events: inout BlockEvents) {
        events.begin(seat)
        var late = firstLate
        while late < seq {
            let slot = flow_slot_at(lane, late)
            let block = Self.head(slot)
            if block.seq == late { events.add(slot, block, seat, isLate: true) }
            late += 1
        }
        events.add(flow_slot_at(lane, seq), head, seat, isLate: false)
    }

    /// A slot begins with its head; the rest of it is not copied.
    private static func head(_ slot: UnsafePointer<flow_slot>) -> flow_block {
        UnsafeRawPointer(slot).assumingMemoryBound(to: flow_block.self).pointee
    }
}
