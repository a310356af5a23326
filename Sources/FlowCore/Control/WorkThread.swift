import CFlowLeaf
import Foundation

/// A thread that does one thing again and again until it is stopped.
final class WorkThread: @unchecked Sendable {
    private let lock = NSCondition()
    private var isEnding = false
    private var isRunning = false

    /// Starts to call `body` every `periodMs`.
    func start(_ name: String, periodMs: Double, _ body: @escaping @Sendable () -> Void) {
        lock.withLock {
            isEnding = false
            isRunning = true
        }
        let thread = Thread { [self] in
            flow_thread_name(name)
            while !lock.withLock({ isEnding }) {
                body()
                pause(periodMs)
            }
            lock.withLock {
                isRunning = false
                lock.broadcast()
            }
        }
        thread.stackSize = 512 * 1_024
        thread.start()
    }

    /// Ends the thread and waits until it has left `body`.
    func stop() {
        lock.withLock {
            isEnding = true
            lock.broadcast()
            while isRunning { lock.wait() }
        }
    }

    private func pause(_ periodMs: Double) {
        lock.withLock {
            if !isEnding { _ = lock.wait(until: Date(timeIntervalSinceNow: periodMs / 1_000)) }
        }
    }
}
