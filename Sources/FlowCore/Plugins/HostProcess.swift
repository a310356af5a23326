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
    private var child = flow_child(pid: 0, watch: -1)
    /// Our end of the control socket: closing it tells the host that it is alone.
    private var control: Int32

    init(executable: String, audio: SharedAudio) throws(HostFailure) {
        var pair: [Int32] = [-1, -1]
        var failure = flow_control_pair(&pair)
        guard failure == 0 else { throw .spawn(failure) }
        let fds = [audio.toHostFd, audio.fromHostFd, pair[1]]
        failure = flow_child_spawn(executable, String(getpid()), fds, &child)
        close(pair[1])
        control = pair[0]
        guard failure == 0 else {
            close(control)
            throw .spawn(failure)
        }
    }

    /// Waits for its end, a wake or the time; one of FLOW_CHILD_*.
    func wait(wakeFd: Int32, ms: Int) -> Int32 {
        flow_child_wait(&child, wakeFd, Int32(ms))
    }

    /// Kills it if it still runs, and takes it off the system's list.
    func end() {
        flow_child_kill(&child)
        flow_child_reap(&child)
        closeControl()
    }

    /// Tells the host that nobody needs it any more: it ends by itself.
    func closeControl() {
        if control >= 0 { close(control) }
        control = -1
    }
}
