import CFlowLeaf

/// The two segments as the host sees them, checked before anything is read from them.
struct HostSegments: @unchecked Sendable {
    let toHost: UnsafePointer<flow_to_host>
    let fromHost: UnsafeMutablePointer<flow_from_host>
    let epoch: UInt64
    /// Nobody hears this host as it plays.
    let isAside: Bool

    /// Maps what the engine left in descriptors 3 and 4; nil when it is not this version's layout.
    init?() {
        var to: UnsafeMutableRawPointer?
        var from: UnsafeMutableRawPointer?
        let toBytes = MemoryLayout<flow_to_host>.size
        let fromBytes = MemoryLayout<flow_from_host>.size
        guard flow_segment_map(Int32(FLOW_HOST_FD_TO), toBytes, 0, &to) == 0, let to,
            flow_segment_map(Int32(FLOW_HOST_FD_FROM), fromBytes, 1, &from) == 0, let from
        else { return nil }
        toHost = UnsafePointer(to.assumingMemoryBound(to: flow_to_host.self))
        fromHost = from.assumingMemoryBound(to: flow_from_host.self)
        epoch = toHost.pointee.header.epoch
        isAside = toHost.pointee.header.is_aside == 1
        guard Self.fits(toHost.pointee.header, bytes: toBytes),
            Self.fits(fromHost.pointee.header, bytes: fromBytes),
            fromHost.pointee.header.epoch == epoch
        else { return nil }
    }

    /// Maps a lane before the audio thread plays in it.
    func touch(lane: Int) {
        let index = UInt32(lane)
        flow_segment_touch(flow_to_lane_at(toHost, index), 0, MemoryLayout<flow_to_lane>.size)
        flow_segment_touch(flow_from_lane_at(fromHost, index), 0, MemoryLayout<flow_from_lane>.size)
    }

    private static func fits(_ header: flow_segment_header, bytes: Int) -> Bool {
        header.magic == UInt32(FLOW_SEGMENT_MAGIC) && header.version == UInt32(FLOW_SEGMENT_VERSION)
            && header.bytes == UInt32(bytes) && header.slot_count == UInt32(FLOW_SLOT_COUNT)
            && header.slot_frames_max == UInt32(FLOW_SLOT_FRAMES_MAX)
            && header.lane_count == UInt32(FLOW_LANE_COUNT)
            && header.channels == UInt32(FLOW_CHANNELS)
    }
}
