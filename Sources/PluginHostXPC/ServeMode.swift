import CFlowLeaf

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The host proper: works for the engine until the engine is gone.
///
/// Thread: main.
func serveEngine(_ parent: Int32) -> Never {
    guard flow_host_die_with_parent(parent) == 0 else { exit(0) }
    guard let segments = HostSegments() else { exit(3) }
    let heartbeat = Heartbeat(segments.fromHost)
    guard startAudioThread(segments, heartbeat) else { exit(3) }
    heartbeat.enter(FLOW_PHASE_RUN)
    while flow_host_is_abandoned(Int32(FLOW_HOST_FD_CONTROL), Heartbeat.everyMs) == 0 {
        heartbeat.beatMain()
    }
    exit(0)
}
