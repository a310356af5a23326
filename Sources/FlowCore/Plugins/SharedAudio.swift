import CFlowLeaf

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The two shared segments of one life of a plug-in host; layout in `segment.h`.
///
/// - Thread: supervisor. The audio thread sees only the `lease`, which `deinit` frees: call
///   `HostPort.replace` first.
final class SharedAudio {
    static let toHostBytes = MemoryLayout<flow_to_host>.size
    static let fromHostBytes = MemoryLayout<flow_from_host>.size

    /// Descriptors for the host, close-on-exec: engine → host and host → engine.
    let toHostFd: Int32
    let fromHostFd: Int32
    let lease: UnsafeMutablePointer<HostLease>

    private let toHost: UnsafeMutablePointer<flow_to_host>
    private let fromHost: UnsafeMutablePointer<flow_from_host>

    /// Makes both segments of life `epoch`; throws when the system gives no memory for them.
    init(epoch: UInt64, sampleRateHz: Int) throws(HostFailure) {
        var to: UnsafeMutableRawPointer?
        var from: UnsafeMutableRawPointer?
        toHostFd = flow_segment_create(Self.toHostBytes, &to)
        guard toHostFd >= 0, let to else { throw .segment(toHostFd) }
        fromHostFd = flow_segment_create(Self.fromHostBytes, &from)
        guard fromHostFd >= 0, let from else {
            flow_segment_unmap(to, Self.toHostBytes)
            close(toHostFd)
            throw .segment(fromHostFd)
        }
        toHost = to.bindMemory(to: flow_to_host.self, capacity: 1)
        fromHost = from.bindMemory(to: flow_from_host.self, capacity: 1)
        toHost.pointee.header = Self.header(
            bytes: Self.toHostBytes, epoch: epoch, sampleRateHz: sampleRateHz)
        fromHost.pointee.header = Self.header(
            bytes: Self.fromHostBytes, epoch: epoch, sampleRateHz: sampleRateHz)
        // Until it says otherwise a new host is loading, which may take its time.
        fromHost.pointee.phase = UInt64(FLOW_PHASE_LOAD)
        // The host can read what we send, and never change it. Older kernels lack this seal.
        _ = flow_segment_seal(toHostFd)
        lease = .allocate(capacity: 1)
        lease.initialize(to: HostLease(epoch: epoch, toHost: to, fromHost: from))
    }

    deinit {
        lease.deallocate()
        flow_segment_unmap(toHost, Self.toHostBytes)
        flow_segment_unmap(fromHost, Self.fromHostBytes)
        close(toHostFd)
        close(fromHostFd)
    }

    /// The host's signs of life, read once.
    var signs: HostSigns {
        HostSigns(
            audioBeat: flow_word_load(&fromHost.pointee.audio_beat),
            mainBeat: flow_word_load(&fromHost.pointee.main_beat),
            phase: flow_word_load(&fromHost.pointee.phase),
            allowanceMs: flow_word_load(&fromHost.pointee.phase_allowance_ms),
            currentInstance: flow_word_load(&fromHost.pointee.current_instance))
    }

    private static func header(
        bytes: Int, epoch: UInt64, sampleRateHz: Int
    ) -> flow_segment_header {
        var header = flow_segment_header()
        header.magic = UInt32(FLOW_SEGMENT_MAGIC)
        header.version = UInt32(FLOW_SEGMENT_VERSION)
        header.bytes = UInt32(bytes)
        header.slot_count = UInt32(FLOW_SLOT_COUNT)
        header.slot_frames_max = UInt32(FLOW_SLOT_FRAMES_MAX)
        header.channels = UInt32(FLOW_CHANNELS)
        header.lane_count = UInt32(FLOW_LANE_COUNT)
        header.sample_rate_hz = UInt32(sampleRateHz)
        header.epoch = epoch
        return header
    }
}
