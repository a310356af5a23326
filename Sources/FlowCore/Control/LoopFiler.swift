import CFlowLeaf

/// Gives loops of the pool files, one after the other, on a thread of the lowest priority.
///
/// The thread lives as long as there is work; a loop is held until its file is there. What others owe
/// to the disk comes first: nothing is written where space is scarce.
///
/// - Thread: control for every call; none waits for the disk except `stop`.
final class LoopFiler: @unchecked Sendable {
    typealias Outcome = Result<TakeFileMaker.MadeFile, EngineError>

    private struct Job {
        let id: TakeID
        let loop: LoopHandle
        let folder: String
    }

    private let monitor = DiskMonitor()
    private let pool: LoopPool
    private let files: any FileSystem
    private let rateHz: Int
    /// Left for the recording on the same disk.
    private let reserveBytes: UInt64
    private let tell: @Sendable (TakeID, Outcome) -> Void
    private var waiting: [Job] = []
    private var hasThread = false
    private var isStopping = false

    init(
        pool: LoopPool, files: any FileSystem, rateHz: Int, reserveBytes: UInt64,
        tell: @escaping @Sendable (TakeID, Outcome) -> Void
    ) {
        self.pool = pool
        self.files = files
        self.rateHz = rateHz
        self.reserveBytes = reserveBytes
        self.tell = tell
    }

    /// Has the loop written to `<sha256>.wav` in the folder; told when all four calls are done.
    ///
    /// A loop that lacks some of what belongs to it gets none: its file would be taken for the whole
    /// sound for ever.
    ///
    /// - Returns: 0, or the code why it will not be.
    func add(_ id: TakeID, folder: String) -> UInt32 {
        guard let loop = pool.acquire(id) else { return ErrorCode.takeNotLoaded }
        guard !pool.isIncomplete(id) else {
            pool.release(loop)
            return ErrorCode.takeUnreadable
        }
        let isTaken = monitor.locked { () -> Bool in
            guard !isStopping, waiting.count < Limits.loopFilesWaitingMax else { return false }
            if !hasThread { hasThread = startDiskThread("fz-loop-files") { [self] in work() } }
            guard hasThread else { return false }
            waiting.append(Job(id: id, loop: loop, folder: folder))
            return true
        }
        if isTaken { return 0 }
        pool.release(loop)
        return ErrorCode.busy
    }

    /// Gives up what is not begun and waits for the thread, at most so long.
    func stop(deadlineMs: Int) {
        let deadline = monotonicMs() + UInt64(deadlineMs)
        let left = monitor.locked { () -> [Job] in
            isStopping = true
            defer { waiting = [] }
            return waiting
        }
        for job in left { pool.release(job.loop) }
        while true {
            let seen = monitor.ringCount
            let now = monotonicMs()
            guard monitor.locked({ hasThread }), now < deadline else { return }
            monitor.wait(after: seen, timeoutMs: Int(deadline - now))
        }
    }

    private func work() {
        flow_thread_low_priority()
        while let job = monitor.locked({ nextOrEnd() }) {
            let outcome = file(job)
            pool.release(job.loop)
            tell(job.id, outcome)
        }
        monitor.ring()
    }

    /// The end of the work and that of the thread are one step, so that no job is left lying.
    private func nextOrEnd() -> Job? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        hasThread = false
        return nil
    }

    private func file(_ job: Job) -> Outcome {
        let maker = TakeFileMaker(files: files, folder: job.folder)
        let loop = job.loop.view()
        do throws(FileError) {
            try files.makeFolder(job.folder)
            guard try files.freeBytes(in: job.folder) >= UInt64(8 * loop.frames) + reserveBytes
            else { throw FileError(.write, path: job.folder, code: FileError.noSpace) }
            return .success(
                try maker.make(name: job.id.fileName, loop: loop, sampleRateHz: rateHz))
        } catch {
            let code = error.isFull ? ErrorCode.diskFull : ErrorCode.diskCritical
            return .failure(EngineError(code: code, detail: error.description))
        }
    }
}
