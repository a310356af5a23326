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
    }

    private let lock = NSCondition()
    private let pool: LoopPool
    private var waiting: [Job] = []
    private var isWorking = false
    private var isEnding = false
    /// Called when a job is done; code 0 = the loop is in the pool.
    private let onDone: @Sendable (TakeID, UInt32) -> Void

    init(pool: LoopPool, onDone: @escaping @Sendable (TakeID, UInt32) -> Void) {
        self.pool = pool
        self.onDone = onDone
    }

    /// Lets the job be done: by a thread of its own, or by the next `pump`.
    func add(_ job: Job, onThread: Bool) {
        lock.withLock {
            waiting.append(job)
            guard onThread, !isWorking, !isEnding else { return }
            isWorking = true
            let thread = Thread { [self] in
                flow_thread_name("fz-render")
                while let job = lock.withLock({ nextOrEnd() }) { finish(job) }
            }
            thread.qualityOfService = .utility
            thread.start()
        }
    }

    /// Does all that waits, on the calling thread.
    func pump() { while let job = lock.withLock({ next() }) { finish(job) } }

    /// Gives up what is not done and waits until the thread has ended.
    func stop() {
        lock.withLock {
            isEnding = true
            while isWorking { lock.wait() }
            for job in waiting { release(job) }
            waiting = []
        }
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
        defer { release(job) }
        if pool.contains(job.id) {
            onDone(job.id, 0)
            return
        }
        do throws(EngineError) {
            let audio = try job.render.render { [self] in lock.withLock { isEnding } }
            guard let audio else { return }
            pool.insert(id: job.id, audio: audio, framesPerBeat: job.render.framesPerBeat)
            onDone(job.id, 0)
        } catch {
            onDone(job.id, error.code)
        }
    }

    private func release(_ job: Job) { for loop in job.held { pool.release(loop) } }
}
