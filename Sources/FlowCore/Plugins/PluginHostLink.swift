import CFlowLeaf

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the supervisor tells about its host.
enum HostEvent: Equatable, Sendable {
    /// A host runs and is heard from its next good blocks on.
    case running(pid: Int32)
    /// A life ended; another follows at once.
    case lost(HostFailure)
    /// The last retry failed too: dry until `retry`.
    case gaveUp(HostFailure)
}

/// Keeps one plug-in host alive: starts it, reads its beats, kills it when it hangs, starts it again.
///
/// Each life has segments and an epoch of its own. Three retries a session, then the insert stays dry
/// until `retry`. Nothing of this is ever waited for by the audio thread, which reads `port`.
///
/// - Thread: control for all calls; `report` is called on the supervisor thread. That thread lives as
///   long as the link: the host is told by the system when its parent thread ends.
final class PluginHostLink: @unchecked Sendable {
    static let retriesMax = 3

    let port = HostPort()
    private let executable: String
    private let sampleRateHz: Int
    private let report: @Sendable (HostEvent) -> Void
    private let isEnding = UnsafeMutablePointer<AtomicCell>.allocate(capacity: 1)
    private let wantsRetry = UnsafeMutablePointer<AtomicCell>.allocate(capacity: 1)
    /// Written by `stop` and `retry`, watched by the supervisor.
    private var wake: [Int32] = [-1, -1]
    private var thread: PluginThread?
    private var epoch: UInt64 = 0

    /// `executable` is the path of PluginHostXPC.
    init(
        executable: String, sampleRateHz: Int, report: @escaping @Sendable (HostEvent) -> Void
    ) {
        self.executable = executable
        self.sampleRateHz = sampleRateHz
        self.report = report
        isEnding.initialize(to: AtomicCell(0))
        wantsRetry.initialize(to: AtomicCell(0))
    }

    deinit {
        stop()
        isEnding.deinitialize(count: 1)
        isEnding.deallocate()
        wantsRetry.deinitialize(count: 1)
        wantsRetry.deallocate()
        port.deallocate()
    }

    /// Starts the first life; does not wait for it.
    func start() throws(HostFailure) {
        guard thread == nil else { return }
        let failure = flow_control_pair(&wake)
        guard failure == 0 else { throw .spawn(failure) }
        isEnding.pointee.store(0)
        // The thread never outlives the link: `stop`, also from deinit, waits for its end.
        let link = Unmanaged.passUnretained(self)
        thread = PluginThread("fz-host") { link.takeUnretainedValue().supervise() }
        guard thread != nil else {
            closeWake()
            throw .spawn(-EAGAIN)
        }
    }

    /// Ends host and supervisor; returns when both are gone.
    func stop() {
        guard let running = thread else { return }
        isEnding.pointee.store(1)
        wakeUp()
        running.join()
        thread = nil
        closeWake()
    }

    /// Starts the count of retries anew, and the host if it was given up.
    func retry() {
        wantsRetry.pointee.store(1)
        wakeUp()
    }

    private func wakeUp() {
        var byte: UInt8 = 1
        _ = write(wake[1], &byte, 1)
    }

    private func closeWake() {
        close(wake[0])
        close(wake[1])
        wake = [-1, -1]
    }

    private func supervise() {
        var retries = 0
        while isEnding.pointee.load() == 0 {
            guard let failure = live() else { return }
            if wantsRetry.pointee.exchange(0) == 1 { retries = 0 }
            if retries < Self.retriesMax {
                retries += 1
                report(.lost(failure))
                continue
            }
            report(.gaveUp(failure))
            waitForRetry()
            retries = 0
        }
    }

    /// One life from spawn to end; nil when the link is stopped.
    private func live() -> HostFailure? {
        epoch += 1
        do {
            let audio = try SharedAudio(epoch: epoch, sampleRateHz: sampleRateHz)
            let host = try HostProcess(executable: executable, audio: audio)
            defer {
                // The audio thread lets go of the segments before they are unmapped.
                withExtendedLifetime(audio) { port.replace(with: nil) { usleep(100) } }
                host.end()
            }
            return watch(host, audio)
        } catch {
            return error
        }
    }

    private func watch(_ host: HostProcess, _ audio: SharedAudio) -> HostFailure? {
        var watch = HostWatch()
        var isHeard = false
        while true {
            if isEnding.pointee.load() == 1 { return nil }
            let nowMs = Double(flow_monotonic_ns()) / 1e6
            if watch.read(audio.signs, atMs: nowMs) { return .hung }
            if !isHeard, watch.isRunning {
                isHeard = true
                port.replace(with: audio.lease) { usleep(100) }
                report(.running(pid: host.pid))
            }
            // A host that is just starting is asked more often: it is wanted.
            let waitMs = isHeard ? watch.untilNextMs(nowMs) : 2
            switch Int(host.wait(wakeFd: wake[0], ms: waitMs)) {
            case FLOW_CHILD_ENDED: return .crashed
            case FLOW_CHILD_WOKEN: drainWake()
            default: break
            }
        }
    }

    private func waitForRetry() {
        while isEnding.pointee.load() == 0, wantsRetry.pointee.exchange(0) == 0 { drainWake() }
    }

    /// Takes one wake, or waits for it.
    private func drainWake() {
        var byte: UInt8 = 0
        _ = read(wake[0], &byte, 1)
    }
}
