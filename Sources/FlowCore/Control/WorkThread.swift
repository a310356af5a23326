import CFlowLeaf
import Foundation

/// A thread that does one thing again and again until it is stopped.
///
/// Between two times it rests for as long as that thing says, or until somebody rings. A ring that comes
/// while it works is not lost: it does not rest then.
final class WorkThread: @unchecked Sendable {
    private let bell = DiskMonitor()
    private var isEnding = false
    private var isRunning = false

    /// Starts to call `body`, which says for how many milliseconds there is nothing to do.
    func start(_ name: String, _ body: @escaping @Sendable () -> Int) {
        bell.locked {
            isEnding = false
            isRunning = true
        }
        let thread = Thread { [self] in
            flow_thread_name(name)
            while true {
                let seen = bell.ringCount
                if bell.locked({ isEnding }) { break }
                bell.wait(after: seen, timeoutMs: body())
            }
            bell.locked { isRunning = false }
            bell.ring()
        }
        thread.stackSize = 512 * 1_024
        thread.start()
    }

    /// Starts to call `body` every `periodMs`.
    func start(_ name: String, periodMs: Int, _ body: @escaping @Sendable () -> Void) {
        start(name) {
            body()
            return periodMs
        }
    }

    /// Lets it work now. Thread: any but audio.
    func ring() { bell.ring() }

    /// How often somebody rang.
    var ringCount: UInt64 { bell.ringCount }

    /// Ends the thread and waits until it has left `body`.
    func stop() {
        bell.locked { isEnding = true }
        bell.ring()
        while true {
            let seen = bell.ringCount
            if !bell.locked({ isRunning }) { return }
            bell.wait(after: seen, timeoutMs: 1_000)
        }
    }
}
