import Foundation

/// Plug-ins whose newest state is in memory alone.
///
/// - Thread: any.
final class UnsavedStates: @unchecked Sendable {
    private let lock = NSLock()
    private var ids: Set<TakeID> = []

    /// - Returns: whether it was not among them.
    func insert(_ id: TakeID) -> Bool { lock.withLock { ids.insert(id).inserted } }

    func remove(_ id: TakeID) { lock.withLock { _ = ids.remove(id) } }
}
