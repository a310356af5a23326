import CFlowLeaf

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

private final class Start: Sendable {
    let segments: HostSegments
    let heartbeat: Heartbeat
    let plans: PlanExchange

    init(_ segments: HostSegments, _ heartbeat: Heartbeat, _ plans: PlanExchange) {
        self.segments = segments
        self.heartbeat = heartbeat
        self.plans = plans
    }
}

private func run(_ raw: UnsafeMutableRawPointer) -> Never {
    let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
    flow_thread_name("fz-host-audio")
    _ = flow_host_thread_real_time(start.segments.isAside ? 1 : 0)
    guard var loop = HostLoop(start.segments, start.heartbeat, start.plans) else { exit(3) }
    loop.run()
}

#if canImport(Darwin)
    private func body(_ raw: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? { run(raw) }
#else
    private func body(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let raw else { return nil }
        run(raw)
    }
#endif

/// Starts the thread that does the audio; false when the system gives none.
func startAudioThread(
    _ segments: HostSegments, _ heartbeat: Heartbeat, _ plans: PlanExchange
) -> Bool {
    let box = Unmanaged.passRetained(Start(segments, heartbeat, plans))
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    return pthread_create(&thread, nil, body, box.toOpaque()) == 0
}
