import Foundation

/// Composes feature frames at their rate and keeps the newest for whoever asks.
///
/// - Thread: its own; `newest` any.
final class FeatureThread: @unchecked Sendable {
    private let composer: FeatureComposer
    private let now: @Sendable () -> Double
    private let diskState: @Sendable () -> DiskState
    private let lock = NSLock()
    private var newest: [UInt8] = []

    init(
        composer: FeatureComposer, now: @escaping @Sendable () -> Double,
        diskState: @escaping @Sendable () -> DiskState
    ) {
        self.composer = composer
        self.now = now
        self.diskState = diskState
    }

    /// Composes a frame if there is anything new.
    ///
    /// - Returns: milliseconds until there can be another one: a little less than the audio thread
    ///   takes, so that the thread drifts to where it finds none and comes again soon.
    @discardableResult
    func step() -> Int {
        let fullMs = 1_000 / Limits.featureFps
        return lock.withLock {
            guard let frame = composer.compose(nowMs: now(), diskState: diskState()) else {
                return fullMs / 4
            }
            newest = Array(frame)
            // Where the pace quickens a frame is late by one period at most.
            return composer.pace == .full ? fullMs : 2 * fullMs
        }
    }

    /// Copies the newest frame that nobody read yet; 0 = there is none or it does not fit.
    func copyNewest(into out: UnsafeMutableRawPointer, capacity: Int) -> Int {
        lock.withLock {
            guard !newest.isEmpty, newest.count <= capacity else { return 0 }
            let count = newest.count
            out.copyMemory(from: newest, byteCount: count)
            newest.removeAll(keepingCapacity: true)
            return count
        }
    }
}
