import CFlowLeaf

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A lock with a bell: threads share state under it and wait for each other's news.
///
/// Never used by the audio thread. Nothing slow is done under it: no file call, no report.
final class DiskMonitor: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var rings: UInt64 = 0

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        #if canImport(Darwin)
            pthread_cond_init(condition, nil)
        #else
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Wakes every thread that waits.
    func ring() {
        locked { rings += 1 }
        pthread_cond_broadcast(condition)
    }

    /// How often the bell has rung: taken before looking for work, given to `wait` after it.
    var ringCount: UInt64 { locked { rings } }

    /// Waits for a ring after `seen`, at most `timeoutMs`.
    ///
    /// - Returns: false when that time has passed without one.
    @discardableResult
    func wait(after seen: UInt64, timeoutMs: Int) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = deadline.tv_nsec + timeoutMs % 1000 * 1_000_000
        deadline.tv_sec += timeoutMs / 1000 + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        return locked {
            while rings == seen {
                if !waitOnce(until: deadline) { return false }
            }
            return true
        }
    }

    /// False when the deadline has passed.
    private func waitOnce(until deadline: timespec) -> Bool {
        #if canImport(Darwin)
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            var left = timespec(
                tv_sec: deadline.tv_sec - now.tv_sec, tv_nsec: deadline.tv_nsec - now.tv_nsec)
            if left.tv_nsec < 0 {
                left.tv_nsec += 1_000_000_000
                left.tv_sec -= 1
            }
            if left.tv_sec < 0 { return false }
            return pthread_cond_timedwait_relative_np(condition, mutex, &left) == 0
        #else
            var until = deadline
            return pthread_cond_timedwait(condition, mutex, &until) == 0
        #endif
    }
}

/// Nanoseconds of the monotonic clock.
@Sendable func monotonicNs() -> Int64 { flow_monotonic_ns() }

/// Milliseconds of the monotonic clock.
func monotonicMs() -> UInt64 { UInt64(flow_monotonic_ns()) / 1_000_000 }
