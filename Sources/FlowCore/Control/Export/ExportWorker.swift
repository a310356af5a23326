import CFlowLeaf

/// Exports one job after the other, on a thread of the lowest priority.
///
/// - Thread: control for every call; none waits for the disk except `stop`.
final class ExportWorker: @unchecked Sendable {
    /// What the player is told of a job.
    struct News: Sendable {
        let job: UInt32
        /// A value of `ExportState`.
        let state: UInt32
        /// 0…1.
        let progress: Double
        let code: UInt32
        /// The number in the names of its files; 1 is not written.
        let number: Int
    }

    /// A job, and how its sound is opened when its turn comes.
    struct Job: Sendable {
        let plan: ExportPlan
        /// Nil when nothing of it is there.
        let openSound: @Sendable () -> (any ExportSound)?
    }

    private static let idleMs = 10_000
    private static let waitMs = 20

    private let monitor = DiskMonitor()
    private let files: any FileSystem
    private let reserveBytes: UInt64
    private let writesFlac: Bool
    private let tell: @Sendable (News) -> Void
    private var waiting: [Job] = []
    private var current: UInt32?
    private var isCancelled = false
    private var isStopping = false
    private var hasThread = false
    /// The thread's own.
    private var toldMs: UInt64 = 0

    init(
        files: any FileSystem, reserveBytes: UInt64,
        writesFlac: Bool = FlacSoundFile.isPossible,
        tell: @escaping @Sendable (News) -> Void
    ) {
        self.files = files
        self.reserveBytes = reserveBytes
        self.writesFlac = writesFlac
        self.tell = tell
    }

    /// Takes a job on; told as soon as it is begun, ended or refused by the disk.
    ///
    /// - Returns: 0, or the code why it cannot be taken on.
    func add(_ job: Job) -> UInt32 {
        if job.plan.format == .flac, !writesFlac { return ErrorCode.exportFormat }
        let code = monitor.locked { () -> UInt32 in
            guard !isStopping, waiting.count < Limits.exportJobsKept else { return ErrorCode.busy }
            if !hasThread { hasThread = startDiskThread("fz-export", { [self] in work() }) }
            guard hasThread else { return ErrorCode.exportFailed }
            waiting.append(job)
            return 0
        }
        monitor.ring()
        return code
    }

    /// Ends a job; told when its files are gone.
    ///
    /// - Returns: false when it is not known, or over.
    func cancel(_ job: UInt32) -> Bool {
        let (isThere, dropped) = monitor.locked { () -> (Bool, Job?) in
            if current == job {
                isCancelled = true
                return (true, nil)
            }
            guard let index = waiting.firstIndex(where: { $0.plan.job == job }) else {
                return (false, nil)
            }
            return (true, waiting.remove(at: index))
        }
        if dropped != nil {
            tell(News(job: job, state: ExportState.cancelled, progress: 0, code: 0, number: 1))
        }
        monitor.ring()
        return isThere
    }

    /// Gives up what is not done and waits for the thread, at most so long.
    func stop(deadlineMs: Int) {
        let deadline = monotonicMs() + UInt64(deadlineMs)
        monitor.locked {
            isStopping = true
            waiting = []
        }
        monitor.ring()
        while monitor.locked({ hasThread }), monotonicMs() < deadline {
            monitor.wait(after: monitor.ringCount, timeoutMs: Self.waitMs)
        }
    }

    private func work() {
        flow_thread_low_priority()
        while true {
            let seen = monitor.ringCount
            let (job, isOver) = monitor.locked { () -> (Job?, Bool) in
                if isStopping {
                    hasThread = false
                    return (nil, true)
                }
                guard !waiting.isEmpty else { return (nil, false) }
                let next = waiting.removeFirst()
                current = next.plan.job
                isCancelled = false
                return (next, false)
            }
            if isOver { return monitor.ring() }
            if let job { finish(job) } else { monitor.wait(after: seen, timeoutMs: Self.idleMs) }
        }
    }

    private func finish(_ job: Job) {
        let id = job.plan.job
        var news: News
        do throws(ExportError) {
            guard let sound = job.openSound() else { throw .nothing }
            let run = ExportRun(job.plan, sound: sound, files: files, reserveBytes: reserveBytes)
            let number = try run.run { [self] in goesOn(id, $0, $1) }
            news = News(job: id, state: ExportState.done, progress: 1, code: 0, number: number)
        } catch {
            let state = error.code == 0 ? ExportState.cancelled : ExportState.failed
            news = News(job: id, state: state, progress: 0, code: error.code, number: 1)
        }
        monitor.locked { current = nil }
        tell(news)
    }

    /// Tells how far it is, four times a second.
    private func goesOn(_ job: UInt32, _ progress: Double, _ isWaiting: Bool) -> Bool {
        let seen = monitor.ringCount
        if monitor.locked({ isCancelled || isStopping }) { return false }
        if isWaiting { monitor.wait(after: seen, timeoutMs: Self.waitMs) }
        let now = monotonicMs()
        if now >= toldMs + UInt64(Limits.exportProgressMs) {
            toldMs = now
            tell(
                News(
                    job: job, state: ExportState.running, progress: progress, code: 0, number: 1))
        }
        return true
    }
}
