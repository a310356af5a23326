import CFlowLeaf

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// A plug-in host: a child of the engine that does the work of foreign code behind shared memory.
//
// The engine starts it with its own process number as the only argument, the two segments in
// descriptors 3 and 4, and a socket in 5 whose end means that the engine is gone. Exit codes:
// 0 the engine is gone, 2 wrong use, 3 the segments are not of this version.

guard CommandLine.arguments.count == 2, let parent = Int32(CommandLine.arguments[1]) else {
    let text = "PluginHostXPC is started by FlowZone's engine, not by hand.\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    exit(2)
}
guard flow_host_die_with_parent(parent) == 0 else { exit(0) }
guard let segments = HostSegments() else { exit(3) }

let heartbeat = Heartbeat(segments.fromHost)
guard startAudioThread(segments, heartbeat) else { exit(3) }
heartbeat.enter(FLOW_PHASE_RUN)
while flow_host_is_abandoned(Int32(FLOW_HOST_FD_CONTROL), Heartbeat.everyMs) == 0 {
    heartbeat.beatMain()
}
exit(0)
