import CFlowLeaf
import Foundation

/// Renders loops one after the other, in the order in which they were asked for.
///
/// Its thread lives as long as there is work. What it renders from is held until it is done.
///
/// - Thread: any but audio.
final class RenderWorker: @unchecked Sendable {
    struct Job {
        var id: TakeID
        var render: LoopRender
        var held: [LoopHandle]

        var byteCount: Int { 8 * render.frames }
    }

    enum News {
        /// This share of it is done, 0…1.
        case progress(Double)
        /// The loop is in the pool, or cannot be made: then the code why.
        case done(UInt32)
    }

    /// Progress is told when it has grown by so much.
    private static let progressStep = 0.05
    private static let jobsMax = 1_024

    private let lock = NSCondition()
    private let pool: LoopPool
    private let byteLimit: Int
    private var waiting: [Job] = []
    /// Bytes of all results that are not in the pool yet.
    private var bytes = 0
    private var isWorking = false
    private var isEnding = false
    /// Called as a job goes on, in order.
    private let onNews: @Sendable (TakeID, News) -> Void

    /// `byteLimit` bounds what is being made and what was made and nobody plays.
    init(
        pool: LoopPool, byteLimit: Int, onNews: @escaping @Sendable (TakeID, News) -> Void
    ) {
        self.pool = pool
        self.byteLimit = byteLimit
        self.onNews = onNews
    }

    /// Lets the job be done: by a thread of its own, or by the next `pump`.
    ///
    /// - Returns: 0, or the code why it will not be; what it holds is given back then.
    func add(_ job: Job, onThread: Bool) -> UInt32 {
        let code = lock.withLock { take(job, onThread: onThread) }
        if code != 0 { release(job) }
        return code
    }

    private func take(_ job: Job, onThread: Bool) -> UInt32 {
        if isEnding || waiting.count >= Self.jobsMax { return ErrorCode.busy }
        if bytes + job.byteCount + pool.askedByteCount > byteLimit { return ErrorCode.loopMemory }
        bytes += job.byteCount
        waiting.append(job)
        guard onThread, !isWorking else { return 0 }
        isWorking = true
        let thread = Thread { [self] in
            flow_thread_name("fz-render")
            while let job = lock.withLock({ nextOrEnd() }) { finish(job) }
        }
        thread.qualityOfService = .utility
        thread.start()
        return 0
    }

    /// Does all that waits, on the calling thread.
    func pump() { while let job = lock.withLock({ next() }) { finish(job) } }

    /// Gives up what is not done and waits until the thread has ended.
    func stop() {
        lock.withLock {
            isEnding = true
            while isWorking { lock.wait() }
        }
        dropWaiting()
    }

    /// Gives up what is not begun.
    func dropWaiting() {
        let left = lock.withLock {
            for job in waiting { bytes -= job.byteCount }
            defer { waiting = [] }
            return waiting
        }
        for job in left { release(job) }
    }

    /// The end of the work and that of the thread are one step, so that no job is left lying.
    private func nextOrEnd() -> Job? {
        if !isEnding, let job = next() { return job }
        isWorking = false
        lock.broadcast()
        return nil
    }

    private func next() -> Job? { waiting.isEmpty ? nil : waiting.removeFirst() }

    private func finish(_ job: Job) {
        let code = pool.keep(job.id) ? 0 : make(job)
        lock.withLock { bytes -= job.byteCount }
        release(job)
        if let code { onNews(job.id, .done(code)) }
    }

    /// - Returns: 0 when the loop is in the pool, the code why it is not, nil when it was given up.
    private func make(_ job: Job) -> UInt32? {
        var told = -1.0
        do throws(EngineError) {
            let audio = try job.render.render {
                lock.withLock { isEnding }
            } onProgress: { share in
                if share < told + Self.progressStep { return }
                told = share
                onNews(job.id, .progress(share))
            }
            guard let audio else { return nil }
            audio.isRendered = true
            audio.isIncomplete = job.held.contains { pool.isIncomplete($0.view().id) }
            pool.insert(id: job.id, audio: audio, framesPerBeat: job.render.framesPerBeat)
            return 0
        } catch {
            return error.code
        }
    }

    private func release(_ job: Job) { for loop in job.held { pool.release(loop) } }
}
