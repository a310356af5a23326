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
    // Plug-ins write to the standard output as they like; the engine's is not theirs.
    dup2(STDERR_FILENO, STDOUT_FILENO)
    signal(SIGPIPE, SIG_IGN)
    #if canImport(AudioToolbox)
        UnitHome.begin()
    #endif
    guard let segments = HostSegments() else { exit(3) }
    let heartbeat = Heartbeat(segments.fromHost)
    let plans = PlanKeeper(segments)
    guard startAudioThread(segments, heartbeat, plans.exchange) else { exit(3) }
    heartbeat.enter(FLOW_PHASE_RUN)
    HostDesk(plans, heartbeat).run()
}
