import Foundation

/// Prints loops one after the other; its thread begins with the first.
///
/// - Thread: any but audio.
final class PrintWorker: @unchecked Sendable {
    struct Job {
        let id: TakeID
        let print: LoopPrint
        let loop: LoopHandle
        let isKept: Bool
    }

    private let lock = NSLock()
    private let thread = WorkThread()
    private var waiting: [Job] = []
    private var isStarted = false
    private var isEnding = false
    private var current: TakeID?
    private var isCancelled = false
    /// How far the job in hand is, 0 to 1. Called on its thread.
    private let onShare: @Sendable (TakeID, Double) -> Void
    /// Called of each job once: with what was printed, or with the code why nothing was. On its thread,
    /// or on that of whoever cancels one that waits.
    private let onDone: @Sendable (Job, Result<LoopPrint.Sound, EngineError>) -> Void

    init(
        onShare: @escaping @Sendable (TakeID, Double) -> Void = { _, _ in },
        onDone: @escaping @Sendable (Job, Result<LoopPrint.Sound, EngineError>) -> Void
    ) {
        self.onShare = onShare
        self.onDone = onDone
    }

    func add(_ job: Job) {
        lock.withLock {
            waiting.append(job)
            guard !isStarted, !isEnding else { return }
            isStarted = true
            thread.start("fz-print") { [self] in work() }
        }
        thread.ring()
    }

    /// Gives one up; it is answered as one that could not be printed.
    ///
    /// - Returns: false when it is not known, or over.
    func cancel(_ id: TakeID) -> Bool {
        let (isThere, dropped) = lock.withLock { () -> (Bool, Job?) in
            if current == id {
                isCancelled = true
                return (true, nil)
            }
            guard let index = waiting.firstIndex(where: { $0.id == id }) else {
                return (false, nil)
            }
            return (true, waiting.remove(at: index))
        }
        if let dropped { onDone(dropped, .failure(Self.givenUp)) }
        return isThere
    }

    /// Gives up what is not done; all jobs are answered when it returns.
    func stop() {
        let wasStarted = lock.withLock {
            isEnding = true
            return isStarted
        }
        if wasStarted { thread.stop() }
        while let job = next() { finish(job) }
    }

    private func next() -> Job? {
        lock.withLock {
            let job = waiting.isEmpty ? nil : waiting.removeFirst()
            (current, isCancelled) = (job?.id, false)
            return job
        }
    }

    private func work() -> Int {
        while let job = next() { finish(job) }
        return 60_000
    }

    private func finish(_ job: Job) {
        let result: Result<LoopPrint.Sound, EngineError>
        do throws(EngineError) {
            let sound = try job.print.run {
                lock.withLock { isEnding || isCancelled }
            } tell: {
                onShare(job.id, $0)
            }
            result = sound.map { .success($0) } ?? .failure(Self.givenUp)
        } catch {
            result = .failure(error)
        }
        lock.withLock { current = nil }
        onDone(job, result)
    }

    private static let givenUp = EngineError(code: ErrorCode.pluginsNotPrinted, detail: "given up")
}
