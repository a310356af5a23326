import CFlowLeaf
import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs a group in real time: its turns under the desk's lock, what takes time outside of it.
///
/// The system ends a host when the thread that started it ends: this one lives as long as the group.
final class HostThread: @unchecked Sendable {
    private let group: HostGroup
    private let hosts: any HostTable
    private let lock: NSLock
    private let now: @Sendable () -> Double
    /// Written by `ring`, watched by the thread.
    private var wake: [Int32] = [-1, -1]
    private var thread: PluginThread?
    /// Whether the group is over. Under the lock.
    private(set) var isOver = false

    /// Starts the thread. Throws when the system gives none.
    init(
        _ group: HostGroup, _ hosts: any HostTable, lock: NSLock,
        now: @escaping @Sendable () -> Double
    ) throws(HostFailure) {
        self.group = group
        self.hosts = hosts
        self.lock = lock
        self.now = now
        let failure = flow_control_pair(&wake)
        guard failure == 0 else { throw .spawn(failure) }
        for fd in wake { _ = fcntl(fd, F_SETFL, O_NONBLOCK) }
        thread = PluginThread("fz-host-\(group.number)") { [self] in run() }
        guard thread != nil else {
            closeWake()
            throw .spawn(-EAGAIN)
        }
    }

    /// Lets it have its turn now. Thread: any.
    func ring() {
        var byte: UInt8 = 1
        _ = write(wake[1], &byte, 1)
    }

    /// Waits until the group is over, which somebody has asked for.
    func join() {
        thread?.join()
        thread = nil
        closeWake()
    }

    private func closeWake() {
        for fd in wake where fd >= 0 { close(fd) }
        wake = [-1, -1]
    }

    private func run() {
        var life: (any HostLife)?
        while true {
            let deed = lock.withLock { group.turn(now()) }
            switch deed {
            case .rest(let ms): wait(life, ms)
            case .start(let epoch):
                let result = start(epoch)
                life = try? result.get()
                lock.withLock { group.started(result, atMs: now()) }
            case .bury(let dead, let ports):
                bury(dead, ports)
                life = nil
                lock.withLock { group.buried() }
            case .end:
                lock.withLock { isOver = true }
                return
            }
        }
    }

    private func start(_ epoch: UInt64) -> Result<any HostLife, HostFailure> {
        do throws(HostFailure) {
            return .success(try hosts.start(epoch: epoch, isAside: group.shape.isAside))
        } catch {
            return .failure(error)
        }
    }

    /// A block that uses the life is over soon.
    private func bury(_ life: any HostLife, _ ports: [HostPort]) {
        while ports.contains(where: { $0.isHeld(life.lease) }) { usleep(100) }
        life.bury()
    }

    private func wait(_ life: (any HostLife)?, _ ms: Int) {
        if let child = life as? ChildHost {
            child.wait(wakeFd: wake[0], ms: ms)
        } else {
            var watched = pollfd(fd: wake[0], events: Int16(POLLIN), revents: 0)
            _ = poll(&watched, 1, Int32(ms))
        }
        var bytes: UInt64 = 0
        while read(wake[0], &bytes, 8) > 0 {}
    }
}
