import CFlowLeaf

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The child process of one life: started with its segments, gone when this is ended.
///
/// - Thread: supervisor; the child dies with the thread that made it.
final class HostProcess {
    var pid: Int32 { child.pid }
    let socket: HostSocket
    private var child = flow_child(pid: 0, watch: -1)
    private var isOver = false

    init(executable: String, audio: SharedAudio) throws(HostFailure) {
        var pair: [Int32] = [-1, -1]
        var failure = flow_control_pair(&pair)
        guard failure == 0 else { throw .spawn(failure) }
        let fds = [audio.toHostFd, audio.fromHostFd, pair[1]]
        failure = flow_child_spawn(executable, String(getpid()), fds, &child)
        close(pair[1])
        socket = HostSocket(pair[0])
        guard failure == 0 else { throw .spawn(failure) }
    }

    /// Whether the system says that it has ended.
    var hasEnded: Bool {
        if isOver { return true }
        var watched = pollfd(fd: child.watch, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }

    /// How long a process that closed its socket may take to be over.
    private static let endMs: Int32 = 20

    /// Whether somebody else ended it: no plug-in gets SIGKILL for what it did.
    var wasKilled: Bool { !isOver && flow_child_was_killed(&child, Self.endMs) == 1 }

    /// Waits until it ends, until it says or takes something, for a byte in `wakeFd`, or for the time.
    func wait(wakeFd: Int32, ms: Int) {
        var events = Int16(POLLIN)
        if socket.isSending { events |= Int16(POLLOUT) }
        // A descriptor below zero is left out.
        let control = socket.isClosed ? -1 : socket.descriptor
        var watched = [
            pollfd(fd: isOver ? -1 : child.watch, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeFd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: control, events: events, revents: 0),
        ]
        _ = poll(&watched, 3, Int32(ms))
        if watched[2].revents & Int16(POLLOUT) != 0 { socket.flush() }
    }

    /// What it takes of the machine.
    func measure() -> HostUsage? {
        var usage = flow_child_usage()
        guard !isOver, flow_child_measure(&child, &usage) == 0 else { return nil }
        return HostUsage(
            residentBytes: Int(usage.resident_bytes), mappedBytes: Int(usage.mapped_bytes),
            cpuMs: Double(usage.cpu_ms))
    }

    /// Refuses it to map more than so many bytes.
    func limit(mappedBytes: Int) { _ = flow_child_limit(&child, UInt64(mappedBytes)) }

    /// Kills it if it still runs, and takes it off the system's list.
    func end() {
        guard !isOver else { return }
        isOver = true
        flow_child_kill(&child)
        flow_child_reap(&child)
        closeControl()
    }

    /// Tells the host that nobody needs it any more: it ends by itself.
    func closeControl() { socket.close() }
}
