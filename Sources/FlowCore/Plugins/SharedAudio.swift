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
    init(epoch: UInt64, sampleRateHz: Int, isAside: Bool = false) throws(HostFailure) {
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
        toHost.pointee.header.is_aside = isAside ? 1 : 0
        fromHost.pointee.header = Self.header(
            bytes: Self.fromHostBytes, epoch: epoch, sampleRateHz: sampleRateHz)
        // Until it says otherwise a new host is loading, which may take its time.
        fromHost.pointee.phase = UInt64(FLOW_PHASE_LOAD)
        let heads = [
            (toHostFd, SegmentLayout.toLanesOffset), (fromHostFd, SegmentLayout.fromLanesOffset),
        ]
        for (fd, bytes) in heads {
            let failure = flow_segment_reserve(fd, 0, bytes)
            guard failure == 0 else {
                flow_segment_unmap(to, Self.toHostBytes)
                flow_segment_unmap(from, Self.fromHostBytes)
                close(toHostFd)
                close(fromHostFd)
                throw .segment(failure)
            }
        }
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
            currentInstance: flow_word_load(&fromHost.pointee.current_instance),
            mainInstance: flow_word_load(&fromHost.pointee.main_instance))
    }

    /// The newest block of a lane that was answered, as the host says, and the newest that was posted.
    func counts(lane: Int) -> (done: UInt64, posted: UInt64) {
        let lane = lease.pointee.lane(lane)
        // In this order: what is posted only grows.
        let done = lane.done.pointee.load()
        return (done, lane.posted.pointee.load())
    }

    /// Gives a lane its memory; no block may go through it before. False when there is none left.
    func prepare(lane: Int) -> Bool {
        let toOffset = SegmentLayout.toLanesOffset + lane * SegmentLayout.toLaneBytes
        let fromOffset = SegmentLayout.fromLanesOffset + lane * SegmentLayout.fromLaneBytes
        return Self.prepare(toHostFd, toHost, toOffset, SegmentLayout.toLaneBytes)
            && Self.prepare(fromHostFd, fromHost, fromOffset, SegmentLayout.fromLaneBytes)
    }

    private static func prepare(
        _ fd: Int32, _ base: UnsafeMutableRawPointer, _ offset: Int, _ bytes: Int
    ) -> Bool {
        guard flow_segment_reserve(fd, offset, bytes) == 0 else { return false }
        flow_segment_touch(base, offset, bytes)
        return true
    }

    /// Echoes written since number `seen`, which is moved on; the oldest are lost when there were many.
    func echoes(since seen: inout UInt64) -> [flow_echo] {
        let written = flow_word_load(&fromHost.pointee.echo_written)
        let kept = UInt64(FLOW_ECHO_COUNT)
        // A counter that ran back is not believed: nothing is read.
        guard written > seen else {
            seen = written
            return []
        }
        let first = written - seen > kept ? written - kept : seen
        seen = written
        return withUnsafePointer(to: &fromHost.pointee.echoes) { echoes in
            let base = UnsafeRawPointer(echoes).assumingMemoryBound(to: flow_echo.self)
            return (first..<written).map { base[Int($0 % kept)] }
        }
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
